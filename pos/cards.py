"""Card payments on a register's reader: the only writer of `CardAttempt`, and the calls to the card network for it.

The reader is driven by the card network, so a card never touches this system. An attempt whose outcome is unknown stays
`started` until the network says what became of it; it is never assumed.
"""

from datetime import datetime
from uuid import UUID

import stripe

from commerce.company.models import User
from commerce.kernel.db import in_own_transaction, in_transaction
from commerce.kernel.errors import KeyReused, NotFound
from orders import gateway
from orders.errors import PaymentUnavailable, PaymentUnknown
from orders.gateway import Intent
from pos.models import CardAttempt, Register


@in_transaction
def begin(
    register: Register, *, uid: UUID, sale_uid: UUID, amount_minor: int, currency: str, person: User, at: datetime
) -> CardAttempt:
    """Write down the attempt before anybody is asked for a card; the same uid again is the same attempt.

    Raises `KeyReused` when it was another payment's.
    """
    attempt, _created = CardAttempt.objects.get_or_create(
        uid=uid,
        defaults={
            "sale_uid": sale_uid,
            "register": register,
            "currency": currency,
            "amount_minor": amount_minor,
            "actor": person,
            "created_at": at,
        },
    )
    asked = (register.pk, sale_uid, amount_minor, currency)
    if (attempt.register_id, attempt.sale_uid, attempt.amount_minor, attempt.currency) != asked:
        raise KeyReused()
    return attempt


@in_transaction
def enter_approved(
    register: Register, *, uid: UUID, sale_uid: UUID, intent: Intent, person: User, at: datetime
) -> CardAttempt:
    """Enter a payment that went through elsewhere, or long ago, and that nobody has to wait for any more."""
    return CardAttempt.objects.create(
        uid=uid,
        sale_uid=sale_uid,
        register=register,
        currency=intent.currency,
        amount_minor=intent.amount,
        state=CardAttempt.State.APPROVED,
        provider_id=intent.id,
        details=intent.card,
        actor=person,
        created_at=at,
    )


@in_transaction
def remember(attempt: CardAttempt, provider_id: str) -> None:
    """Keep the card network's id before the reader asks for a card."""
    CardAttempt.objects.filter(pk=attempt.pk).update(provider_id=provider_id)
    attempt.provider_id = provider_id


@in_transaction
def settle(attempt: CardAttempt, intent: Intent, *, reader_failure: str) -> CardAttempt:
    """Make the attempt say what the card network says. A word that is final is not taken back."""
    attempt = CardAttempt.objects.select_for_update().get(pk=attempt.pk)
    if attempt.state == CardAttempt.State.STARTED:
        if intent.status == "succeeded":
            attempt.state, attempt.details = CardAttempt.State.APPROVED, intent.card
        elif intent.status == "canceled":
            attempt.state = CardAttempt.State.CANCELED
        elif reader_failure or intent.failure:
            attempt.state, attempt.failure_text = CardAttempt.State.DECLINED, intent.failure or reader_failure
        attempt.save(update_fields=["state", "details", "failure_text"])
    return attempt


def hold(uid: UUID, register: Register) -> CardAttempt:
    """A register's attempt. Raises `NotFound`."""
    found = CardAttempt.objects.filter(uid=uid, register=register).first()
    if found is None:
        raise NotFound(what="card payment", key=str(uid))
    return found


def announce(attempt: CardAttempt) -> str:
    """Tell the card network about the payment; its id. Asking again gives the same one."""
    _outside_transaction()
    try:
        made = gateway.client().v1.payment_intents.create(
            params={
                "amount": attempt.amount_minor,
                "currency": attempt.currency.lower(),
                "allowed_payment_method_types": ["card_present"],
                "capture_method": "automatic",
                "metadata": {"attempt": str(attempt.uid), "sale": str(attempt.sale_uid)},
            },
            options={"idempotency_key": str(attempt.uid)},
        )
    except stripe.StripeError as error:
        raise PaymentUnavailable() from error
    return made.id


def ask_for_card(attempt: CardAttempt, reader: str) -> None:
    """Light up the reader."""
    _outside_transaction()
    try:
        gateway.client().v1.terminal.readers.process_payment_intent(
            reader,
            params={"payment_intent": attempt.provider_id},
            options={"idempotency_key": f"{attempt.uid}-reader"},
        )
    except stripe.StripeError as error:
        raise PaymentUnavailable(reason=str(error.user_message or "")) from error


def reader_failure(attempt: CardAttempt, reader: str) -> str:
    """What the reader says went wrong with this payment; empty while it waits or when all is well."""
    _outside_transaction()
    try:
        found = gateway.client().v1.terminal.readers.retrieve(reader).to_dict()
    except stripe.StripeError as error:
        raise PaymentUnknown() from error
    action = found.get("action") or {}
    about = (action.get("process_payment_intent") or {}).get("payment_intent")
    if action.get("status") != "failed" or (about if isinstance(about, str) else None) != attempt.provider_id:
        return ""
    return str(action.get("failure_message") or action.get("failure_code") or "")


def stop_reader(reader: str) -> None:
    """Put the reader back to rest, if it still waits for a card."""
    _outside_transaction()
    try:
        gateway.client().v1.terminal.readers.cancel_action(reader)
    except stripe.InvalidRequestError:
        return  # it is past the point of no return: what comes of it is asked for
    except stripe.StripeError as error:
        raise PaymentUnknown() from error


def _outside_transaction() -> None:
    if in_own_transaction():
        raise RuntimeError("the card network must not be called inside a transaction")
