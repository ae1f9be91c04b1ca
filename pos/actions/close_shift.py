"""A register's day ends with a count."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.clock import business_date
from commerce.kernel.db import action
from commerce.ledger import journal
from commerce.ledger.journal import Entry, Part
from pos import batches, drawer, shift_figures, shifts
from pos.models import Register, Shift


@action
def close_shift(
    register: Register,
    *,
    shift_uid: UUID,
    counted_minor: int,
    note: str,
    person: User,
    at: datetime,
    slip_minor: int | None = None,
) -> Shift:
    """Count the drawer and close; what is over or short is posted, and the figures of the Z report are kept.

    `slip_minor` is what the slip of the store's own card machine says, held against what the till recorded by it; None
    where nobody has it yet. Raises `NotAllowed`, `NotFound`, `ShiftClosed`.
    """
    require(person, "shift.close", register.location)
    shift = shifts.hold_open(shift_uid, register)
    expected_minor = drawer.expected(shift)
    at = max(at, drawer.last_moved_at(shift) or at)  # a sale that we waited for is in this count
    if slip_minor is not None:
        batches.record_slip(shift, slip_minor, by=person, at=at)
    shifts.finish(
        shift,
        expected_minor=expected_minor,
        counted_minor=counted_minor,
        note=note,
        report=shift_figures.read_at_closing(shift),
        person=person,
        at=at,
    )
    over = counted_minor - expected_minor
    journal.post(
        [
            Entry(
                kind="count",
                source_type="shift",
                source_uid=shift.uid,
                currency=shift.currency,
                postings=(Part("cash", over, register.code), Part("cash_over_short", -over)),
                business_date=business_date(register.location.time_zone, at),
                location_code=register.location.code,
            )
        ],
        at=at,
    )
    return shift
