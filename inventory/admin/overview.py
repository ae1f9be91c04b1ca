"""The matrix of variants and locations: five statements a page, whatever the number of rows."""

from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.office import access
from commerce.office.base import person_of
from commerce.office.paginator import EstimatingPaginator
from inventory import availability
from inventory.admin.sources import variants_like
from inventory.availability import Availability
from inventory.models import StockLevel

PER_PAGE = 40
FEW = 3  # units


def overview(request: HttpRequest, *, at: datetime) -> dict[str, Any]:
    """The page's rows: each variant with a cell per location (None where it never was) and its totals."""
    term = request.GET.get("q", "").strip()
    places = access.bound_to(person_of(request))
    locations = list(Location.objects.filter(is_active=True, **({"pk__in": places} if places else {})))
    variants = variants_like(term) if term else Variant.objects.all()
    shown = variants.filter(is_active=True).select_related("product").order_by("sku_key")
    page = EstimatingPaginator(shown, PER_PAGE).get_page(request.GET.get("p"))
    keys = [variant.pk for variant in page]
    found = {(each.variant, each.location): each for each in availability.of_variants(keys, at=at)}
    levels = StockLevel.objects.filter(variant__in=keys).values_list("variant_id", "location_id", "oversold")
    kept = {(variant, place): oversold for variant, place, oversold in levels}
    rows = [
        _row(variant, [_cell(found.get((variant.pk, place.pk)), place, kept) for place in locations])
        for variant in page
    ]
    return {"locations": locations, "rows": rows, "page": page, "q": term, "numbers": _numbers(page)}


def _cell(found: Availability | None, place: Location, kept: dict[tuple[int, int], bool]) -> dict[str, Any] | None:
    """What may be promised of a variant at a place, and what makes the difference to what is there, in smallest
    amounts. A kit has no shelf, so that there is nothing below its number."""
    if found is None:
        return None
    oversold = kept.get((found.variant, found.location))
    cell = {"place": place.pk, "available": found.available, "on_hand": found.available, "is_kit": oversold is None}
    if oversold is None:
        return cell
    safety = found.safety if place.feeds_web else 0
    return {**cell, "on_hand": found.on_hand, "reserved": found.reserved, "safety": safety, "is_oversold": oversold}


def _row(variant: Variant, cells: list[dict[str, Any] | None]) -> dict[str, Any]:
    known = [cell for cell in cells if cell]
    return {
        "variant": variant,
        "few": FEW * variant.unit_scale,
        "cells": cells,
        "is_kit": any(cell["is_kit"] for cell in known),
        "on_hand": sum(cell["on_hand"] for cell in known),
        "available": sum(cell["available"] for cell in known),
    }


def _numbers(page: "Page[Any]") -> list[int | None]:
    found = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in found]
