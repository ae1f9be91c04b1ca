"""Levels that hold less than was promised, or less than nothing: no such level without a case."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from commerce.cases.queue import open_case
from commerce.company.models import Location
from commerce.kernel.db import in_transaction, rows
from inventory.drift import subject_of

_SHORT = """
    SELECT v.sku, l.location_id, c.code, l.on_hand, l.reserved, l.id,
        l.reserved - GREATEST(l.on_hand + l.backorder_limit, 0) AS missing
    FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id
    JOIN company_location c ON c.id = l.location_id
    WHERE (l.on_hand < 0 OR l.on_hand + l.backorder_limit < l.reserved) AND l.id = ANY(%s)
        AND NOT EXISTS (SELECT FROM cases_case k WHERE k.status = 'open'
        AND k.subject = v.sku || ' at ' || c.code AND (k.kind = 'oversell' OR (k.kind = 'negative_stock'
            AND l.reserved <= GREATEST(l.on_hand + l.backorder_limit, 0))))
    ORDER BY l.id"""


@in_transaction
def report(levels: Sequence[int], *, at: datetime, promised: bool = True) -> None:
    """Open a case for each of these levels that has none: `oversell` where orders were promised what is not there
    (not with `promised` off: the caller tells more about those), `negative_stock` where only the books are short."""
    found = rows(_SHORT, [list(levels)]) if levels else []
    found = [row for row in found if promised or row[-1] <= 0]
    places = Location.objects.in_bulk({location for _sku, location, *_rest in found})
    for sku, location, code, on_hand, reserved, level, missing in found:
        context = {"sku": sku, "location": code, "on_hand": on_hand, "reserved": reserved, "level": level}
        if missing > 0:
            kind = "oversell"
            text = _("%(sku)s: orders were promised %(reserved)s, %(on_hand)s are on hand at %(location)s.") % context
        else:
            kind = "negative_stock"
            text = _("The books say %(on_hand)s of %(sku)s at %(location)s. Count the shelf, then adjust.") % context
        open_case(kind, subject=subject_of(sku, code), text=text, location=places[location], context=context, at=at)


def short_levels() -> list[int]:
    """Levels (primary keys) that are marked oversold now."""
    return [level for (level,) in rows("SELECT id FROM inventory_stocklevel WHERE oversold ORDER BY id")]
