"""Gift cards and store credit as the steps make them."""

from datetime import datetime, timedelta
from uuid import UUID

from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from customers import gift_card_codes, gift_cards, profiles, store_credit, wallets
from customers.models import GiftCard, StoreCredit, WalletHold
from customers.wallets import Source


@action
def gift_card(amount_minor: int = 5_000, currency: str = "USD", *, at: datetime | None = None) -> GiftCard:
    """An active card, given out of goodwill so that the books know it."""
    source = Source("decision", new_uid(), reason="A birthday")
    return gift_cards.give(currency, amount_minor, source=source, at=at or now())


@action
def refund_card(amount_minor: int = 1_000, currency: str = "USD") -> GiftCard:
    """A new card that money was given back on; the books do not know of it."""
    source = Source("refund", new_uid())
    origin = GiftCard.Origin.REFUND
    return gift_cards.issue(currency, amount_minor, origin=origin, kind="refunded", source=source, at=now())


def code_of(card: GiftCard) -> str:
    """The number that is printed on it."""
    return gift_card_codes.code(card.uid)


@action
def credit(email: str = "ada@example.com", amount_minor: int = 2_000, currency: str = "USD") -> StoreCredit:
    """A customer's account with something on it."""
    at = now()
    customer = profiles.recognize(email, name="Ada", at=at)
    return store_credit.give(customer, currency, amount_minor, source=Source("decision", new_uid()), at=at)


@action
def hold(card: GiftCard, up_to: int, *, sale: UUID, minutes: int = 15, at: datetime | None = None) -> WalletHold:
    """Hold of a card for a sale."""
    at = at or now()
    return gift_cards.hold(card, up_to, source=Source("sale", sale), until=at + timedelta(minutes=minutes), at=at)


@action
def take(sale: UUID, *, at: datetime | None = None) -> int:
    """Take what is held for a sale, without a sale; how much it was, in minor units. The books do not know of it."""
    found = wallets.holds_of(sale)
    locked = wallets.lock_of(found)
    for one in found:
        wallets.take(one, locked[one.pk], source=Source("payment", one.uid), at=at or now())
    return sum(one.amount_minor for one in found)
