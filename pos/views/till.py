"""The till's page, and the files that make it work with no server."""

import json

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commerce.company import shop
from pos.shell import service_worker_source, shell, source_addresses, source_of


def till(request: HttpRequest) -> HttpResponse:
    """The one page of the till; everything on it is drawn from the till's own store."""
    context = {"bridge_url": settings.BRIDGE_URL, "media_url": settings.MEDIA_URL, "sources": source_addresses()}
    return render(request, "pos/till.html", context)


def source(request: HttpRequest, name: str, digest: str) -> HttpResponse:
    """The price engine, the receipt's layout (the same files that the server runs) or the thread that runs them.

    The address holds the hash of the content and never shows anything else: a till that is open runs on with what it
    has, and never with half of the next version.
    """
    known = source_of(name)
    if digest != known.digest:
        raise Http404
    response = HttpResponse(known.text, content_type=known.content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the list of what it keeps. A new version of any of it is a new worker."""
    text = f"self.SHELL = {json.dumps(shell())};\n{service_worker_source()}"
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
