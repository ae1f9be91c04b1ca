"""The shelves are counted: whoever reviews sees what differs."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from inventory import counts
from inventory.count_errors import NothingCounted
from inventory.models import CountScan, StockCount


@action
def finish_count(count_pk: int, *, person: User | None, at: datetime) -> StockCount:
    """Hand an open count over to review. Raises `NotNow`, `NotAllowed`, `NothingCounted`."""
    count = counts.hold(count_pk, counts.State.OPEN)
    require(person, "stock.count", count.location)
    if not CountScan.objects.filter(line__count=count).exists():
        raise NothingCounted(number=count.number)
    counts.put(count, counts.State.REVIEW)
    outbox.record("count.finished", str(count.uid), {"number": count.number, "location": count.location.code}, at=at)
    return count
