"""The only writer of shifts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import KeyReused, NotFound
from pos.errors import ShiftClosed, ShiftOpen
from pos.models import Register, Shift


@in_transaction
def begin(register: Register, *, uid: UUID, currency: str, person: User, at: datetime) -> tuple[Shift, bool]:
    """Open a shift, and say whether it is new: its uid is the till's, so asking twice opens one.

    Raises `ShiftOpen` when another is open, and `KeyReused` for the uid of another register's shift.
    """
    Register.objects.select_for_update(of=("self",)).get(pk=register.pk)
    again = Shift.objects.filter(uid=uid).first()
    if again:
        if again.register_id != register.pk:
            raise KeyReused()
        return again, False
    running = Shift.objects.filter(register=register, closed_at=None).select_related("opened_by").first()
    if running:
        raise ShiftOpen(
            register=register.name,
            person=running.opened_by.get_full_name() or running.opened_by.username,
            shift=str(running.uid),
        )
    made = Shift.objects.create(uid=uid, register=register, opened_by=person, opened_at=at, currency=currency)
    return made, True


@in_transaction
def hold(uid: UUID, register: Register) -> Shift:
    """Lock a register's shift. Raises `NotFound`."""
    shift = Shift.objects.select_for_update(of=("self",)).filter(uid=uid, register=register).first()
    if shift is None:
        raise NotFound(what="shift", key=str(uid))
    return shift


@in_transaction
def hold_open(uid: UUID, register: Register) -> Shift:
    """Lock a register's shift that goes on. Raises `NotFound` and `ShiftClosed`."""
    shift = hold(uid, register)
    if shift.closed_at:
        raise ShiftClosed()
    return shift


@in_transaction
def count_copy(shift: Shift) -> int:
    """One more copy of the Z report; which one it is."""
    shift.report_copies += 1
    shift.save(update_fields=["report_copies"])
    return shift.report_copies


@in_transaction
def finish(
    shift: Shift,
    *,
    expected_minor: int,
    counted_minor: int,
    note: str,
    report: dict[str, Any],
    person: User,
    at: datetime,
) -> None:
    """Close a shift with its count and the figures of its Z report. Raises `ShiftClosed`."""
    if shift.closed_at:
        raise ShiftClosed()
    shift.closed_at, shift.closed_by = at, person
    shift.expected_minor, shift.counted_minor, shift.note = expected_minor, counted_minor, note.strip()
    shift.report = report
    shift.save(update_fields=["closed_at", "closed_by", "expected_minor", "counted_minor", "note", "report"])
    outbox.record(
        "shift.closed",
        str(shift.uid),
        {"register": shift.register.code, "expected": expected_minor, "counted": counted_minor},
        at=at,
    )
