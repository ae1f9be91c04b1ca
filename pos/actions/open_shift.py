"""A register's day begins."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from pos import drawer, shifts
from pos.models import Register, Shift


@action
def open_shift(register: Register, *, uid: UUID, float_minor: int, currency: str, person: User, at: datetime) -> Shift:
    """Open a shift with its float. The same uid again is the same shift. Raises `NotAllowed`, `ShiftOpen`."""
    require(person, "shift.open", register.location)
    is_new = not Shift.objects.filter(uid=uid).exists()
    shift = shifts.begin(register, uid=uid, currency=currency, person=person, at=at)
    if is_new:
        drawer.put_in_float(shift, float_minor, actor=person, at=at)
    return shift
