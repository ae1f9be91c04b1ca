"""After the card form: find out what became of the payment, and count what was refused."""

from datetime import datetime

from commerce.kernel.db import action
from orders import payments
from orders.actions.settle_payment import settle_read
from orders.models import Order, Payment, PaymentAttempt
from storefront import declines


def settle_checkout(payment: Payment, *, address: str, is_over: bool = False, at: datetime) -> tuple[Order, Payment]:
    """The order as it is now and, unless it is placed, its payment, which was just read with its order; `address` is
    where the request comes from, `is_over` whether the shopper's own page says that the try has ended.

    A bank's question that was left without an answer ends the try, so that another card can be used; should it be
    answered after all, that still counts. Raises `PaymentUnknown` when the card network does not answer.
    """
    order = settle_read(payment, is_over=is_over, at=at)
    if order.state in (Order.State.OPEN, Order.State.CLOSED):
        return order, payment
    fresh = _read(payment)
    attempt = payments.open_attempt(fresh) if fresh.state == Payment.State.PROCESSING else None
    if attempt and attempt.state == PaymentAttempt.State.NEEDS_ACTION:  # just heard so from the card network
        _drop(fresh, at=at)
        fresh = _read(payment)
    elif payment.state == Payment.State.PROCESSING and fresh.state == Payment.State.PENDING and fresh.failure_code:
        _count(fresh, address, at=at)
    return order, fresh


def _read(payment: Payment) -> Payment:
    return Payment.objects.select_related("order__cart").get(pk=payment.pk)


@action
def _drop(asked: Payment, *, at: datetime) -> None:
    order = Order.objects.locked().get(pk=asked.order_id)
    payment = Payment.objects.locked().get(pk=asked.pk)
    payment.order = order
    text = "The bank's question was not answered. The card was not charged."
    payments.fail_attempt(payment, code="authentication_abandoned", text=text, is_final=False, at=at)


@action
def _count(payment: Payment, address: str, *, at: datetime) -> None:
    if payment.order.cart:
        declines.count(payment.order.cart.uid, address, at=at)
