"""What is on a gift card? Asked in the shop by anybody, at a till by the associate."""

from datetime import datetime

from commerce.kernel.db import action
from customers import gift_cards, lookups
from customers.errors import TooManyLookups
from customers.models import GiftCard


def look_up_gift_card(code: str, *, origin: str, most: int = lookups.PER_ADDRESS, at: datetime) -> GiftCard | None:
    """The card of a code, whatever its state, or None; each look counts against `origin` (an address, a till). What the
    asker may learn of it is the caller's to decide: for the shop see `look_up_balance`. Raises `TooManyLookups`."""
    card, refusal = _look(code, origin=origin, most=most, at=at)
    if refusal:
        raise refusal
    return card


def look_up_balance(code: str, *, origin: str, most: int = lookups.PER_ADDRESS, at: datetime) -> GiftCard | None:
    """A card that pays something, or None: a code that is unknown, blocked, expired or empty is one and the same
    answer. Raises `TooManyLookups`."""
    card = look_up_gift_card(code, origin=origin, most=most, at=at)
    return card if card and gift_cards.available(card, at=at) else None


@action
def _look(code: str, *, origin: str, most: int, at: datetime) -> tuple[GiftCard | None, TooManyLookups | None]:
    """The count is kept although the asker is refused."""
    refusal = lookups.count(origin, most=most, at=at)
    return (None if refusal else gift_cards.by_code(code)), refusal
