from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    IntegerField,
    Serializer,
    UUIDField,
)

from commerce.catalog.models import Variant
from commerce.catalog.quantity_field import QuantityField
from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import in_units, named
from commerce.company.models import Location
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import availability
from inventory.explain import Explanation, Shelf, explain


class LevelSerializer(Serializer):
    location = CharField(help_text="The location's code.")
    name = CharField()
    on_hand = QuantityField()
    reserved = QuantityField(help_text="Held by checkouts and allocated to orders.")
    safety = QuantityField(help_text="Kept back from the web.")
    available = QuantityField(help_text="What the web may promise from here.")


class AvailabilitySerializer(Serializer):
    sku = CharField()
    unit = CharField(required=False, help_text="m, kg, …; absent for pieces.")
    available = QuantityField(help_text="Over the locations listed.")
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
    variant = _variant(request.query_params.get("sku", ""))
    places = {place.pk: place for place in _locations(request.query_params.get("location", ""))}
    levels = [level for level in availability.of_variants([variant.pk], at=now()) if level.location in places]
    body = [
        {
            "location": places[level.location].code,
            "name": places[level.location].name,
            "on_hand": in_units(level.on_hand, variant.unit_scale),
            "reserved": in_units(level.reserved, variant.unit_scale),
            "safety": in_units(level.safety, variant.unit_scale),
            "available": in_units(level.available, variant.unit_scale),
        }
        for level in levels
    ]
    total = in_units(sum(level.available for level in levels), variant.unit_scale)
    return Response({"sku": variant.sku, **named(variant.unit), "available": total, "locations": body})


class DocumentSerializer(Serializer):
    type = CharField(help_text="order, fulfillment, transfer, stock_count, …")
    uid = UUIDField()
    title = CharField(help_text="What people call it.")
    number = CharField(help_text="Empty where it has none.")
    note = CharField()


class KindSumSerializer(Serializer):
    kind = CharField(help_text="sale, fulfillment, receipt, transfer, adjustment, count, return, import or repair")
    count = IntegerField(help_text="How many movements.")
    quantity = QuantityField(help_text="Units that they added up to, signed.")
    damaged = QuantityField()


class MovementSerializer(Serializer):
    at = DateTimeField()
    kind = CharField()
    quantity = QuantityField()
    damaged = QuantityField()
    balance = QuantityField(help_text="On hand after it.")
    document = DocumentSerializer()
    person = CharField(help_text="Empty for the system.")


class HoldingSerializer(Serializer):
    quantity = QuantityField()
    state = CharField(help_text="held or allocated")
    since = DateTimeField()
    until = DateTimeField(allow_null=True)
    lapsed = BooleanField(help_text="Its time is over: it does not count, whether or not it was swept.")
    document = DocumentSerializer()


class IncomingSerializer(Serializer):
    quantity = QuantityField()
    source_type = CharField(help_text="transfer or purchase_order")
    uid = UUIDField()
    number = CharField()
    stage = CharField(help_text="on_the_way, approved, ordered or missing")
    expected_on = DateField(allow_null=True)


class ShelfSerializer(Serializer):
    sku = CharField()
    unit = CharField(source="level.variant.unit", help_text="each for pieces; m, kg, …")
    name = CharField()
    per = QuantityField(help_text="What one kit takes of it; 1 for the variant itself.")
    makes = QuantityField(help_text="How many of the variant asked for can be promised by it alone.")
    on_hand = QuantityField(help_text="The sum of `sums`.")
    drift = QuantityField(help_text="What on hand differs by from that sum: 0, or there is a case about it.")
    reserved = QuantityField(help_text="Open reservations that count.")
    lapsed = QuantityField(help_text="Units of holds whose time is over.")
    safety = QuantityField()
    safety_is_own = BooleanField(help_text="Not the one of its location.")
    free = QuantityField(help_text="on_hand - reserved - safety")
    damaged = QuantityField(help_text="Counted apart, not on hand.")
    sums = KindSumSerializer(many=True)
    holdings = HoldingSerializer(many=True)
    others = IntegerField(help_text="Open reservations that are not listed.")
    movements = MovementSerializer(many=True, help_text="The last ones, newest first.")
    incoming = IncomingSerializer(many=True)
    policy = CharField(source="level.policy")
    backorder_limit = QuantityField(source="level.backorder_limit")
    policy_until = DateTimeField(source="level.policy_until", allow_null=True)
    expected_on = DateField(source="level.expected_on", allow_null=True)


class ExplanationSerializer(Serializer):
    sku = CharField(source="variant.sku")
    location = CharField(source="location.code")
    available = QuantityField(help_text="What the web may promise from what is there.")
    backorder = QuantityField(help_text="What may be promised beyond it.")
    sellable = QuantityField(help_text="What the till may sell without taking a unit that was promised.")
    feeds_web = BooleanField(source="is_counted", help_text="Whether the location's stock may be promised at all.")
    is_kit = BooleanField()
    shelves = ShelfSerializer(many=True, help_text="One; of a kit one per component.")


@extend_schema(
    operation_id="availability_explain",
    summary="Why so many are available at a location: the sum with its movements, reservations and documents",
    parameters=[
        OpenApiParameter("sku", str, required=True),
        OpenApiParameter("location", str, required=True, description="A location's code."),
    ],
    responses=ExplanationSerializer,
)
@scope("stock")
@api_view(["GET"])
def explanation_of_sku(request: Request) -> Response:
    variant = _variant(request.query_params.get("sku", ""))
    code = request.query_params.get("location", "")
    if not code:
        raise InvalidInput({"location": [_("Name the location: ?location=…")]})
    found = explain(variant, _locations(code)[0], at=now())
    body = ExplanationSerializer(found).data
    shelves = zip(body["shelves"], found.shelves, strict=True)
    measured = [_shelf_in_units(each, shelf, found) for each, shelf in shelves]
    return Response({**_in_units(body, variant.unit_scale), "shelves": measured})


def _shelf_in_units(body: dict[str, Any], shelf: Shelf, found: Explanation) -> dict[str, Any]:
    scale = shelf.level.variant.unit_scale
    per = in_units(shelf.per, scale) if found.is_kit else 1
    return {**_in_units(body, scale), "per": per, "makes": in_units(shelf.makes, found.variant.unit_scale)}


_AMOUNTS = {
    *("available", "backorder", "sellable", "on_hand", "drift", "reserved", "lapsed", "safety", "free", "damaged"),
    *("quantity", "balance", "backorder_limit"),
}


def _in_units(body: Any, scale: int) -> Any:
    """The same with every amount in units."""
    if isinstance(body, list):
        return [_in_units(each, scale) for each in body]
    if not isinstance(body, dict):
        return body
    return {
        name: in_units(value, scale) if name in _AMOUNTS else _in_units(value, scale) for name, value in body.items()
    }


def _variant(sku: str) -> Variant:
    if not sku:
        raise InvalidInput({"sku": [_("Name the SKU: ?sku=…")]})
    variant = Variant.objects.select_related("product").filter(sku_key=normalize_sku(sku).value).first()
    if variant is None:
        raise NotFound(what="SKU", key=sku)
    return variant


def _locations(code: str) -> list[Location]:
    found = Location.objects.filter(is_active=True)
    if not code:
        return list(found)
    place = found.filter(code=code).first()
    if place is None:
        raise NotFound(what="location", key=code)
    return [place]
