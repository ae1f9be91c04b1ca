"""Why so many, for the till: the sum behind what is available here, line by line."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import text_of
from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.kernel.errors import NotFound
from inventory import statements
from inventory.explain import explain
from pos.access import register_of


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def explanation(request: Request, sku: str) -> Response:
    """Figures as people read them; `role` is that of `inventory.statements.Line`."""
    variant = Variant.objects.select_related("product").filter(sku_key=normalize_sku(sku).value).first()
    if variant is None:
        raise NotFound(what="SKU", key=sku)
    found = explain(variant, register_of(request).location, at=now())
    return Response(
        {
            "sku": variant.sku,
            "available": text_of(found.available, variant),
            "sellable": text_of(found.sellable, variant),
            "sentence": statements.sentence(found),
            "shelves": [
                {
                    "title": f"{shelf.sku} {shelf.name}" if found.is_kit else "",
                    "lines": [
                        {"label": line.label, "note": line.note, "figure": line.figure, "role": line.role}
                        for line in statements.lines(found, shelf)
                    ],
                }
                for shelf in found.shelves
            ],
        }
    )
