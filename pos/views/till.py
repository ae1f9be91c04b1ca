"""The till's page, and the files that make it work with no server."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commerce.pricing import engine


def till(request: HttpRequest) -> HttpResponse:
    """The one page of the till; everything on it is drawn from the till's own store."""
    return render(request, "pos/till.html", {"bridge_url": settings.BRIDGE_URL})


def engine_source(request: HttpRequest) -> HttpResponse:
    """The price engine, the same file that the server runs."""
    return HttpResponse(Path(engine.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
