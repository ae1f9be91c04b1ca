"""A card payment at the reader: start it, look at it, stop it. The sale itself is recorded when it is paid."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.pricing.queries import market_for
from orders import gateway, offered
from orders.errors import PaymentUnknown
from pos import cards
from pos.models import CardAttempt, Register


def start_card(
    register: Register,
    *,
    uid: UUID,
    sale_uid: UUID,
    amount_minor: int,
    currency: str,
    counted: Collection[UUID] = (),
    person: User,
    at: datetime,
) -> CardAttempt:
    """Ask for a card on the register's reader; asking again with the same uid starts nothing new. `counted` are the
    card payments of this sale that the till knows of.

    A payment that was left behind at this register is ended first: what comes of it can never pay this sale (F35).
    Raises `NotAllowed`, `TenderNotOffered`, `KeyReused`, `ReaderUnsettled`, `PaidAlready`, `ReaderBusy`,
    `ReaderOffline`, `PaymentUnavailable` (nothing was charged) and `InvalidInput` for a register without a reader.
    """
    if not register.card_reader:
        raise InvalidInput({"card_reader": [_("This register has no card reader. Take cash, or ask a manager.")]})
    if amount_minor <= 0:
        raise InvalidInput({"amount": [_("There is nothing to pay by card.")]})
    require(person, "sale.record", register.location)  # who may not sell ends nobody's payment either
    _end_others(register, uid, at=at)
    attempt = _begin(
        register,
        uid=uid,
        sale_uid=sale_uid,
        amount_minor=amount_minor,
        currency=currency,
        counted=counted,
        person=person,
        at=at,
    )
    if attempt.state == CardAttempt.State.STARTED:
        if not attempt.provider_id:
            attempt = _remember(attempt, cards.announce(attempt))
        if attempt.state == CardAttempt.State.STARTED:
            cards.ask_for_card(attempt, register.card_reader)  # again, if need be: the first try may have died before
    return attempt


def _end_others(register: Register, uid: UUID, *, at: datetime) -> None:
    for left in cards.unsettled(register, besides=uid):
        with suppress(PaymentUnknown):  # then it has no end yet, and `begin` refuses
            stop_card(register, left, at=at)


@action
def _begin(register: Register, **details: object) -> CardAttempt:
    person = details["person"]
    assert isinstance(person, User)
    require(person, "sale.record", register.location)
    offered.demand_tender(market_for(register.location.country), "card_present")
    return cards.begin(register, **details)  # type: ignore[arg-type]


@action
def _remember(attempt: CardAttempt, provider_id: str) -> CardAttempt:
    return cards.remember(attempt, provider_id)


def check_card(register: Register, uid: UUID, *, at: datetime) -> CardAttempt:
    """What became of a card payment, by the card network's word. Raises `NotFound`, `PaymentUnknown`."""
    attempt = cards.hold(uid, register)
    if attempt.state != CardAttempt.State.STARTED or not attempt.provider_id:
        return attempt
    intent = gateway.retrieve(attempt.provider_id)
    failure = cards.failure_of(attempt, intent)
    if failure:
        intent = gateway.cancel(attempt.provider_id)  # no card can pay by it any more, whatever a reader does
    return _settle(attempt, intent, failure, at=at)


@action
def _settle(
    attempt: CardAttempt, intent: gateway.Intent, failure: cards.Failure | None, *, at: datetime
) -> CardAttempt:
    return cards.settle(attempt, intent, failure=failure, at=at)


@action
def _give_up(attempt: CardAttempt, *, at: datetime) -> CardAttempt:
    return cards.give_up(attempt, at=at)


def stop_card(register: Register, uid: UUID, *, at: datetime) -> CardAttempt:
    """Give up a card payment, unless it went through in the meantime: the answer says which.

    Raises `NotFound`, `PaymentUnknown`.
    """
    attempt = cards.hold(uid, register)
    if attempt.state == CardAttempt.State.STARTED and not attempt.provider_id:
        attempt = _give_up(attempt, at=at)
    if attempt.state != CardAttempt.State.STARTED:
        return attempt
    cards.stop_reader(attempt)
    return _settle(attempt, gateway.cancel(attempt.provider_id), None, at=at)
