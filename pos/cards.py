"""Card payments on a register's reader: the only writer of `CardAttempt`, and the calls to the card network for it.

The reader is driven by the card network, so a card never touches this system. An attempt whose outcome is unknown stays
`started` until the network says what became of it; it is never assumed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import stripe

from commerce.cases import queue
from commerce.company.models import User
from commerce.kernel.db import in_own_transaction, in_transaction
from commerce.kernel.errors import DomainError, KeyReused, NotFound
from commerce.kernel.money import Money
from orders import gateway
from orders.errors import PaymentUnavailable, PaymentUnknown
from orders.gateway import Intent
from pos.errors import CardTaken, PaidAlready, ReaderBusy, ReaderOffline, ReaderUnsettled
from pos.models import CardAttempt, Register

State = CardAttempt.State
READER_REFUSALS: dict[str | None, type[DomainError]] = {
    "terminal_reader_busy": ReaderBusy,
    "terminal_reader_offline": ReaderOffline,
}
WITHOUT_SALE = "card_without_sale"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a card was not charged: the card network's code, and its words."""

    code: str
    text: str


@in_transaction
def begin(
    register: Register,
    *,
    uid: UUID,
    sale_uid: UUID,
    amount_minor: int,
    currency: str,
    counted: Collection[UUID],
    person: User,
    at: datetime,
) -> CardAttempt:
    """Write down the attempt before anybody is asked for a card; the same uid again is the same attempt.

    One payment at a time: the register's row is locked, so that two of them pass one after the other. `counted` are the
    sale's card payments that the till knows of. Raises `ReaderUnsettled` while another one may still charge a card,
    `PaidAlready` when the sale has one that the till does not know of, and `KeyReused` when the uid was another's.
    """
    Register.objects.select_for_update(of=("self",), no_key=True).get(pk=register.pk)
    _check_alone(register, sale_uid, {uid, *counted})
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


def _check_alone(register: Register, sale_uid: UUID, known: Collection[UUID]) -> None:
    others = CardAttempt.objects.filter(register=register).exclude(uid__in=known)
    waiting = others.filter(state=State.STARTED).first()
    if waiting is not None:
        raise ReaderUnsettled(amount=Money(waiting.amount_minor, waiting.currency).format())
    paid = others.filter(state=State.APPROVED, sale_uid=sale_uid).first()
    if paid is not None:
        amount = Money(paid.amount_minor, paid.currency).format()
        raise PaidAlready(amount=amount, attempt=str(paid.uid), amount_minor=paid.amount_minor)


def unsettled(register: Register, *, besides: UUID) -> list[UUID]:
    """Payments at a register that have no end yet, the oldest first, without one of them."""
    found = CardAttempt.objects.filter(register=register, state=State.STARTED).exclude(uid=besides)
    return list(found.order_by("created_at").values_list("uid", flat=True))


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
        settled_at=at,
    )


@in_transaction
def remember(attempt: CardAttempt, provider_id: str) -> CardAttempt:
    """Keep the card network's id before the reader asks for a card; the attempt as it is now: one that was given up in
    the meantime stays so, and no card may be asked for."""
    CardAttempt.objects.filter(pk=attempt.pk, state=CardAttempt.State.STARTED).update(provider_id=provider_id)
    return CardAttempt.objects.select_related("register").get(pk=attempt.pk)


@in_transaction
def give_up(attempt: CardAttempt, *, at: datetime) -> CardAttempt:
    """End an attempt that the card network was never told about: nobody can have been charged."""
    CardAttempt.objects.filter(pk=attempt.pk, state=CardAttempt.State.STARTED, provider_id="").update(
        state=CardAttempt.State.CANCELED, settled_at=at
    )
    return CardAttempt.objects.select_related("register").get(pk=attempt.pk)


@in_transaction
def take(attempt: CardAttempt, *, at: datetime) -> None:
    """A sale is recorded that this payment pays; whoever was looking for that sale can stop."""
    CardAttempt.objects.filter(pk=attempt.pk).update(taken_at=at)
    queue.resolve_about(WITHOUT_SALE, str(attempt.uid), at=at)


@in_transaction
def report_without_sale(uid: UUID, *, at: datetime) -> None:
    """Money was taken and no sale came with it: a case, unless one has come by now. Nothing is given back by itself,
    since the till may have the sale on its disk still."""
    attempt = CardAttempt.objects.select_for_update(of=("self",)).select_related("register__location").get(uid=uid)
    if attempt.state != CardAttempt.State.APPROVED or attempt.taken_at:
        return
    register, amount = attempt.register, Money(attempt.amount_minor, attempt.currency).format()
    when = attempt.created_at.astimezone(ZoneInfo(register.location.time_zone))
    card = f"{attempt.details.get('brand', '').capitalize()} ··{attempt.details.get('last4', '?')}".strip()
    queue.open_case(
        WITHOUT_SALE,
        subject=str(attempt.uid),
        text=f"{amount} was paid by card ({card}) at {register} on {when:%Y-%m-%d at %H:%M}, and no sale has come with"
        " it. Look at that till first: a sale that waits there takes the payment by itself, and this case is closed."
        " If there is none, give the money back.",
        location=register.location,
        context={
            "amount": amount,
            "card": card,
            "register": register.code,
            "paid_at": when.isoformat(timespec="minutes"),
            "card_network_id": attempt.provider_id,
        },
        at=at,
    )


