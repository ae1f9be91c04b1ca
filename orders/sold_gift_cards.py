"""Lines of orders that are gift cards: their money goes onto a card, and is owed instead of earned. Steps.

Cards are locked with the wallets, before stock (see `kernel.db`).

A card that was bought by mail comes back whole or not at all, and only as long as nobody has paid with it: it is then
blocked, and its money is owed to who bought it, like that of goods. One that a till has sold never does.
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
from orders.models import GiftCardDelivery, OrderLine

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
            put_on_new(line, currency, actor=actor, at=at)
        else:
            _keep(line, card)
    return astray


@in_transaction
def put_on_new(line: OrderLine, currency: str, *, actor: User | None, at: datetime) -> None:
    """A line's money goes onto a card that is made for it."""
    amount, source = line.total_minor - line.tax_minor, Source("order_line", line.uid, actor)
    card = gift_cards.issue(currency, amount, origin=GiftCard.Origin.SALE, kind="sold", source=source, at=at)
    _keep(line, card)


def _keep(line: OrderLine, card: GiftCard) -> None:
    OrderLine.objects.filter(pk=line.pk).update(gift_card=card)
    line.gift_card = card


@in_transaction
def _load(card: GiftCard, amount: int, source: Source, *, at: datetime) -> GiftCard | None:
    try:
        if card.state == State.INACTIVE:
            return gift_cards.activate(card, amount, source=source, at=at)
        return gift_cards.top_up(card, amount, source=source, at=at)
    except (GiftCardUnusable, NotForActivation):
        return None


def card_of(line: OrderLine) -> GiftCard | None:
    """The card that has a line's money now: the one it was sold with, or what has taken its place."""
    return gift_cards.newest(line.gift_card) if line.gift_card else None


def is_unused(line: OrderLine) -> bool:
    """Whether a line's card can come back: it was mailed, all that was ever put on it was the line's money, and nobody
    has taken any of it."""
    if not GiftCardDelivery.objects.filter(line=line).exists():
        return False
    card = card_of(line)
    return card is not None and gift_cards.is_untouched(card, line.total_minor - line.tax_minor)


@in_transaction
def take_back(line: OrderLine, *, source: Source, at: datetime) -> bool:
    """End the card of a line that comes back; whether it was unused, behind its lock. The line names it afterwards, so
    that the books take the money off where it is."""
    card = card_of(line)
    amount = line.total_minor - line.tax_minor
    if card is None or not is_unused(line) or not gift_cards.take_back(card, amount, source=source, at=at):
        return False
    _keep(line, card)
    return True
