"""Goods come back over the counter, whatever the channel they were bought by, and their money goes back."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel import idempotency
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from commerce.kernel.failpoints import failpoint
from orders import returns
from orders.actions.settle_refund import settle_all
from orders.models import Order, Refund, Return
from orders.refund_plan import Part
from orders.return_errors import CurrencyDiffers
from orders.returns import ReturnWish
from orders.tenders import registry as tenders
from pos import drawer, shifts
from pos.models import Register, Shift, TillReturn


@dataclass(frozen=True, slots=True)
class Wanted:
    """What comes back of which order, and how its money goes back: `tender` is another way than it came ("": the same);
    `due_minor` is what the person at the till was shown."""

    order: UUID
    wishes: list[ReturnWish]
    tender: str = ""
    with_shipping: bool = False
    due_minor: int | None = None


def take_back(
    register: Register, wanted: Wanted, *, uid: UUID, shift_uid: UUID, person: User, approver: User | None, at: datetime
) -> Return:
    """Take goods back at a register: return, stock, refunds and the drawer in one transaction; then the card network is
    asked for what it has to give back. What it does not answer goes on by itself. The same `uid` is the same return.

    `approver` is whoever allowed another way for the money, by their PIN. Raises `NotAllowed`, `NotFound`,
    `ShiftClosed`, and whatever `returns.accept` and `refund_plan.plan` refuse.
    """
    record = _take(register, wanted, uid=uid, shift_uid=shift_uid, person=person, approver=approver, at=at)
    failpoint("pos.return_committed")
    settle_all(record.refunds.filter(state="pending").values_list("uid", flat=True), at=at)
    return record


@action
def _take(
    register: Register, wanted: Wanted, *, uid: UUID, shift_uid: UUID, person: User, approver: User | None, at: datetime
) -> Return:
    require(person, "return.accept", register.location)
    idempotency.wait_for_turn("pos.return", str(uid))
    is_new = not Return.objects.filter(uid=uid).exists()
    shift = shifts.hold_open(shift_uid, register) if is_new else None
    order = Order.objects.locked().placed().select_related("market").filter(uid=wanted.order).first()
    if order is None:
        raise NotFound(what="order", key=str(wanted.order))
    parts = _planned(order, wanted, register, shift, person=approver or person) if shift else None
    record = returns.accept(
        order,
        wanted.wishes,
        uid=uid,
        location=register.location,
        channel="pos",
        actor=person,
        approved_by=approver,
        parts=parts,
        with_shipping=wanted.with_shipping,
        at=at,
    )
    if shift:
        TillReturn.objects.create(return_record=record, register=register, shift=shift)
        drawer.give_back(shift, _in_cash(record), actor=person, at=at)
    failpoint("pos.before_return_commit")
    return record


def _planned(order: Order, wanted: Wanted, register: Register, shift: Shift, *, person: User) -> list[Part]:
    """The parts of the refund, from this register's own drawer and card machine. `person` answers for another way."""
    due = returns.quote(order, wanted.wishes, with_shipping=wanted.with_shipping)
    returns.check_shown(due, wanted.due_minor, order.currency)
    plan = returns.plan_for(order, due.total_minor, tender=wanted.tender)
    if plan.is_elsewhere:
        require(person, "refund.elsewhere", register.location)
    return [here(part, register, order.currency, shift.currency) for part in plan.parts]


def here(part: Part, register: Register, currency: str, drawer_currency: str) -> Part:
    """The part as it is given back at a register. Raises `CurrencyDiffers` for cash that its drawer does not have."""
    tender = tenders()[part.tender]
    if tender.opens_drawer:
        if currency != drawer_currency:
            raise CurrencyDiffers(paid=currency, wanted=drawer_currency)
        return replace(part, details={**part.details, "drawer": register.code})
    if part.tender == "external_terminal":
        return replace(part, details={**part.details, "terminal": register.code})
    return part


def _in_cash(record: Return) -> list[Refund]:
    by_tender = tenders()
    return [refund for refund in record.refunds.order_by("pk") if by_tender[refund.tender].opens_drawer]
