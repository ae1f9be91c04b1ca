"""Safety stock: units that the web does not offer. The only writer of `StockLevel.safety`."""

from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from inventory.levels import announce, lock
from inventory.models import StockLevel


@in_transaction
def keep(level: StockLevel, units: int | None, *, at: datetime) -> None:
    """Keep `units` (None: as many as its location says) of a level back from the web, and tell open pages."""
    lock([level.pk])
    own = units is not None
    StockLevel.objects.filter(pk=level.pk).update(
        safety=units if own else level.location.safety_stock, safety_is_own=own
    )
    announce([level.pk], at=at)


@in_transaction
def keep_all(location: int, units: int, *, at: datetime) -> None:
    """Keep `units` of everything that a location (primary key) holds back from the web, of what has no safety stock of
    its own, and tell open pages."""
    rows(
        "SELECT 1 FROM inventory_stocklevel WHERE location_id = %s AND safety <> %s AND NOT safety_is_own"
        " ORDER BY id FOR UPDATE",
        [location, units],
    )
    changed = rows(
        "UPDATE inventory_stocklevel SET safety = %s WHERE location_id = %s AND safety <> %s AND NOT safety_is_own"
        " RETURNING id",
        [units, location, units],
    )
    announce(sorted(pk for (pk,) in changed), at=at)
