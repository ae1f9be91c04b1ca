"""The one end of every card payment: browser return, webhook and poller all come here, in any order, ever again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from commerce.cases.queue import open_case
from commerce.kernel.clock import business_date
from commerce.kernel.db import action, in_transaction, rows
from commerce.kernel.failpoints import failpoint
from commerce.ledger import journal
from customers.errors import WalletHoldLost
from inventory.errors import HoldLost
from orders import books, captures, drafts, gateway, payments, placement, refunds, states, timeline
from orders.actions.settle_refund import settle_all
from orders.gateway import Intent
from orders.models import Order, Payment, PaymentAttempt
from orders.refund_plan import Part


def settle_payment(uid: UUID, *, at: datetime, is_over: bool = False) -> Order:
    """Ask the card network what became of a payment and make it so; returns its order, placed or not.

    Safe to repeat and to race. Money that arrives after its goods are gone goes back in full, and a case is opened.
    `is_over`: whoever made the try says that it has ended, so that a card network that has not heard of it never will.
    Raises `PaymentUnknown` when the card network does not answer; then nothing was changed.
    """
    return settle_read(Payment.objects.select_related("order").get(uid=uid), at=at, is_over=is_over)


def settle_read(payment: Payment, *, at: datetime, is_over: bool = False) -> Order:
    """As `settle_payment`, for a payment just read with its order."""
    if not payment.provider_id or (payment.state == Payment.State.CAPTURED):
        return payment.order
    return _settle(payment, gateway.retrieve(payment.provider_id), at=at, is_over=is_over)


def settle_heard(payment: Payment, heard: Intent, *, at: datetime) -> Order:
    """As `settle_payment`, for a payment just read with its order and what the card network itself answered.

    A success that was heard is final and is not asked for again; everything else is.
    """
    if heard.status in ("succeeded", "requires_capture") and heard.id == payment.provider_id:
        return _settle(payment, heard, at=at)
    return settle_read(payment, at=at)


def _settle(payment: Payment, intent: Intent, *, at: datetime, is_over: bool = False) -> Order:
    failpoint("orders.before_settle")
    order, payment = _record(payment, intent, is_over=is_over, at=at)
    if order.state == Order.State.CANCELED:  # its goods were gone: what came for it goes back
        settle_all(payment.refunds.filter(state="pending").values_list("uid", flat=True), at=at)
    if captures.is_to_be_let_go(payment):
        order, payment = _record(payment, gateway.cancel(payment.provider_id), is_over=True, at=at)
    return order


@action
def _record(asked: Payment, intent: Intent, *, is_over: bool, at: datetime) -> tuple[Order, Payment]:
    order, payment = _hold(asked)
    if payment.state == Payment.State.CAPTURED:
        return order, payment
    if payment.state == Payment.State.AUTHORIZED:
        captures.hear(payment, intent, at=at)
        return order, payment
    if intent.status == "succeeded":
        payments.capture(payment, intent, at=at)
        if intent.amount != payment.amount_minor or intent.currency != payment.currency:
            _open_mismatch(order, payment, intent, at=at)
        _place_or_give_back(order, payment, at=at)
    elif intent.status == "requires_capture":
        payments.authorize(payment, intent, at=at)
        if intent.amount != payment.amount_minor or intent.currency != payment.currency:
            _open_mismatch(order, payment, intent, at=at)
        _place_or_give_back(order, payment, at=at)
    elif intent.status == "canceled":
        payments.end(payment, Payment.State.CANCELED, at=at)
    elif intent.status == "requires_payment_method" and payment.state == Payment.State.PROCESSING:
        payments.hear_no_charge(payment, intent, is_over=is_over, at=at)
    elif intent.status == "requires_action":
        payments.note_attempt(payment, PaymentAttempt.State.NEEDS_ACTION)
    return order, payment


def _hold(asked: Payment) -> tuple[Order, Payment]:
    """Lock cart, order and payment, in this order (see `kernel.db`), and read them as they are now."""
    if asked.order.cart_id:
        rows("SELECT 1 FROM orders_cart WHERE id = %s FOR UPDATE", [asked.order.cart_id])
    order = Order.objects.locked().get(pk=asked.order_id)
    payment = Payment.objects.locked().get(pk=asked.pk)
    payment.order = order
    return order, payment


def _place_or_give_back(order: Order, payment: Payment, *, at: datetime) -> None:
    if order.number:  # it was placed and canceled since: no money can bring it back
        _give_back(order, payment, at=at)
        return
    try:
        with transaction.atomic():  # a savepoint: what `place` wrote before it found the goods gone is undone
            placement.place(order, payment, at=at)
    except (HoldLost, WalletHoldLost):
        order.refresh_from_db()
        _give_back(order, payment, at=at)


@in_transaction
def _give_back(order: Order, payment: Payment, *, at: datetime) -> None:
    if order.state == Order.State.DRAFT:
        states.move(order, Order.State.CANCELED, states.ORDER)
        drafts.free_units(order, at=at)
    payment.details = {**payment.details, "refund_due": True}  # it never paid for a sale, and is owed from the start
    payment.save(update_fields=["details"])
    timeline.add(order, "goods_gone", at=at)
    placement.announce(order, [], "order.goods_gone", at=at)
    if payment.state == Payment.State.AUTHORIZED:  # nothing was taken, so nothing has to go back
        captures.release(payment, at=at)
        _open_case(order, payment, "was authorized", "Nothing is taken; the authorization is let go.", at=at)
        return
    journal.post(
        [
            books.payment(
                payment,
                on=business_date("UTC", at),
                location_code="",
                against="refunds_due",
            )
        ],
        at=at,
    )
    refunds.request(
        order,
        [Part(payment.pk, payment.tender, payment.captured_minor)],
        return_record=None,
        reason=_("the goods were gone"),
        actor=None,
        approved_by=None,
        at=at,
    )
    _open_case(order, payment, "was paid", "It is refunded in full.", at=at)


@in_transaction
def _open_case(order: Order, payment: Payment, happened: str, outcome: str, *, at: datetime) -> None:
    open_case(
        "paid_unfulfillable",
        subject=str(order.uid),
        text=f"{payment.amount} {happened} by {order.email} after the goods were gone. {outcome}",
        context={"order": str(order.uid), "payment": str(payment.uid), "email": order.email},
        at=at,
    )


@in_transaction
def _open_mismatch(order: Order, payment: Payment, intent: Intent, *, at: datetime) -> None:
    open_case(
        "payment_mismatch",
        subject=str(payment.uid),
        text=f"The card network took {intent.amount} {intent.currency}, the order asked for {payment.amount}.",
        context={"order": str(order.uid), "intent": intent.id},
        at=at,
    )
