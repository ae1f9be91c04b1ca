"""Serial numbers, for the till: those that stand here, and what the books say of one."""

from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.kernel.api import scope
from commerce.kernel.errors import NotFound
from inventory import numbered
from pos import queries
from pos.access import register_of


@extend_schema(exclude=True)
@gzip_page
@scope("till")
@api_view(["GET"])
def serials(request: Request) -> Response:
    """By SKU, of every variant that has serial numbers: those in stock here."""
    return Response(numbered.of_location(register_of(request).location_id))


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def serial(request: Request, sku: str) -> Response:
    """What the books say of a variant's `?number=`."""
    variant = Variant.objects.filter(sku_key=normalize_sku(sku).value).first()
    if variant is None:
        raise NotFound(what="SKU", key=sku)
    return Response(queries.serial_body(variant, request.query_params.get("number", ""), register_of(request)))
