"""Goods of an order come back at a place, and their money goes back: one return for every channel but the till's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.failpoints import failpoint
from orders import returns
from orders.actions.settle_refund import settle_all
from orders.models import Order, Return
from orders.returns import ReturnWish


def accept_return(
    order_pk: int,
    wishes: Sequence[ReturnWish],
    *,
    uid: UUID,
    location: Location,
    channel: str,
    person: User | None,
    at: datetime,
    tender: str = "",
    with_shipping: bool = False,
    note: str = "",
    due_minor: int | None = None,
) -> Return:
    """Take goods back at `location`, then send what the card network has to give back; what it does not answer goes on
    by itself. The same `uid` again is the same return.

    `tender` is another way than the policy's, for who may; `due_minor` what the person was shown. Raises `NotAllowed`
    and whatever `returns.accept` and `refund_plan.plan` refuse.
    """
    record = _accept(
        order_pk,
        wishes,
        uid=uid,
        location=location,
        channel=channel,
        person=person,
        at=at,
        tender=tender,
        with_shipping=with_shipping,
        note=note,
        due_minor=due_minor,
    )
    failpoint("orders.return_committed")
    settle_all(record.refunds.filter(state="pending").values_list("uid", flat=True), at=at)
    return record


@action
def _accept(
    order_pk: int,
    wishes: Sequence[ReturnWish],
    *,
    uid: UUID,
    location: Location,
    channel: str,
    person: User | None,
    at: datetime,
    tender: str,
    with_shipping: bool,
    note: str,
    due_minor: int | None,
) -> Return:
    require(person, "return.accept", location)
    order = Order.objects.locked().select_related("market").get(pk=order_pk)
    parts = None
    if not Return.objects.filter(uid=uid).exists():
        due = returns.quote(order, wishes, with_shipping=with_shipping)
        returns.check_shown(due, due_minor, order.currency)
        plan = returns.plan_for(order, due.total_minor, tender=tender)
        if plan.is_elsewhere:
            require(person, "refund.elsewhere", location)
        parts = plan.parts
    record = returns.accept(
        order,
        wishes,
        uid=uid,
        location=location,
        channel=channel,
        actor=person,
        at=at,
        parts=parts,
        with_shipping=with_shipping,
        note=note,
    )
    failpoint("orders.before_return_commit")
    return record
