"""Cards for the shelf: numbers that are worth nothing until a sale puts money on them."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers import gift_cards
from customers.models import GiftCard

MOST = 1000


@action
def print_gift_cards(currency: str, count: int, *, person: User | None, at: datetime) -> list[tuple[GiftCard, str]]:
    """New cards with their codes, for whoever prints them. Raises `NotAllowed`."""
    require(person, "wallet.give")
    made = gift_cards.mint(currency, GiftCard.Origin.PRINTED, at=at, count=min(count, MOST))
    return [(card, gift_cards.reveal(card, at=at)) for card in made]
