"""Taking authorized money when goods leave. Steps, and the only writer of captures; the caller holds the order's lock.

Each hand-over asks for what the goods that are gone by then cost more than was taken, the last one for the rest. What
gift cards paid was taken when the order was placed: it pays for the first goods that leave, the card for those after.
A capture is written, and counted against its payment by one guarded UPDATE, in the transaction in which the goods
leave; it is sent after that (`actions/send_captures`).
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Sum

from commerce.cases.queue import open_case, resolve_about
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.money import Money
from commerce.ledger import journal
from orders import capture_books, placement, states, timeline
from orders.gateway import Intent
from orders.giving_back import units_of
from orders.models import Capture, Fulfillment, Order, OrderLine, Payment
from orders.returnable import snapshot_of

PAUSE = timedelta(minutes=1)  # between two tries to send the same capture
# So long before an authorization ends somebody is told, and so often it is asked about until then.
NOTICE = timedelta(hours=24)
WATCH = timedelta(hours=6)


def held_of(order: Order) -> Payment | None:
    """The order's authorized payment, locked; None when nothing is left to be taken."""
    return Payment.objects.locked().filter(order=order, state=Payment.State.AUTHORIZED).first()


@in_transaction
def for_fulfillment(fulfillment: Fulfillment, payment: Payment, *, at: datetime) -> None:
    """Goods have left, and count as fulfilled: ask for their share of the authorized payment, which the caller holds,
    or, when they were the last, for the rest.

    Where the card's bank lets only one capture be made, the first goods that leave ask for all of it: the others would
    leave without money.
    """
    order = fulfillment.order
    is_last = order.fulfillment_status == Order.FulfillmentStatus.FULFILLED
    rest = rest_of(order, payment)
    if is_last or not payment.details.get("multicapture"):
        request(payment, rest, is_final=True, fulfillment=fulfillment, at=at)
        return
    due = max(cost_of_gone(order) - _taken(order), 0)
    request(payment, min(due, rest), is_final=False, fulfillment=fulfillment, at=at)


def cost_of_gone(order: Order) -> int:
    """What the goods cost that have left, tax and all, unit by unit as they were paid. What is charged beside goods
    comes with the last of them, as in the books."""
    lines = OrderLine.objects.filter(order=order, fulfilled__gt=0)
    return sum(unit.total for line in lines for unit in units_of(snapshot_of(line))[: line.fulfilled])


def _taken(order: Order) -> int:
    """What was taken by all means, or is being taken."""
    taken = Payment.objects.filter(order=order).aggregate(sum=Sum(F("captured_minor") + F("capture_pending_minor")))
    return taken["sum"] or 0


def rest_of(order: Order, payment: Payment) -> int:
    """What is still to be taken of a payment in minor units: never more than the order is owed, nor than is held."""
    return max(0, min(order.due_minor - _taken(order), payment.capturable_minor))


@in_transaction
def request(
    payment: Payment, amount_minor: int, *, is_final: bool, fulfillment: Fulfillment | None = None, at: datetime
) -> Capture | None:
    """Count so much against the authorization and write the capture down; None when there is nothing to take, or more
    than is held. Without anything to take a final one lets the authorization go."""
    if amount_minor <= 0:
        if is_final:
            release(payment, at=at)
        return None
    guarded = Payment.objects.filter(pk=payment.pk, state=Payment.State.AUTHORIZED).filter(
        authorized_minor__gte=F("captured_minor") + F("capture_pending_minor") + amount_minor
    )
    if not guarded.update(capture_pending_minor=F("capture_pending_minor") + amount_minor):
        return None
    payment.capture_pending_minor += amount_minor
    return Capture.objects.create(
        payment=payment,
        fulfillment=fulfillment,
        currency=payment.currency,
        amount_minor=amount_minor,
        is_final=is_final,
        created_at=at,
        send_at=at,
    )


@in_transaction
def release(payment: Payment, *, at: datetime) -> None:
    """Nothing (more) will be taken: what is held is let go. The card network is told after the commit, and told again
    until it has heard."""
    payment.details = {**payment.details, "release_due": True}
    payment.check_at = at
    payment.save(update_fields=["details", "check_at"])


def is_to_be_let_go(payment: Payment) -> bool:
    """Whether the rest of what is held is not wanted any more, and nothing is on its way."""
    is_held = payment.state == Payment.State.AUTHORIZED and payment.capture_pending_minor == 0
    return is_held and bool(payment.details.get("release_due"))


@in_transaction
def claim(*, at: datetime, limit: int) -> list[UUID]:
    """Captures to be sent now, put off by a pause; of each payment one at a time, in the order in which goods left."""
    found = rows(
        "WITH due AS MATERIALIZED (SELECT c.id FROM orders_capture c"
        " WHERE c.state = 'pending' AND c.send_at <= %(at)s AND NOT EXISTS (SELECT FROM orders_capture e"
        " WHERE e.payment_id = c.payment_id AND e.state = 'pending' AND e.id < c.id)"
        " ORDER BY c.send_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
        " UPDATE orders_capture c SET send_at = %(next)s FROM due WHERE c.id = due.id RETURNING c.uid",
        {"at": at, "next": at + PAUSE, "limit": limit},
    )
    return [uid for (uid,) in found]


