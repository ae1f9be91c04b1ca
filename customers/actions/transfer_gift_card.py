"""A gift card whose number is lost, or known to others, gets a new one."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from customers import gift_cards
from customers.models import GiftCard
from customers.wallets import Source


@action
def transfer_gift_card(card: GiftCard, *, reason: str, person: User | None, at: datetime) -> tuple[GiftCard, str]:
    """The new card with its code, which nobody sees again. Raises `NotAllowed`, `CardReplaced`, `NotForActivation`."""
    require(person, "wallet.give")
    new = gift_cards.transfer(card, source=Source("decision", new_uid(), person, reason), at=at)
    return new, gift_cards.reveal(new, at=at)
