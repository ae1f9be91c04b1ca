"""A gift card was lost, stolen or found again."""

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers import gift_cards
from customers.models import GiftCard


@action
def block_gift_card(card: GiftCard, *, reason: str, person: User | None) -> None:
    """Nobody can pay with it; its money stays on it. Raises `NotAllowed`, `NotForActivation`."""
    require(person, "wallet.block")
    gift_cards.block(card, reason=reason)


@action
def unblock_gift_card(card: GiftCard, *, person: User | None) -> None:
    """It pays again. Raises `NotAllowed`, `CardReplaced`."""
    require(person, "wallet.block")
    gift_cards.unblock(card)