@in_transaction
def hear(payment: Payment, intent: Intent, *, at: datetime) -> None:
    """What the card network has taken of an authorized payment, and whether it holds more. Whoever asked for it: an
    answer that was lost is made good by whoever hears of it next."""
    before = payment.captured_minor
    for capture in payment.captures.select_for_update().filter(state=Capture.State.PENDING).order_by("pk"):
        if payment.captured_minor + capture.amount_minor > intent.received:
            break
        _succeed(payment, capture, at=at)
    if intent.received > payment.captured_minor:
        _report_stranger(payment, intent, at=at)
    if intent.status == "requires_capture":
        payment.check_at = min(at + WATCH, max(at + PAUSE, payment.capture_before or at + WATCH))
        payment.save(update_fields=["check_at"])
        if payment.captured_minor > before:
            placement.refresh(payment.order)
        return
    _end(payment, at=at)


@in_transaction
def _succeed(payment: Payment, capture: Capture, *, at: datetime) -> None:
    states.move(capture, Capture.State.SUCCEEDED, states.CAPTURE, settled_at=at, send_at=None)
    payment.captured_minor += capture.amount_minor
    payment.capture_pending_minor -= capture.amount_minor
    payment.save(update_fields=["captured_minor", "capture_pending_minor"])
    order = payment.order
    place = capture.fulfillment.location if capture.fulfillment else None
    on = business_date(place.time_zone if place else "UTC", at)
    journal.post([capture_books.capture(capture, on=on, location_code=place.code if place else "")], at=at)
    timeline.add(
        order, "paid", at=at, amount=Money(capture.amount_minor, capture.currency).as_json(), tender=payment.tender
    )
    resolve_about("capture_failed", str(payment.uid), at=at)


@in_transaction
def fail(capture: Capture, *, code: str, text: str, at: datetime) -> None:
    """The card network will not take it. Goods have left without money: somebody has to see to it."""
    payment = capture.payment
    states.move(
        capture,
        Capture.State.FAILED,
        states.CAPTURE,
        settled_at=at,
        send_at=None,
        failure_code=code[:80],
        failure_text=text[:500],
    )
    payment.capture_pending_minor -= capture.amount_minor
    payment.check_at = at
    payment.save(update_fields=["capture_pending_minor", "check_at"])
    amount = Money(capture.amount_minor, capture.currency)
    open_case(
        "capture_failed",
        subject=str(payment.uid),
        text=f"{amount} of order {payment.order.number} could not be taken: {text}",
        context={"order": str(payment.order.uid), "payment": str(payment.uid), "capture": str(capture.uid)},
        location=capture.fulfillment.location if capture.fulfillment else None,
        at=at,
    )
    placement.refresh(payment.order)


@in_transaction
def _end(payment: Payment, *, at: datetime) -> None:
    """Nothing is held any more: all was taken that will be, or the authorization is over."""
    taken = payment.captured_minor
    for capture in payment.captures.filter(state=Capture.State.PENDING):
        capture.payment = payment
        fail(capture, code="authorization_over", text="The authorization is over.", at=at)
    state = Payment.State.CAPTURED if taken else Payment.State.CANCELED
    states.move(payment, state, states.PAYMENT, settled_at=at, check_at=None)
    order = payment.order
    if order.number:
        placement.refresh(order)
    due = rest_of_order(order)
    is_let_go = bool(payment.details.get("release_due"))
    if is_let_go:
        timeline.add(order, "released", at=at)
    resolve_about("authorization_expiring", str(payment.uid), at=at)
    if due > 0 and not is_let_go and order.state == Order.State.OPEN:
        _report_lapsed(payment, Money(due, order.currency), at=at)


def rest_of_order(order: Order) -> int:
    """What no payment has brought of an order, in minor units."""
    taken = Payment.objects.filter(order=order).aggregate(sum=Sum("captured_minor"))
    return order.due_minor - (taken["sum"] or 0)


def _report_lapsed(payment: Payment, missing: Money, *, at: datetime) -> None:
    open_case(
        "authorization_lapsed",
        subject=str(payment.uid),
        text=f"The authorization of order {payment.order.number} is over, and {missing} was not taken.",
        context={"order": str(payment.order.uid), "payment": str(payment.uid)},
        at=at,
    )


def _report_stranger(payment: Payment, intent: Intent, *, at: datetime) -> None:
    received = Money(intent.received, payment.currency)
    taken = Money(payment.captured_minor, payment.currency)
    open_case(
        "payment_mismatch",
        subject=str(payment.uid),
        text=f"The card network took {received}, but only {taken} was asked for. Was it captured elsewhere?",
        context={"order": str(payment.order.uid), "intent": intent.id},
        at=at,
    )


@in_transaction
def warn(*, at: datetime, limit: int) -> int:
    """Open a case for each authorization that ends soon and is not taken yet; for how many."""
    ending = Payment.objects.select_for_update(skip_locked=True, of=("self",)).select_related("order")
    ending = ending.filter(state=Payment.State.AUTHORIZED, capture_before__lte=at + NOTICE)
    warned = list(ending.filter(details__warned__isnull=True).order_by("capture_before")[:limit])
    for payment in warned:
        rest = Money(payment.capturable_minor, payment.currency)
        open_case(
            "authorization_expiring",
            subject=str(payment.uid),
            text=f"{rest} of order {payment.order.number} is authorized until {payment.capture_before:%Y-%m-%d %H:%M}"
            " UTC. After that the money cannot be taken any more.",
            context={"order": str(payment.order.uid), "payment": str(payment.uid)},
            at=at,
        )
        Payment.objects.filter(pk=payment.pk).update(details={**payment.details, "warned": at.isoformat()})
    return len(warned)
