"""What has not left of an order will not leave: the only writer of cancellations. Steps; the caller holds the order's
lock and has locked its payments.

The customer owes the price of it no more. What of that was taken already is owed back; what was only held never is
taken. The goods are free again, the tasks of the stores are gone.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from commerce.company.models import User
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.ledger import journal
from commerce.pricing import coupons
from inventory import reservations
from orders import cancellation_books, drafts, giving_back, placement, states, timeline
from orders.errors import AlreadyLeft, NothingToCancel
from orders.giving_back import Sum as Amounts
from orders.models import Cancellation, Fulfillment, Order, OrderLine, Payment
from orders.returnable import amount_as_json, items_of


def check(order: Order, *, only_untouched: bool = False) -> None:
    """Raise `NothingToCancel` when nothing of the order waits to leave, and `AlreadyLeft` when it is `only_untouched`
    that may be canceled and somebody has begun to gather, or to hand over."""
    found = set(order.fulfillments.exclude(state="canceled").values_list("state", flat=True))
    if only_untouched and found - {"pending"}:
        raise AlreadyLeft()
    if order.state != Order.State.OPEN or not found & {"pending", "ready"}:
        raise NothingToCancel(number=order.number or str(order.uid))


def may_be_withdrawn(order: Order) -> bool:
    """Whether its shopper is offered to cancel it: nobody has begun with it."""
    states_of = {part.state for part in order.fulfillments.all()}
    return order.state == Order.State.OPEN and "pending" in states_of and states_of <= {"pending", "canceled"}


def quote(order: Order) -> Amounts:
    """What an order costs less when all that has not left of it is canceled."""
    wanted = [(line.pk, line.fulfilled, line.quantity - line.fulfilled - line.canceled) for line in order.lines.all()]
    return giving_back.of_cancellation(items_of(order), wanted, rounding=order.rounding_minor)


def to_give_back(order: Order, amount_minor: int) -> int:
    """What of an amount that is taken off an order was taken already, or is being taken."""
    taken = Payment.objects.filter(order=order).aggregate(sum=Sum(F("captured_minor") + F("capture_pending_minor")))
    return min(max((taken["sum"] or 0) - (order.due_minor - amount_minor), 0), amount_minor)


@in_transaction
def cancel(order: Order, *, uid: UUID, reason: str, actor: User | None, at: datetime) -> Cancellation:
    """Write the cancellation of all that has not left, and book it; its refunds, and what is held, are the caller's."""
    due = quote(order)
    refund = to_give_back(order, due.total_minor)
    home = order.fulfillments.select_related("location").order_by("pk")[0].location
    made = Cancellation.objects.create(
        uid=uid,
        order=order,
        currency=order.currency,
        total_minor=due.total_minor,
        refund_minor=refund,
        rounding_minor=due.rounding,
        tax_minor=due.tax_minor,
        taxes=due.taxes,
        lines=[
            {
                "line": share.item.key,
                "first_unit": share.first,
                "quantity": share.quantity,
                **amount_as_json(share.amount),
            }
            for share in due.goods
        ],
        charges=[
            {"charge": share.item.key, "kind": share.item.kind, **amount_as_json(share.amount)} for share in due.charges
        ],
        reason=reason[:200],
        actor=actor,
        created_at=at,
        business_date=business_date(home.time_zone, at),
    )
    lines = {line.pk: line for line in order.lines.all()}
    entry = cancellation_books.canceled(made, lines, placement.charges_of(order), location_code=home.code)
    journal.post([entry], at=at)
    for share in due.goods:
        rows("UPDATE orders_orderline SET canceled = canceled + %s WHERE id = %s", [share.quantity, share.item.key])
    order.canceled_minor += due.total_minor
    order.save(update_fields=["canceled_minor"])
    return made


@in_transaction
def withdraw(order: Order, *, at: datetime) -> list[Fulfillment]:
    """The tasks of an order that are still open end, and what is set aside for it is free; those that ended."""
    ended = list(Fulfillment.objects.locked().open().filter(order=order).select_related("location"))
    for fulfillment in ended:
        states.move(fulfillment, Fulfillment.State.CANCELED, states.FULFILLMENT)
    reservations.release(drafts.held_by(order), at=at)
    return ended


@in_transaction
def end(order: Order, made: Cancellation, ended: list[Fulfillment], *, at: datetime) -> None:
    """The statuses of an order after it was canceled. One of which nothing has left is over: whoever bought it may use
    its coupons again."""
    is_whole = not OrderLine.objects.filter(order=order, fulfilled__gt=0).exists()
    if is_whole and order.coupons:
        coupons.release(order.uid, at=at)
    placement.refresh(order)
    if is_whole:
        states.move(order, Order.State.CANCELED, states.ORDER)
    kind = "canceled" if is_whole else "rest_canceled"
    timeline.add(order, kind, at=at, actor=made.actor, amount=made.total.as_json(), reason=made.reason)
    placement.announce(order, ended, "order.canceled", at=at, more={"cancellation": str(made.uid)})
