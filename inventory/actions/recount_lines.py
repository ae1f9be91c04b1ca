"""Some numbers are not believed: those lines are counted once more, from the beginning."""

from collections.abc import Sequence

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import counts
from inventory.count_errors import CHOOSE_LINES


@action
def recount_lines(count_pk: int, lines: Sequence[int], *, person: User | None) -> int:
    """Open a reviewed count again for these lines (primary keys); how many. Raises `NotNow`, `NotAllowed`,
    `InvalidInput`."""
    count = counts.hold(count_pk, counts.State.REVIEW)
    require(person, "stock.approve_count", count.location)
    opened = counts.count_again(count, lines)
    if not opened:
        raise InvalidInput({"lines": [CHOOSE_LINES]})
    return opened
