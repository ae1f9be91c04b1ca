"""Paying for a checkout."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from commerce.company.models import ApiToken
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from commerce.kernel.failpoints import failpoint
from inventory import reservations
from orders import drafts, gateway, payments
from orders.actions.settle_payment import settle_heard
from orders.errors import CardActionRequired, CardDeclined, NoCheckout, PaidButGone, PaymentUnknown
from orders.gateway import Intent
from orders.models import Cart, Order, Payment
from storefront.actions.check_out import check_unchanged


@action
def start_payment(cart_uid: UUID, *, client: ApiToken | None = None, at: datetime) -> tuple[Order, Payment, bool]:
    """Before a card is charged: the cart is what was checked out, and its units stay held while the bank thinks.

    The flag says whether an earlier try is still without its answer; then nothing is checked any more, because money
    may have moved. An order that was placed already is returned as it is. Raises `NoCheckout`, `CartChanged` and
    `HoldLost`.
    """
    cart = Cart.objects.select_for_update(of=("self",)).filter(uid=cart_uid, client=client).first()
    if cart is None:
        raise NotFound(what="cart", key=str(cart_uid))
    states = [Order.State.DRAFT, Order.State.OPEN, Order.State.CLOSED]
    order = Order.objects.locked().filter(cart=cart, state__in=states).last()
    if order is None:
        raise NoCheckout()
    payment = Payment.objects.locked().filter(order=order).latest("pk")
    payment.order = order
    is_resumed = payment.state == Payment.State.PROCESSING
    if order.state == Order.State.DRAFT and not is_resumed:
        if not payment.provider_id or payment.state != Payment.State.PENDING:
            raise NoCheckout()
        check_unchanged(cart, order)
        until = at + timedelta(minutes=settings.PAYMENT_GRACE_MINUTES)
        reservations.extend(drafts.held_by(order), until=until, at=at)
        payments.start_attempt(payment)
    return order, payment, is_resumed


def complete(
    cart_uid: UUID, *, payment_method: str, return_url: str, client: ApiToken | None = None, at: datetime
) -> Order:
    """Charge a card for a checkout and place the order; asking again, at once or after a crash, charges nothing more.

    Raises `CardDeclined`, `CardActionRequired`, `PaymentUnknown`, `PaidButGone` and what `start_payment` refuses with.
    """
    order, payment, is_resumed = start_payment(cart_uid, client=client, at=at)
    if order.state != Order.State.DRAFT:
        return order
    failpoint("storefront.before_confirm")
    intent = gateway.retrieve(payment.provider_id) if is_resumed else None
    if intent is None or intent.status in ("requires_payment_method", "requires_confirmation"):
        try:
            intent = gateway.confirm(payment, payment_method=payment_method, return_url=return_url)
        except gateway.Declined as declined:
            _fail(payment, declined, at=at)
            raise CardDeclined(reason=declined.text, decline_code=declined.code) from declined
    failpoint("storefront.after_confirm")
    return finish(payment, intent, at=at)


def finish(payment: Payment, intent: Intent, *, at: datetime) -> Order:
    """From what the card network said to an order, or to the refusal that the shopper is told."""
    if intent.status == "requires_action":
        raise CardActionRequired(client_secret=payment.client_secret, payment_intent=payment.provider_id)
    if intent.status == "requires_payment_method" and not (intent.failure or intent.failure_code):
        raise PaymentUnknown(payment=str(payment.uid))  # nobody was refused: a try may still be on its way
    order = settle_heard(payment, intent, at=at)
    failpoint("storefront.after_settle")
    if order.state in (Order.State.OPEN, Order.State.CLOSED):
        return order
    if order.state == Order.State.CANCELED:
        raise PaidButGone()
    if intent.status == "canceled":
        raise NoCheckout()
    if intent.status == "requires_payment_method":
        raise CardDeclined(reason=intent.failure, decline_code=intent.failure_code)
    raise PaymentUnknown(payment=str(payment.uid))


@action
def _fail(payment: Payment, declined: gateway.Declined, *, at: datetime) -> None:
    order = Order.objects.locked().get(pk=payment.order_id)
    fresh = Payment.objects.locked().get(pk=payment.pk)
    fresh.order = order
    payments.fail_attempt(fresh, code=declined.code, text=declined.text, at=at)
