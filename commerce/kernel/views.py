import sys

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.static import serve
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from commerce.kernel.http import PROBLEM, error_answer, expected, wants_json


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The process can work: it reaches its database. A failure is a 500 by itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ready"})


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An uploaded file. Where they are is asked each time, as the storage does that writes them: an address table that
    was made under other settings must not look elsewhere."""
    return serve(request, path, document_root=str(settings.MEDIA_ROOT))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        body = {"type": "about:blank", "title": "Not found", "status": 404, "code": "not_found", "detail": request.path}
        return JsonResponse(body, status=404, content_type=PROBLEM)
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    failure = sys.exc_info()[1]
    error = expected(failure) if isinstance(failure, Exception) else None
    if error:  # the database was gone before a view began, or while a refusal was drawn
        return error_answer(request, error)
    if wants_json(request):
        body = {"type": "about:blank", "title": "Server error", "status": 500, "code": "server_error", "detail": ""}
        return JsonResponse(body, status=500, content_type=PROBLEM)
    return HttpResponse(render_to_string("errors/500.html"), status=500)
