"""The report of a shift goes to paper: X while it goes on, copies of its Z report afterwards."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import may, require
from commerce.kernel.db import action
from pos import shift_reports, shifts
from pos.models import Register


@action
def print_report(register: Register, *, shift_uid: UUID, person: User, at: datetime) -> dict[str, Any]:
    """The document to print. The original Z report comes with the closing, so each one from here is a numbered copy.

    Raises `NotAllowed` and `NotFound`.
    """
    require(person, "shift.close", register.location)
    shift = shifts.hold(shift_uid, register)
    if shift.closed_at:
        return shift_reports.document_of(shift, copy=shifts.count_copy(shift))
    return shift_reports.document_of(shift, shows_drawer=may(person, "drawer.no_sale"), printed_at=at)
