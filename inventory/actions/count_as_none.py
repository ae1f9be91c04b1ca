"""Nobody scanned it because there is none: whoever reviews says so, item by item, and is named for it."""

from collections.abc import Sequence
from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import counts
from inventory.count_errors import CHOOSE_LINES
from inventory.models import CountLine


@action
def count_as_none(count_pk: int, lines: Sequence[int], *, person: User | None, at: datetime) -> int:
    """Count lines (primary keys) that nobody scanned as zero; how many there were. Raises `NotNow`, `NotAllowed`,
    `InvalidInput`."""
    count = counts.hold(count_pk, counts.State.REVIEW)
    require(person, "stock.approve_count", count.location)
    chosen = CountLine.objects.filter(count=count, pk__in=lines).order_by("pk")
    written = counts.none_there(count, chosen, person=person, at=at)
    if not written:
        raise InvalidInput({"lines": [CHOOSE_LINES]})
    return written
