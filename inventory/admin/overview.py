"""The matrix of variants and locations: three statements a page, whatever the number of rows."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.office import access
from commerce.office.base import person_of
from commerce.office.paginator import EstimatingPaginator
from inventory.admin.sources import variants_like
from inventory.models import StockLevel

PER_PAGE = 40
FEW = 3  # units


def overview(request: HttpRequest) -> dict[str, Any]:
    """The page's rows: each variant with a cell per location (a level or None) and its totals."""
    term = request.GET.get("q", "").strip()
    places = access.bound_to(person_of(request))
    locations = list(Location.objects.filter(is_active=True, **({"pk__in": places} if places else {})))
    variants = variants_like(term) if term else Variant.objects.all()
    shown = variants.filter(is_active=True).select_related("product").order_by("sku_key")
    page = EstimatingPaginator(shown, PER_PAGE).get_page(request.GET.get("p"))
    levels = {
        (level.variant_id, level.location_id): level
        for level in StockLevel.objects.filter(variant__in=[variant.pk for variant in page], location__in=locations)
    }
    rows = [_row(variant, [levels.get((variant.pk, place.pk)) for place in locations]) for variant in page]
    return {"locations": locations, "rows": rows, "page": page, "q": term, "numbers": _numbers(page)}


def _row(variant: Variant, levels: list[StockLevel | None]) -> dict[str, Any]:
    cells = [
        level and {"level": level, "available": max(level.on_hand - level.reserved - level.safety, 0)}
        for level in levels
    ]
    known = [level for level in levels if level]
    return {
        "variant": variant,
        "few": FEW * variant.unit_scale,
        "cells": cells,
        "on_hand": sum(level.on_hand for level in known),
        "available": sum(cell["available"] for cell in cells if cell),
    }


def _numbers(page: "Page[Any]") -> list[int | None]:
    found = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in found]
