"""A card payment at the reader: start it, look at it, stop it. The sale itself is recorded when it is paid."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.pricing.queries import market_for
from orders import gateway, offered
from pos import cards
from pos.models import CardAttempt, Register


def start_card(
    register: Register, *, uid: UUID, sale_uid: UUID, amount_minor: int, currency: str, person: User, at: datetime
) -> CardAttempt:
    """Ask for a card on the register's reader; asking again with the same uid starts nothing new.

    Raises `NotAllowed`, `TenderNotOffered`, `KeyReused`, `PaymentUnavailable` (nothing was charged) and `InvalidInput`
    for a register without a reader.
    """
    if not register.card_reader:
        raise InvalidInput({"card_reader": [_("This register has no card reader. Take cash, or ask a manager.")]})
    if amount_minor <= 0:
        raise InvalidInput({"amount": [_("There is nothing to pay by card.")]})
    attempt = _begin(
        register,
        uid=uid,
        sale_uid=sale_uid,
        amount_minor=amount_minor,
        currency=currency,
        person=person,
        at=at,
    )
    if attempt.state == CardAttempt.State.STARTED:
        if not attempt.provider_id:
            attempt = _remember(attempt, cards.announce(attempt))
        if attempt.state == CardAttempt.State.STARTED:
            cards.ask_for_card(attempt, register.card_reader)  # again, if need be: the first try may have died before
    return attempt


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
    failure = "" if intent.status == "succeeded" else cards.reader_failure(attempt)
    return _settle(attempt, intent, failure, at=at)


@action
def _settle(attempt: CardAttempt, intent: gateway.Intent, failure: str, *, at: datetime) -> CardAttempt:
    return cards.settle(attempt, intent, reader_failure=failure, at=at)


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
    return _settle(attempt, gateway.cancel(attempt.provider_id), "", at=at)
