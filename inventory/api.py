from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, IntegerField, Serializer

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.company.models import Location
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import availability


class LevelSerializer(Serializer):
    location = CharField(help_text="The location's code.")
    name = CharField()
    on_hand = IntegerField()
    reserved = IntegerField(help_text="Held by checkouts and allocated to orders.")
    safety = IntegerField(help_text="Kept back from the web.")
    available = IntegerField(help_text="What the web may promise from here.")


class AvailabilitySerializer(Serializer):
    sku = CharField()
    available = IntegerField(help_text="Over the locations listed.")
    locations = LevelSerializer(many=True)


@extend_schema(
    operation_id="availability_retrieve",
    summary="How many units can be promised, and from where",
    parameters=[
        OpenApiParameter("sku", str, required=True),
        OpenApiParameter("location", str, description="A location's code; absent: every location."),
    ],
    responses=AvailabilitySerializer,
)
@scope("availability")
@api_view(["GET"])
def availability_of_sku(request: Request) -> Response:
    sku = request.query_params.get("sku", "")
    if not sku:
        raise InvalidInput({"sku": [_("Name the SKU: ?sku=…")]})
    variant = Variant.objects.filter(sku_key=normalize_sku(sku).value).first()
    if variant is None:
        raise NotFound(what="SKU", key=sku)
    places = {place.pk: place for place in _locations(request.query_params.get("location", ""))}
    levels = [level for level in availability.of_variants([variant.pk], at=now()) if level.location in places]
    body = [
        {
            "location": places[level.location].code,
            "name": places[level.location].name,
            "on_hand": level.on_hand,
            "reserved": level.reserved,
            "safety": level.safety,
            "available": level.available,
        }
        for level in levels
    ]
    return Response({"sku": variant.sku, "available": sum(level.available for level in levels), "locations": body})


def _locations(code: str) -> list[Location]:
    found = Location.objects.filter(is_active=True)
    if not code:
        return list(found)
    place = found.filter(code=code).first()
    if place is None:
        raise NotFound(what="location", key=code)
    return [place]
