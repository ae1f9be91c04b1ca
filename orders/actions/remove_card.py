"""A saved card goes: nobody can charge it any more, and the card network forgets it."""

from datetime import datetime
from uuid import UUID

from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from customers import saved_cards
from customers.models import Customer, SavedCard
from orders import gateway_cards
from orders.errors import PaymentUnavailable


def remove_card(uid: UUID, *, customer: Customer | None = None, person: User | None = None, at: datetime) -> SavedCard:
    """Remove a card: the customer their own, or a member of staff on their behalf. Should the card network be silent,
    it is told later. Raises `NotFound`, `NotAllowed`."""
    card = _remove(uid, customer=customer, person=person, at=at)
    forget([card], at=at)
    return card


def forget(cards: list[SavedCard], *, at: datetime) -> int:
    """Let the card network forget removed cards; how many it has forgotten."""
    done = 0
    for card in cards:
        try:
            gateway_cards.detach(card.provider_id)
        except PaymentUnavailable:
            continue
        _note_detached(card.provider_id, at=at)
        done += 1
    return done


@action
def _remove(uid: UUID, *, customer: Customer | None, person: User | None, at: datetime) -> SavedCard:
    permissions.require(person, "card.remove")
    why = SavedCard.Why.STAFF if person else SavedCard.Why.CUSTOMER
    return saved_cards.remove(uid, customer=customer, why=why, by=person, at=at)


@action
def _note_detached(provider_id: str, *, at: datetime) -> None:
    saved_cards.note_detached(provider_id, at=at)
