"""The only writer of payments and of the tries to charge them. Steps; the caller holds the order's lock."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid
from orders import states, timeline
from orders.errors import PaymentInProgress
from orders.gateway import Intent
from orders.models import Payment, PaymentAttempt

# So long after a try has begun the card network is asked about it, by whoever begins it (a browser may be closed).
PATIENCE = timedelta(seconds=5)
# Whatever a try had to send has arrived after so long: what the card network has not heard of by then never will be.
ARRIVAL = timedelta(seconds=60)
# Pauses between two questions about the same payment: at first, while a shopper may be at it, and when an hour is over.
PAUSES = (timedelta(seconds=10), timedelta(seconds=30), timedelta(minutes=10))
_OPEN = [state.value for state in PaymentAttempt.OPEN]


@in_transaction
def remember_intent(payment: Payment, intent: Intent) -> None:
    """Keep the card network's id before anybody can pay by it."""
    payment.provider_id, payment.client_secret = intent.id, intent.client_secret
    rows(
        "UPDATE orders_payment SET provider_id = %s, client_secret = %s WHERE id = %s",
        [intent.id, intent.client_secret, payment.pk],
    )


@in_transaction
def start_attempt(payment: Payment, *, payment_method: str = "", at: datetime) -> PaymentAttempt:
    """A card is about to be charged: the try is written down, with its amount and its key, before anybody is asked.

    Raises `PaymentInProgress` while another try is open, and when nothing can be charged any more.
    """
    if payment.state != Payment.State.PENDING:
        raise PaymentInProgress()
    payment.attempt += 1
    payment.state, payment.check_at = Payment.State.PROCESSING, at + PATIENCE
    made = PaymentAttempt.objects.raw(
        "WITH begun AS (UPDATE orders_payment SET attempt = %s, state = %s, check_at = %s WHERE id = %s RETURNING *)"
        " INSERT INTO orders_paymentattempt (uid, payment_id, number, state, currency, amount_minor, provider_id,"
        " payment_method, failure_code, failure_text, created_at)"
        " SELECT %s, id, attempt, 'started', currency, amount_minor, '', %s, '', '', %s FROM begun RETURNING *",
        [payment.attempt, payment.state.value, payment.check_at, payment.pk, new_uid(), payment_method[:120], at],
    )
    attempt: PaymentAttempt = made[0]
    attempt.payment = payment
    return attempt


def open_attempt(payment: Payment) -> PaymentAttempt | None:
    """The try that is under way; there is never more than one."""
    return payment.attempts.filter(state__in=_OPEN).first()


@in_transaction
def note_attempt(payment: Payment, state: str) -> None:
    """How far the open try has come: the bank asks the cardholder, or no answer came at all."""
    attempt = open_attempt(payment)
    if attempt and attempt.state != state and state in states.ATTEMPT[attempt.state]:
        states.move(attempt, state, states.ATTEMPT)


@in_transaction
def fail_attempt(
    payment: Payment, *, code: str, text: str, charge: str = "", is_final: bool = True, at: datetime
) -> None:
    """The card was not charged; another one may be tried. `charge` is what the card network calls the refusal.

    Unless it `is_final`, somebody may still bring the try to a good end (answer their bank's question late), so that
    the card network goes on being asked.
    """
    if payment.state != Payment.State.PROCESSING:
        return
    payment.state, payment.failure_code, payment.failure_text = Payment.State.PENDING, code, text[:500]
    payment.check_at = None if is_final else at + PAUSES[1]
    payment.save(update_fields=["state", "failure_code", "failure_text", "check_at"])
    _close(payment, code=code, text=text, charge=charge, at=at)
    if text:  # a try that never reached the card network is no event in the order's life
        timeline.add(payment.order, "payment_failed", at=at, reason=text)


@in_transaction
def hear_no_charge(payment: Payment, intent: Intent, *, is_over: bool, at: datetime) -> None:
    """The card network waits for a card: the open try was refused, or has not come to it (yet).

    A try that it has not heard of is left open until it can be on its way no more, or until whoever has made it says
    that it `is_over`.
    """
    attempt = open_attempt(payment)
    if attempt is None:
        fail_attempt(payment, code=intent.failure_code, text=intent.failure, at=at)
    elif intent.failure_code and not _is_old_news(attempt, intent):
        text, code = intent.failure, intent.failure_code
        fail_attempt(payment, code=code, text=text, charge=intent.charge, at=at)
    elif is_over or attempt.created_at <= at - ARRIVAL:
        fail_attempt(payment, code="never_arrived", text="", is_final=False, at=at)


