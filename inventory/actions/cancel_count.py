"""A count that leads nowhere: nothing of it reaches the books, its scans stay as history."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import may, require
from commerce.kernel.db import action
from inventory import counts
from inventory.models import StockCount


@action
def cancel_count(count_pk: int, *, person: User | None, at: datetime) -> StockCount:
    """Give up a count: one's own while it is open, any for those who approve. Raises `NotNow`, `NotAllowed`."""
    count = counts.hold(count_pk, counts.State.OPEN, counts.State.REVIEW)
    own = person is not None and count.created_by_id == person.pk and count.state == counts.State.OPEN
    if not (own and person is not None and may(person, "stock.count", count.location)):
        require(person, "stock.approve_count", count.location)
    counts.put(count, counts.State.CANCELED, at=at)
    return count
