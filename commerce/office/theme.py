"""What UNFOLD in settings names: addresses that only a running site can know."""

from django.http import HttpRequest
from django.templatetags.static import static


def stylesheet(request: HttpRequest) -> str:
    return static("css/office.css")


def labels(request: HttpRequest) -> str:
    return static("js/office/labels.js")


def favicon(request: HttpRequest) -> str:
    return static("favicon.svg")
