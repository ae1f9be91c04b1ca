"""A gift card out of goodwill, from the back office."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers import gift_cards
from customers.models import GiftCard
from customers.wallets import Source


@action
def issue_gift_card(
    currency: str, amount_minor: int, *, decision: UUID, reason: str, person: User | None, at: datetime
) -> tuple[GiftCard, str]:
    """A card with money on it, and its code, which nobody sees again. `decision` is the form's uid: sent twice, it
    makes one card. Raises `NotAllowed`, and `CodeShown` the second time."""
    require(person, "wallet.give")
    card = gift_cards.give(currency, amount_minor, source=Source("decision", decision, person, reason), at=at)
    return card, gift_cards.reveal(card, at=at)
