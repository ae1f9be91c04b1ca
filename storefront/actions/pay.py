"""Paying for a checkout."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from commerce.company.models import ApiToken
from commerce.kernel.db import action, in_transaction
from commerce.kernel.errors import NotFound
from commerce.kernel.failpoints import failpoint
from orders import drafts, gateway, payments, placement
from orders.actions.settle_payment import settle_heard
from orders.errors import CardActionRequired, CardDeclined, NoCheckout, PaidButGone, PaymentUnknown
from orders.gateway import Intent
from orders.models import Cart, Order, Payment, PaymentAttempt
from storefront.actions.check_out import check_unchanged


@dataclass(frozen=True, slots=True)
class Started:
    """A try to charge a card. `is_resumed`: an earlier one is still without its answer. Without an `attempt` the order
    is not waiting for money any more."""

    order: Order
    payment: Payment
    attempt: PaymentAttempt | None = None
    is_resumed: bool = False


@action
def start_payment(cart_uid: UUID, *, payment_method: str = "", client: ApiToken | None = None, at: datetime) -> Started:
    """Before a card is charged: the cart is what was checked out, its units stay held while the bank thinks, and the
    try is written down. What gift cards pay for in full is placed here.

    While an earlier try is without its answer no other begins, and nothing is checked any more, because money may have
    moved. An order that was placed already is returned as it is. Raises `NoCheckout`, `CartChanged`, `HoldLost` and
    `WalletHoldLost`.
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
    if order.state == Order.State.DRAFT and not payment.amount_minor:
        _place_covered(cart, order, payment, at=at)
    if order.state != Order.State.DRAFT:
        return Started(order, payment)
    if payment.state == Payment.State.PROCESSING:
        attempt = payments.open_attempt(payment)
        if not _is_another_card(attempt, payment_method):
            return Started(order, payment, attempt, is_resumed=True)
        text = "The bank's question was not answered. The card was not charged."
        payments.fail_attempt(payment, code="authentication_abandoned", text=text, is_final=False, at=at)
    if not payment.provider_id or payment.state != Payment.State.PENDING:
        raise NoCheckout()
    check_unchanged(cart, order)
    until = at + timedelta(minutes=settings.PAYMENT_GRACE_MINUTES)
    drafts.prolong(order, payment, until=until, at=at)
    return Started(order, payment, payments.start_attempt(payment, payment_method=payment_method, at=at))


def _is_another_card(attempt: PaymentAttempt | None, payment_method: str) -> bool:
    """A bank's question about one card is answered by paying with another."""
    if attempt is None or attempt.state != PaymentAttempt.State.NEEDS_ACTION:
        return False
    return bool(payment_method and attempt.payment_method) and payment_method != attempt.payment_method


@in_transaction
def _place_covered(cart: Cart, order: Order, payment: Payment, *, at: datetime) -> None:
    """Gift cards pay for all of it: there is no card to wait for."""
    check_unchanged(cart, order)
    payments.end(payment, Payment.State.CANCELED, at=at)
    placement.place(order, payment, at=at)


def complete(
    cart_uid: UUID,
    *,
    payment_method: str,
    return_url: str,
    client: ApiToken | None = None,
    is_off_session: bool = False,
    at: datetime,
) -> Order:
    """Charge a card for a checkout and place the order; asking again, at once or after a crash, charges nothing more.
    `is_off_session`: by a card that its holder left with us for that.

    Raises `CardDeclined`, `CardActionRequired`, `PaymentUnknown`, `PaidButGone` and what `start_payment` refuses with.
    """
    started = start_payment(cart_uid, payment_method=payment_method, client=client, at=at)
    payment, attempt = started.payment, started.attempt
    if attempt is None:
        return _without_attempt(started, at=at)
    failpoint("storefront.before_confirm")
    intent = gateway.retrieve(payment.provider_id) if started.is_resumed else None
    if intent is None or intent.status in ("requires_payment_method", "requires_confirmation"):
        try:
            intent = gateway.confirm(
                payment,
                attempt,
                payment_method=payment_method,
                return_url=return_url,
                is_off_session=is_off_session,
            )
        except gateway.Declined as declined:
            _fail(payment, declined, at=at)
            raise CardDeclined(reason=declined.text, decline_code=declined.code) from declined
        except PaymentUnknown:
            _note(payment, PaymentAttempt.State.UNKNOWN)
            raise
    failpoint("storefront.after_confirm")
    return finish(payment, intent, at=at)


def _without_attempt(started: Started, *, at: datetime) -> Order:
    """Placed already, or a payment under way that no try of ours explains: what the card network says of it counts."""
    if started.order.state != Order.State.DRAFT:
        return started.order
    return finish(started.payment, gateway.retrieve(started.payment.provider_id), at=at)


def finish(payment: Payment, intent: Intent, *, at: datetime) -> Order:
    """From what the card network said to an order, or to the refusal that the shopper is told."""
    if intent.status == "requires_action":
        _note(payment, PaymentAttempt.State.NEEDS_ACTION)
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
def _fail(asked: Payment, declined: gateway.Declined, *, at: datetime) -> None:
    payment = _hold(asked)
    payments.fail_attempt(payment, code=declined.code, text=declined.text, charge=declined.charge, at=at)


@action
def _note(asked: Payment, state: str) -> None:
    payments.note_attempt(_hold(asked), state)


def _hold(asked: Payment) -> Payment:
    order = Order.objects.locked().get(pk=asked.order_id)
    payment = Payment.objects.locked().get(pk=asked.pk)
    payment.order = order
    return payment
