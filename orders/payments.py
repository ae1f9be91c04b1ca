"""The only writer of payments. Steps; the caller holds the order's lock."""

from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid
from orders import states, timeline
from orders.errors import PaymentInProgress
from orders.gateway import Intent
from orders.models import Payment


@in_transaction
def remember_intent(payment: Payment, intent: Intent) -> None:
    """Keep the card network's id before anybody can pay by it."""
    payment.provider_id, payment.client_secret = intent.id, intent.client_secret
    rows(
        "UPDATE orders_payment SET provider_id = %s, client_secret = %s WHERE id = %s",
        [intent.id, intent.client_secret, payment.pk],
    )


@in_transaction
def start_attempt(payment: Payment) -> None:
    """A card is about to be charged. A try whose answer is still out is the same attempt, with the same key."""
    if payment.state == Payment.State.PROCESSING:
        return
    if payment.state != Payment.State.PENDING:
        raise PaymentInProgress()
    payment.attempt += 1
    payment.state = Payment.State.PROCESSING
    payment.save(update_fields=["attempt", "state"])


@in_transaction
def fail_attempt(payment: Payment, *, code: str, text: str, at: datetime) -> None:
    """The card was not charged; another one may be tried."""
    if payment.state != Payment.State.PROCESSING:
        return
    payment.state, payment.failure_code, payment.failure_text = Payment.State.PENDING, code, text[:500]
    payment.save(update_fields=["state", "failure_code", "failure_text"])
    if text:  # a try that never reached the card network is no event in the order's life
        timeline.add(payment.order, "payment_failed", at=at, reason=text)


@in_transaction
def end(payment: Payment, state: str, *, at: datetime) -> None:
    """Nothing can be paid by this payment any more: it was canceled, or never announced."""
    if payment.state in (Payment.State.PENDING, Payment.State.PROCESSING):
        states.move(payment, state, states.PAYMENT, settled_at=at)


@in_transaction
def renew(ended: Payment, *, at: datetime) -> Payment:
    """Another payment for the same checkout, in place of one that has ended."""
    return Payment.objects.create(
        uid=new_uid(),
        order=ended.order,
        tender=ended.tender,
        currency=ended.currency,
        amount_minor=ended.amount_minor,
        provider=ended.provider,
        details={name: value for name, value in ended.details.items() if name == "billing_name"},
        created_at=at,
    )


@in_transaction
def capture(payment: Payment, intent: Intent, *, at: datetime) -> None:
    """The card network has the money."""
    states.move(
        payment,
        Payment.State.CAPTURED,
        states.PAYMENT,
        settled_at=at,
        authorized_minor=payment.amount_minor,
        captured_minor=payment.amount_minor,
        provider_id=intent.id,
        details={**payment.details, **intent.card},
        failure_code="",
        failure_text="",
    )


@in_transaction
def record_refund(payment: Payment, *, at: datetime, reason: str) -> None:
    """All of it went back."""
    payment.refunded_minor = payment.amount_minor
    payment.save(update_fields=["refunded_minor"])
    timeline.add(payment.order, "refunded", at=at, amount=payment.amount.as_json(), reason=reason)
