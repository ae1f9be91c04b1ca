"""The till's page, and the files that make it work with no server."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commerce.company import shop
from pos.shell import shell, source_of, worker_source


def till(request: HttpRequest) -> HttpResponse:
    """The one page of the till; everything on it is drawn from the till's own store."""
    return render(request, "pos/till.html", {"bridge_url": settings.BRIDGE_URL, "media_url": settings.MEDIA_URL})


def source(request: HttpRequest, name: str) -> HttpResponse:
    """The price engine or the receipt's layout: the same files that the server runs."""
    return HttpResponse(source_of(name), content_type="text/x-python; charset=utf-8")


def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of what it keeps. A new version of any of it is a new worker."""
    text = f"self.SHELL = {json.dumps(shell())};\n{worker_source()}"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def manifest(request: HttpRequest) -> JsonResponse:
    """What installs the till as a program of its own."""
    name = _("%(shop)s till") % {"shop": shop.current().name}
    icons = [("img/till-icon.svg", "any"), ("img/till-icon-maskable.svg", "maskable")]
    page = reverse("pos:till")
    return JsonResponse(
        {
            "id": page,
            "name": name,
            "short_name": _("Till"),
            "lang": get_language(),
            "start_url": page,
            "scope": page,
            "display": "standalone",
            "display_override": ["fullscreen", "standalone"],
            "background_color": "#f6f5f1",
            "theme_color": "#f6f5f1",
            "icons": [
                {"src": static(file), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
                for file, purpose in icons
            ],
        },
        content_type="application/manifest+json",
    )
