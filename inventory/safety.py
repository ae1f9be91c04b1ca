"""Safety stock: units that the web does not offer. The only writer of `StockLevel.safety`."""

from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from inventory.levels import announce, lock
from inventory.models import StockLevel


@in_transaction
def keep(level: StockLevel, units: int | None, *, at: datetime) -> None:
    """Keep so much (in smallest amounts; None: what its location says) of a level back from the web, and tell open
    pages."""
    lock([level.pk])
    own = units is not None
    StockLevel.objects.filter(pk=level.pk).update(
        safety=units if own else level.location.safety_stock * level.variant.unit_scale, safety_is_own=own
    )
    announce([level.pk], at=at)


@in_transaction
def keep_all(location: int, units: int, *, at: datetime) -> None:
    """Keep `units` (pieces, meters) of everything that a location (primary key) holds back from the web, of what has no
    safety stock of its own, and tell open pages."""
    given = {"units": units, "location": location}
    others = (
        "v.id = l.variant_id AND l.location_id = %(location)s AND NOT l.safety_is_own"
        " AND l.safety <> %(units)s * v.unit_scale"
    )
    rows(
        "SELECT 1 FROM inventory_stocklevel l JOIN catalog_variant v ON TRUE"
        f" WHERE {others} ORDER BY l.id FOR UPDATE OF l",
        given,
    )
    changed = rows(
        "UPDATE inventory_stocklevel l SET safety = %(units)s * v.unit_scale FROM catalog_variant v"
        f" WHERE {others} RETURNING l.id",
        given,
    )
    announce(sorted(pk for (pk,) in changed), at=at)
