"""The back office has a content security policy of its own.

Unfold's pages are driven by Alpine, which compiles the expressions in its attributes (`x-on:click="…"`) and so needs
'unsafe-eval', and by style attributes that Alpine writes. The shop and the till keep the strict policy of
settings.CONTENT_SECURITY_POLICY; here in turn the card network, the bridge and foreign frames are left out, and inline
scripts and style elements stay forbidden.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


class OfficePolicyMiddleware:
    """Gives answers below the back office's address settings.OFFICE_CONTENT_SECURITY_POLICY."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(self.prefix):
            response._csp_config = settings.OFFICE_CONTENT_SECURITY_POLICY  # type: ignore[attr-defined]
        return response
