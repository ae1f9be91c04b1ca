"""Authorized money is taken before its goods leave, because it soon cannot be any more, or because a try has failed."""

from datetime import datetime

from commerce.cases.models import Case
from commerce.cases.queue import hold, resolve
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.money import Money
from orders import captures
from orders.models import Order, Payment


@action
def capture_now(case: Case, *, person: User | None, at: datetime) -> Money | None:
    """Ask for all that the order still costs, of what is held for it; how much. The case is closed.

    Raises `NotAllowed`. A second click finds the case closed and asks for nothing.
    """
    require(person, "payment.capture", case.location)
    asked = Payment.objects.filter(uid=case.subject).first()
    order = Order.objects.locked().get(pk=asked.order_id) if asked else None
    payment = captures.held_of(order) if order else None
    held = hold(case.pk)
    if held is None:
        return None
    amount = None
    if order and payment and not payment.capture_pending_minor:
        made = captures.request(payment, captures.rest_of(order, payment), is_final=True, at=at)
        amount = Money(made.amount_minor, made.currency) if made else None
    resolve(held, by=person, at=at, code="capture_now", outcome={"amount": str(amount or "")})
    return amount
