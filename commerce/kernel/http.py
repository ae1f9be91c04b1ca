"""Errors become answers here, once: a page, an htmx fragment, or problem details (RFC 9457) for machines."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from commerce.kernel.errors import DomainError, InvalidInput, TooLarge, Unavailable

log = logging.getLogger(__name__)
PROBLEM = "application/problem+json"


def problem(error: DomainError) -> dict[str, Any]:
    """The problem-details body of an expected failure: type, title, status, code, detail, fields, and its context."""
    body: dict[str, Any] = {
        "type": f"{settings.SITE_URL}/problems/{error.code}",
        "title": error.code.replace("_", " ").capitalize(),
        "status": error.status,
        "code": error.code,
        "detail": str(error),
        **error.context,
    }
    if isinstance(error, InvalidInput):
        body["fields"] = error.fields
    return body


def wants_json(request: HttpRequest) -> bool:
    """Machines ask under `/api/`, or say that they take JSON and no HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accept and "html" not in accept)


def error_answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer that fits who is asking."""
    if wants_json(request):
        response: HttpResponse = JsonResponse(problem(error), status=error.status, content_type=PROBLEM)
    elif isinstance(error, Unavailable):
        response = HttpResponse(render_to_string("errors/500.html"), status=error.status)  # needs no database
    elif getattr(request, "htmx", None):
        response = render(request, "errors/_refusal.html", {"error": error}, status=error.status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
    else:
        response = render(request, "errors/refusal.html", {"error": error}, status=error.status)
    for name, value in _when_to_retry(error).items():
        response[name] = value
    return response


def _when_to_retry(error: DomainError) -> dict[str, str]:
    if error.status == 503:
        return {"Retry-After": "1"}
    seconds = error.context.get("seconds")
    return {"Retry-After": str(seconds)} if error.status == 429 and seconds else {}


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: what our own proxy says, when there is one, else the connection."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip() if settings.BEHIND_TLS else ""
    return forwarded or request.META.get("REMOTE_ADDR", "")


class DomainErrorMiddleware:
    """Turns a `DomainError` that a view let through into its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_answer(request, InvalidInput({"address": [_("This address holds a character that is none.")]}))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        error = expected(exception)
        return error_answer(request, error) if error else None


def expected(error: Exception) -> DomainError | None:
    """What the caller may be told of an error; None when it is a bug. A database that is gone comes back (F03)."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, RequestDataTooBig):
        return TooLarge(most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20)
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database failed a request: %s", error)
        return Unavailable()
    return None


_API_CODES: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.AuthenticationFailed: "not_authenticated",
    exceptions.PermissionDenied: "not_allowed",
    exceptions.NotFound: "not_found",
    Http404: "not_found",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.Throttled: "too_many_requests",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
}


def api_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of REST framework: every refusal is problem details with a stable code."""
    from rest_framework.views import exception_handler

    if isinstance(error, exceptions.ValidationError):
        error = InvalidInput(_flat(error.detail))
    if isinstance(error, exceptions.ParseError):
        error = InvalidInput({"body": [_("The request's body is not valid JSON.")]})
    refusal = expected(error)
    if refusal:
        headers = _when_to_retry(refusal)
        return Response(problem(refusal), status=refusal.status, headers=headers, content_type=PROBLEM)
    response = exception_handler(error, context)
    if response is None:
        return None
    code = next((code for kind, code in _API_CODES.items() if isinstance(error, kind)), "refused")
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    response.data = {
        "type": f"{settings.SITE_URL}/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": response.status_code,
        "code": code,
        "detail": str(detail),
    }
    response.content_type = PROBLEM
    return response


def _flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as `{"lines.0.quantity": ["…"]}`."""
    if isinstance(detail, dict):
        pairs = [(f"{path}.{key}" if path else str(key), value) for key, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        pairs = [(f"{path}.{index}" if path else str(index), value) for index, value in enumerate(detail) if value]
    else:
        return {path or "body": [str(text) for text in (detail if isinstance(detail, list) else [detail])]}
    merged: dict[str, list[str]] = {}
    for name, value in pairs:
        merged.update(_flat(value, name))
    return merged


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What every page may need and no view should have to pass."""
    return {"STRIPE_JS_URL": settings.STRIPE_JS_URL, "SITE_URL": settings.SITE_URL}
