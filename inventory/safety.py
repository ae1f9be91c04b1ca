"""Safety stock: units that the web does not offer. The only writer of `StockLevel.safety`."""

from datetime import datetime

from commerce.kernel.db import in_transaction
from inventory.levels import announce, lock
from inventory.models import StockLevel


@in_transaction
def keep(level: StockLevel, units: int, *, at: datetime) -> None:
    """Keep `units` (0 or more) of a level back from the web, and tell open pages."""
    lock([level.pk])
    StockLevel.objects.filter(pk=level.pk).update(safety=units)
    announce([level.pk], at=at)
