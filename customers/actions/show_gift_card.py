"""The number of a gift card that was made for money given back, for whoever hands it over."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers import gift_cards
from customers.errors import CodeShown
from customers.models import GiftCard


@action
def show_gift_card(card: GiftCard, *, person: User | None, at: datetime) -> str:
    """Its code, once. Other cards are told elsewhere: as they are sold, mailed or given.

    Raises `NotAllowed`, `CodeShown`.
    """
    require(person, "wallet.give")
    if card.origin != GiftCard.Origin.REFUND:
        raise CodeShown()
    return gift_cards.reveal(card, at=at)
