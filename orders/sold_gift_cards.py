"""Lines of orders that are gift cards: their money goes onto a card, and is owed instead of earned. Steps.

Cards are locked with the wallets, before stock (see `kernel.db`).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from customers import gift_cards
from customers.errors import GiftCardUnusable, NotForActivation
from customers.models import GiftCard
from customers.wallets import Source
from orders.models import OrderLine

State = GiftCard.State


@in_transaction
def load(
    lines: Sequence[tuple[OrderLine, UUID | None]], currency: str, *, actor: User | None, at: datetime
) -> list[OrderLine]:
    """Put each line's money onto the card that it names: a new card becomes active, one in use has more. Returns the
    lines whose card could not take it; they have a card of their own now, whose number the office hands out."""
    astray = []
    for line, uid in sorted(lines, key=lambda pair: str(pair[1])):
        amount = line.total_minor - line.tax_minor
        if amount <= 0:
            continue
        source = Source("order_line", line.uid, actor)
        named = GiftCard.objects.filter(uid=uid, currency=currency).first() if uid else None
        card = _load(named, amount, source, at=at) if named else None
        if card is None:
            astray.append(line)
            card = gift_cards.issue(currency, amount, origin=GiftCard.Origin.SALE, kind="sold", source=source, at=at)
        OrderLine.objects.filter(pk=line.pk).update(gift_card=card)
        line.gift_card = card
    return astray


@in_transaction
def _load(card: GiftCard, amount: int, source: Source, *, at: datetime) -> GiftCard | None:
    try:
        if card.state == State.INACTIVE:
            return gift_cards.activate(card, amount, source=source, at=at)
        return gift_cards.top_up(card, amount, source=source, at=at)
    except (GiftCardUnusable, NotForActivation):
        return None
