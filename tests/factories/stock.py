"""Goods on a shelf, received as goods are."""

from collections.abc import Sequence

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from inventory import serials, stock
from inventory.levels import Source
from inventory.models import StockLevel, StockMovement


@action
def receive(
    variant: Variant,
    location: Location,
    quantity: int,
    *,
    safety: int = 0,
    numbers: Sequence[str] = (),
    value: int | None = None,
) -> None:
    """Put units on a location's shelf, worth `value` together; some may be known by their serial numbers."""
    source = Source("goods_receipt", new_uid())
    stock.move(
        {(variant.pk, location.pk): quantity},
        kind=StockMovement.Kind.RECEIPT,
        source=source,
        at=now(),
        values=None if value is None else {(variant.pk, location.pk): value},
    )
    serials.receive({variant.pk: numbers}, location.pk, source=source, at=now())
    StockLevel.objects.filter(variant=variant, location=location).update(safety=safety)
