"""The only writer of payments. Steps; the caller holds the order's lock."""

from datetime import datetime

from commerce.kernel.db import in_transaction
from orders import states, timeline
from orders.errors import PaymentInProgress
from orders.gateway import Intent
from orders.models import Payment


@in_transaction
def remember_intent(payment: Payment, intent: Intent) -> None:
    """Keep the card network's id before anybody can pay by it."""
    payment.provider_id, payment.client_secret = intent.id, intent.client_secret
    payment.save(update_fields=["provider_id", "client_secret"])


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
    timeline.add(payment.order, "payment_failed", at=at, reason=text)


@in_transaction
def capture(payment: Payment, intent: Intent, *, at: datetime) -> None:
    """The card network has the money."""
    states.move(
        payment,
        Payment.State.CAPTURED,
        states.PAYMENT,
        settled_at=at,
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
