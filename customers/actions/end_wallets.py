"""What time ends: holds that nobody took, and gift cards whose last day is over."""

from datetime import datetime, timedelta

from commerce.kernel.db import action
from customers import gift_cards, wallets
from customers.models import GiftCard

# A sale may reach the server late, from a till whose line was cut after the card was held: it is looked for that long.
FORGOTTEN_AFTER = timedelta(days=2)


@action
def end_holds(*, at: datetime) -> int:
    """Release holds that ran out long ago; how many."""
    return wallets.release_forgotten(before=at - FORGOTTEN_AFTER, at=at)


def expire_gift_cards(*, at: datetime) -> int:
    """Take what is left from cards that have expired, each in a transaction of its own; how many."""
    return sum(_expire(card, at=at) for card in gift_cards.overdue(at=at))


@action
def _expire(card: GiftCard, *, at: datetime) -> bool:
    return gift_cards.expire(card, at=at) > 0
