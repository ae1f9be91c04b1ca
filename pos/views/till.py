"""The till's page, and the files that make it work with no server."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commerce.pricing import engine
from pos import receipt


def till(request: HttpRequest) -> HttpResponse:
    """The one page of the till; everything on it is drawn from the till's own store."""
    return render(request, "pos/till.html", {"bridge_url": settings.BRIDGE_URL})


def source(request: HttpRequest, name: str) -> HttpResponse:
    """The price engine or the receipt's layout: the same files that the server runs."""
    path = Path(str({"engine": engine, "receipt": receipt}[name].__file__))
    return HttpResponse(path.read_bytes(), content_type="text/x-python; charset=utf-8")
