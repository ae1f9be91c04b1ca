"""Safety stock: units that the web does not offer. The only writer of `StockLevel.safety`."""

from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from inventory.levels import announce, lock
from inventory.models import StockLevel


@in_transaction
def keep(level: StockLevel, units: int, *, at: datetime) -> None:
    """Keep `units` (0 or more) of a level back from the web, and tell open pages."""
    lock([level.pk])
    StockLevel.objects.filter(pk=level.pk).update(safety=units)
    announce([level.pk], at=at)


@in_transaction
def keep_all(location: int, units: int, *, at: datetime) -> None:
    """Keep `units` of everything that a location (primary key) holds back from the web, and tell open pages."""
    changed = rows(
        "UPDATE inventory_stocklevel SET safety = %s WHERE location_id = %s AND safety <> %s RETURNING id",
        [units, location, units],
    )
    announce(sorted(pk for (pk,) in changed), at=at)