@in_transaction
def promise_back(uid: UUID) -> CardAttempt:
    """From now on no sale can take this payment: it is given back. Raises `CardTaken`."""
    attempt = CardAttempt.objects.select_for_update(of=("self",)).select_related("register__location").get(uid=uid)
    if attempt.taken_at or attempt.state not in (State.APPROVED, State.REFUNDING, State.REFUNDED):
        raise CardTaken()
    if attempt.state == State.APPROVED:
        attempt.state = State.REFUNDING
        attempt.save(update_fields=["state"])
    return attempt


@in_transaction
def note_given_back(attempt: CardAttempt) -> None:
    """The card network has given the money back."""
    CardAttempt.objects.filter(pk=attempt.pk, state=State.REFUNDING).update(state=State.REFUNDED)


@in_transaction
def settle(attempt: CardAttempt, intent: Intent, *, failure: Failure | None = None, at: datetime) -> CardAttempt:
    """Make the attempt say what the card network says. A word that is final is not taken back.

    `failure` is why the intent was canceled, where the reader or the bank said no before: only an intent by which
    nobody can pay any more ends an attempt.
    """
    attempt = CardAttempt.objects.select_for_update(of=("self",)).select_related("register").get(pk=attempt.pk)
    if attempt.state == CardAttempt.State.STARTED:
        if intent.status == "succeeded":
            attempt.state, attempt.details = CardAttempt.State.APPROVED, intent.card
        elif intent.status == "canceled":
            attempt.state = CardAttempt.State.DECLINED if failure else CardAttempt.State.CANCELED
            if failure:
                attempt.failure_code, attempt.failure_text = failure.code[:80], failure.text[:500]
        if attempt.state != CardAttempt.State.STARTED:
            attempt.settled_at = at
            attempt.save(update_fields=["state", "details", "failure_code", "failure_text", "settled_at"])
    return attempt


def hold(uid: UUID, register: Register) -> CardAttempt:
    """A register's attempt. Raises `NotFound`."""
    found = CardAttempt.objects.select_related("register").filter(uid=uid, register=register).first()
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
    """Light up the reader. Raises `ReaderBusy`, `ReaderOffline`, `PaymentUnavailable`: no card was asked for, or nobody
    knows: stop it then."""
    _outside_transaction()
    try:
        gateway.client().v1.terminal.readers.process_payment_intent(
            reader,
            params={
                "payment_intent": attempt.provider_id,
                "process_config": {"enable_customer_cancellation": True},
            },
            options={"idempotency_key": f"{attempt.uid}-reader"},
        )
    except stripe.StripeError as error:
        if error.code in READER_REFUSALS:
            raise READER_REFUSALS[error.code]() from error
        raise PaymentUnavailable(reason=str(error.user_message or "")) from error


def failure_of(attempt: CardAttempt, intent: Intent) -> Failure | None:
    """What the bank or the reader says went wrong with this payment; None while it waits or when all is well."""
    if intent.status == "succeeded":
        return None
    action = _reader_action(attempt)
    if action.get("status") == "failed":
        code = str(action.get("failure_code") or "")
        return Failure(code, intent.failure or str(action.get("failure_message") or code))
    return Failure(intent.failure_code, intent.failure) if intent.failure else None


def refund(attempt: CardAttempt) -> None:
    """Give all of it back; asking again gives back nothing more. Raises `PaymentUnknown`.

    No key of ours goes along: the card network keeps its own failures under a key for good, and all of a charge can go
    back only once, whoever asks.
    """
    _outside_transaction()
    try:
        if _has_gone_back(attempt):
            return
        gateway.client().v1.refunds.create(
            params={"payment_intent": attempt.provider_id, "metadata": {"attempt": str(attempt.uid)}}
        )
    except stripe.StripeError as error:
        raise PaymentUnknown(payment=str(attempt.uid)) from error


def _has_gone_back(attempt: CardAttempt) -> bool:
    listed = gateway.client().v1.refunds.list({"payment_intent": attempt.provider_id, "limit": 100})
    arrived = sum(row.amount for row in listed.data if row.status not in ("failed", "canceled"))
    return arrived >= attempt.amount_minor


def stop_reader(attempt: CardAttempt) -> None:
    """Put the reader back to rest, if it still waits for the card of this payment."""
    if _reader_action(attempt).get("status") != "in_progress":
        return
    try:
        gateway.client().v1.terminal.readers.cancel_action(attempt.register.card_reader)
    except stripe.InvalidRequestError:
        return  # it is past the point of no return: what comes of it is asked for
    except stripe.StripeError as error:
        raise PaymentUnknown() from error


def _reader_action(attempt: CardAttempt) -> dict[str, Any]:
    """What the register's reader does, or did last, for this payment; empty when it is busy with another, or gone."""
    _outside_transaction()
    try:
        found = gateway.client().v1.terminal.readers.retrieve(attempt.register.card_reader or "none").to_dict()
    except stripe.InvalidRequestError:
        return {}
    except stripe.StripeError as error:
        raise PaymentUnknown() from error
    action: dict[str, Any] = found.get("action") or {}
    about = (action.get("process_payment_intent") or {}).get("payment_intent")
    return action if (about if isinstance(about, str) else None) == attempt.provider_id else {}


def _outside_transaction() -> None:
    if in_own_transaction():
        raise RuntimeError("the card network must not be called inside a transaction")
