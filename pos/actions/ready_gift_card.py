"""A gift card is about to be sold: the scanned one can take money, or a new one is made for the receipt."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers import gift_cards
from customers.actions.look_up_gift_card import look_up_gift_card
from customers.errors import GiftCardUnusable
from customers.lookups import PER_TILL
from customers.models import GiftCard
from pos.models import Register


def ready_gift_card(
    register: Register, code: str, *, currency: str, person: User, at: datetime
) -> tuple[GiftCard, str]:
    """The card that a sale will put money on, and its code where it was made just now ("" for one that was scanned). It
    is worth nothing more before the sale. Raises `NotAllowed`, `TooManyLookups`, `GiftCardUnusable`."""
    require(person, "sale.record", register.location)
    if not code.strip():
        return _make(currency, at=at)
    card = look_up_gift_card(code, origin=f"till {register.pk}", most=PER_TILL, at=at)
    if card is None or card.currency != currency or card.state == GiftCard.State.BLOCKED:
        raise GiftCardUnusable()
    if gift_cards.is_expired(card, at=at):
        raise GiftCardUnusable()
    return card, ""


@action
def _make(currency: str, *, at: datetime) -> tuple[GiftCard, str]:
    card = gift_cards.mint(currency, GiftCard.Origin.SALE, at=at)[0]
    return card, gift_cards.reveal(card, at=at)
