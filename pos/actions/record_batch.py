"""The total of a card machine's slip is typed in, at the end of a shift or later in the office."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from pos import batches
from pos.models import TerminalBatch


@action
def record_batch(shift: int, *, total_minor: int, person: User | None, at: datetime) -> TerminalBatch:
    """Hold the slip's total against what the till recorded by the card machine in a shift (by primary key). Typing it
    again replaces it. A difference opens a case, agreement closes it. Raises `NotAllowed`."""
    held = batches.hold(shift)
    require(person, "batch.record", held.register.location)
    return batches.record_slip(held, total_minor, by=person, at=at)
