"""What a till decides prices by: rules, coupons, and what goods cost."""

from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.pricing import coupons as known_coupons
from pos.access import person_of, register_of
from pos.costs import costs_by_sku
from pos.rules import till_rules

MAX_SKUS = 500


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def rules(request: Request) -> Response:
    """`?version=` what the till has: then only that version, where nothing has changed."""
    found = till_rules(register_of(request).location, at=now())
    if request.query_params.get("version") == found["version"]:
        return Response({"version": found["version"]})
    return Response(found)


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def coupons(request: Request) -> Response:
    """What the `code` that was scanned or typed unlocks. It is counted when the sale comes in."""
    place = register_of(request).location
    code = request.data.get("code", "") if isinstance(request.data, dict) else ""
    if not isinstance(code, str) or not code.strip():
        raise InvalidInput({"code": [_("Enter the code on the coupon.")]})
    found = known_coupons.find(code, today=now().astimezone(ZoneInfo(place.time_zone)).date())
    return Response(found.as_asked())


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def costs(request: Request) -> Response:
    """What one unit of each `?sku=` costs the company, for whoever reduces a price; null where nobody knows."""
    person_of(request)
    return Response({"costs": costs_by_sku(request.query_params.getlist("sku")[:MAX_SKUS], register_of(request))})
