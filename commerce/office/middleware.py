"""The back office has a content security policy of its own, and shows times as the person's clock does.

Unfold's pages are driven by Alpine, which compiles the expressions in its attributes (`x-on:click="…"`) and so needs
'unsafe-eval', and by style attributes that Alpine writes. The shop and the till keep the strict policy of
settings.CONTENT_SECURITY_POLICY; here in turn the card network, the bridge and foreign frames are left out, and inline
scripts and style elements stay forbidden.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from commerce.company.models import Location, User

HOME_ZONE, SECONDS = "office.home_zone", 60


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


class OfficeClockMiddleware:
    """Times in the zone of the person's store; for people who work everywhere, in that of the first location."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.prefix = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.prefix):
            return self.get_response(request)
        with timezone.override(_zone_of(request)):
            return self.get_response(request)


def _zone_of(request: HttpRequest) -> str:
    if isinstance(request.user, User):
        prefetch_related_objects([request.user], "locations")  # asked for by every list and every permission, too
        zones = {place.time_zone for place in request.user.locations.all()}
        if len(zones) == 1:
            return zones.pop()
    return str(cache.get_or_set(HOME_ZONE, _home_zone, SECONDS))


def _home_zone() -> str:
    first = Location.objects.filter(is_active=True).order_by("position").values_list("time_zone", flat=True).first()
    return first or settings.TIME_ZONE
