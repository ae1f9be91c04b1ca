"""Levels that hold less than was promised, or less than nothing: no such level without a case.

Whoever takes a level down as a fact (a sale, a count, an adjustment, a repair) reports it in the same transaction, once
nothing more can be done about it. Orders are above this room: what a case calls them is asked of `documents`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.cases.queue import open_case
from commerce.catalog.units import amount_text, in_units
from commerce.company.models import Location
from commerce.kernel.db import in_transaction, rows
from inventory import documents
from inventory.drift import subject_of

ORDERS = ("order", "fulfillment")
_SHORT = """
    SELECT s.*, EXISTS (SELECT FROM cases_case k WHERE k.status = 'open' AND k.subject = s.sku || ' at ' || s.code
            AND (k.kind = 'oversell' OR (k.kind = 'negative_stock' AND s.missing = 0))),
        (SELECT array_agg(r.source_type || ' ' || r.source_uid ORDER BY r.id DESC) FROM inventory_reservation r
            WHERE r.level_id = s.id AND r.state = 'allocated')
    FROM (SELECT l.id, v.sku, l.location_id, c.code, l.on_hand, l.reserved,
            GREATEST(l.reserved - GREATEST(l.on_hand + l.backorder_limit, 0), 0) AS missing, v.unit, v.unit_scale
        FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id
        JOIN company_location c ON c.id = l.location_id WHERE l.oversold AND {which}) s ORDER BY s.id"""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A level (primary key) with fewer units than orders were promised: so many are `missing`. With none missing, only
    the books are below zero. `sources` are the documents that were promised units, the youngest first; `is_told`: an
    open case knows."""

    level: int
    sku: str
    location: int
    location_code: str
    on_hand: int
    reserved: int
    missing: int
    unit: str
    unit_scale: int
    is_told: bool
    sources: tuple[tuple[str, UUID], ...]


def among(levels: Sequence[int]) -> list[Shortage]:
    """Those of the levels (primary keys) that are short."""
    return _find("l.id = ANY(%s)", [list(levels)]) if levels else []


def everywhere() -> list[Shortage]:
    """All levels that are short."""
    return _find("TRUE", [])


def _find(which: str, params: list[Any]) -> list[Shortage]:
    found = rows(_SHORT.format(which=which), params)
    return [Shortage(*(*figures, tuple(_source(text) for text in sources or ()))) for *figures, sources in found]


def _source(text: str) -> tuple[str, UUID]:
    kind, uid = text.split(" ")
    return kind, UUID(uid)


@in_transaction
def report(
    shortages: Iterable[Shortage], *, at: datetime, because: str = "", facts: Mapping[str, str] | None = None
) -> None:
    """Open a case for each that has none: `oversell` where promised units are missing, else `negative_stock`.

    `because` is what took them, e.g. "Count C-000012", where that is known; `facts` go into the case.
    """
    new = [shortage for shortage in shortages if not shortage.is_told]
    places = Location.objects.in_bulk({shortage.location for shortage in new})
    called = documents.of(source for shortage in new for source in shortage.sources)
    for shortage in new:
        about: dict[str, Any] = {"sku": shortage.sku, "level": shortage.level}
        if shortage.missing:
            about |= _promises(shortage, called)
        if not because:
            amounts = {"on_hand": shortage.on_hand, "reserved": shortage.reserved}
            about["location"] = shortage.location_code
            about |= {name: in_units(amount, shortage.unit_scale) for name, amount in amounts.items()}
        open_case(
            "oversell" if shortage.missing else "negative_stock",
            subject=subject_of(shortage.sku, shortage.location_code),
            text=_text(shortage, because),
            location=places[shortage.location],
            context={**about, **(facts or {})},
            at=at,
        )


def _promises(shortage: Shortage, called: Mapping[tuple[str, UUID], documents.Document]) -> dict[str, Any]:
    """What is missing, to whom it was promised, and what else it was set aside for."""
    orders = [called[kind, uid].number or str(uid) for kind, uid in shortage.sources if kind in ORDERS]
    others = [called[kind, uid].title for kind, uid in shortage.sources if kind not in ORDERS]
    missing = in_units(shortage.missing, shortage.unit_scale)
    return {"missing": missing, "orders": orders} | ({"set_aside_for": others} if others else {})


def _text(shortage: Shortage, because: str) -> str:
    amounts = {
        name: amount_text(getattr(shortage, name), shortage.unit, shortage.unit_scale)
        for name in ("on_hand", "reserved", "missing")
    }
    known = {"sku": shortage.sku, "location": shortage.location_code, "because": because, **amounts}
    if not shortage.missing:
        return _("The books say %(on_hand)s of %(sku)s at %(location)s. Count the shelf, then adjust.") % known
    if not because:
        return _("%(sku)s: orders were promised %(reserved)s, %(on_hand)s are on hand at %(location)s.") % known
    return _("%(because)s took %(sku)s. Missing for orders: %(missing)s.") % known
