"""What connected readers took in each shift is held against what the card network reports, until both agree."""

from datetime import datetime

from commerce.kernel.db import action
from pos import batches
from pos.models import TerminalBatch


def check_batches(*, at: datetime) -> int:
    """Compare the shifts of the last two weeks that have not agreed yet; how many there were."""
    waiting = batches.unsettled(at=at)
    for shift in waiting:
        check_batch(shift, at=at)
    return len(waiting)


@action
def check_batch(shift: int, *, at: datetime) -> list[TerminalBatch]:
    """Compare one shift (by primary key). Days after it was closed, a difference becomes a case."""
    held = batches.hold(shift)
    is_final = held.closed_at is not None and held.closed_at < at - batches.REPORTED_WITHIN
    return batches.compare(
        held,
        batches.CONNECTED,
        recorded=batches.taken(held, batches.CONNECTED),
        batch=batches.reported(held),
        by=None,
        at=at,
        is_final=is_final,
    )
