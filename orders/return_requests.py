"""What comes back, as programs name it: SKUs or lines, quantities in units. Reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import NoAmount, smallest
from commerce.company.models import Location
from commerce.kernel.errors import InvalidInput, NotFound
from orders.models import Order, OrderLine
from orders.returnable import left_of
from orders.returns import ReturnWish


def wishes_of(order: Order, rows: Sequence[Mapping[str, Any]]) -> list[ReturnWish]:
    """The wishes of `lines` of a request; a SKU that stands on several lines takes what is left of each in turn.

    Raises `InvalidInput`.
    """
    lines = list(order.lines.select_related("variant"))
    left = {line.pk: left_of(line) for line in lines}
    wishes: list[ReturnWish] = []
    for row in rows:
        meant = _meant(lines, row)
        wanted, serials = _quantity(row["quantity"], meant[0]), tuple(row.get("serials") or ())
        for place, line in enumerate(meant):
            is_last = place == len(meant) - 1
            quantity = wanted if is_last else min(wanted, left[line.pk])
            if quantity < 1:
                continue
            named, serials = serials[:quantity], serials[quantity:]
            if is_last:
                named, serials = (*named, *serials), ()
            wishes.append(ReturnWish(line.pk, quantity, row["reason"], row["disposition"], named))
            left[line.pk] -= quantity
            wanted -= quantity
    return wishes


def _meant(lines: Sequence[OrderLine], row: Mapping[str, Any]) -> list[OrderLine]:
    if row.get("line"):
        found = [line for line in lines if line.uid == row["line"]]
    else:
        key = normalize_sku(row.get("sku") or "").value
        found = [line for line in lines if key and line.variant.sku_key == key]
        found = found or [line for line in lines if row.get("sku") and line.sku == row["sku"]]
    if not found:
        said = row.get("line") or row.get("sku") or ""
        raise InvalidInput({"lines": [_("There is no %(said)s on this order.") % {"said": said}]})
    return found


def _quantity(written: Any, line: OrderLine) -> int:
    try:
        return smallest(written, line)
    except NoAmount as error:
        raise InvalidInput({"lines": [str(error)]}) from error


def location_of(code: str) -> Location:
    """The location that takes goods. Raises `NotFound`."""
    found = Location.objects.filter(code=code, is_active=True).exclude(kind=Location.Kind.TRANSIT).first()
    if found is None:
        raise NotFound(what="location", key=code)
    return found