def _is_old_news(attempt: PaymentAttempt, intent: Intent) -> bool:
    """Whether the refusal that the card network remembers is that of an earlier try."""
    if "authentication" in intent.failure_code or not intent.charge:
        return False
    return attempt.payment.attempts.filter(provider_id=intent.charge).exclude(pk=attempt.pk).exists()


def _close(payment: Payment, *, code: str, text: str = "", charge: str = "", at: datetime) -> None:
    """The open try, if there is one, has come to nothing."""
    rows(
        "UPDATE orders_paymentattempt SET state = 'failed', settled_at = %s, failure_code = %s, failure_text = %s,"
        " provider_id = %s WHERE payment_id = %s AND state = ANY(%s::varchar[])",
        [at, code[:80], text[:500], charge, payment.pk, _OPEN],
    )


@in_transaction
def end(payment: Payment, state: str, *, at: datetime) -> None:
    """Nothing can be paid by this payment any more: it was canceled, or never announced."""
    if payment.state not in (Payment.State.PENDING, Payment.State.PROCESSING):
        return
    if payment.state == Payment.State.PROCESSING:
        _close(payment, code=state, at=at)
    states.move(payment, state, states.PAYMENT, settled_at=at, check_at=None)


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
        is_manual=ended.is_manual,
        details={name: value for name, value in ended.details.items() if name == "billing_name"},
        created_at=at,
    )


@in_transaction
def capture(payment: Payment, intent: Intent, *, at: datetime) -> None:
    """The card network has the money, all of it. The open try was it; without one it was the latest, which had been
    given up too early."""
    states.check(payment, Payment.State.CAPTURED, states.PAYMENT)
    payment.state, payment.settled_at, payment.check_at = Payment.State.CAPTURED, at, None
    payment.authorized_minor = payment.captured_minor = payment.amount_minor
    payment.details = {**payment.details, **intent.card}
    _settle_with_attempt(payment, intent, at=at)


@in_transaction
def authorize(payment: Payment, intent: Intent, *, at: datetime) -> None:
    """The card network holds the money, which is taken when goods leave (see `captures`). Until then it is asked now
    and then whether it still does."""
    states.check(payment, Payment.State.AUTHORIZED, states.PAYMENT)
    payment.state, payment.capture_before = Payment.State.AUTHORIZED, intent.capture_before
    payment.check_at = intent.capture_before or at + timedelta(days=1)
    payment.authorized_minor = min(intent.capturable, payment.amount_minor)
    payment.details = {**payment.details, **intent.card, "multicapture": intent.takes_several}
    _settle_with_attempt(payment, intent, at=at)


def _settle_with_attempt(payment: Payment, intent: Intent, *, at: datetime) -> None:
    """Write a payment that succeeded, and its try, in one statement: all that a checkout asks is counted."""
    payment.provider_id, payment.failure_code, payment.failure_text = intent.id, "", ""
    rows(
        "WITH tried AS (UPDATE orders_paymentattempt SET state = 'succeeded', settled_at = %(at)s, provider_id ="
        " %(charge)s, failure_code = '', failure_text = '' WHERE payment_id = %(id)s AND number = %(attempt)s)"
        " UPDATE orders_payment SET state = %(state)s, settled_at = %(settled_at)s, check_at = %(check_at)s,"
        " authorized_minor = %(authorized_minor)s, captured_minor = %(captured_minor)s, provider_id = %(provider_id)s,"
        " capture_before = %(capture_before)s, details = %(details)s, failure_code = '', failure_text = ''"
        " WHERE id = %(id)s",
        {**vars(payment), "details": json.dumps(payment.details), "at": at, "charge": intent.charge},
    )


@in_transaction
def claim_due(*, at: datetime, limit: int) -> list[UUID]:
    """Uids of payments to ask about now, the longest waiting first, each put off by a pause: who asks about them next
    does so after that, whatever becomes of this one."""
    first, often, rarely = PAUSES
    found = rows(
        # not `IN (SELECT … LIMIT)`: a plan may run that once for each row, and lock more than the limit
        "WITH due AS MATERIALIZED (SELECT id FROM orders_payment WHERE check_at <= %(at)s ORDER BY check_at"
        " LIMIT %(limit)s FOR UPDATE SKIP LOCKED)"
        " UPDATE orders_payment p SET check_at = %(at)s + CASE"
        " WHEN created_at < %(at)s - interval '1 hour' THEN %(rarely)s"
        " ELSE greatest(%(first)s, least((%(at)s - created_at) / 6, %(often)s)) END"
        " FROM due WHERE p.id = due.id RETURNING p.uid",
        {"at": at, "first": first, "often": often, "rarely": rarely, "limit": limit},
    )
    return [uid for (uid,) in found]
