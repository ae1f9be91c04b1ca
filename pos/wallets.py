"""Gift cards and store credit at a till: held by the server for one sale, taken with it.

A till with no server can hold nothing, so it takes none.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import User
from commerce.kernel.db import in_transaction
from customers import gift_cards, store_credit, wallets
from customers.errors import GiftCardUnusable, NothingToSpend, WalletNotHeld
from customers.models import Customer, GiftCard, WalletHold
from customers.profiles import email_key
from customers.wallets import Source
from orders import sold_gift_cards
from orders.models import Order, OrderLine, Payment
from orders.wallet_payments import details_of
from pos.envelope import Envelope, TenderPart
from pos.oddities import Oddity

SOURCE = "sale"
TENDERS = ("gift_card", "store_credit")
HELD_FOR = timedelta(minutes=30)


@in_transaction
def hold_card(
    card: GiftCard | None, up_to: int, currency: str, *, sale: UUID, known: Sequence[UUID] = (), at: datetime
) -> WalletHold:
    """Hold of a card what a sale still costs, or what there is, on top of what a `known` hold of it keeps for the sale.
    Raises `GiftCardUnusable`."""
    if card is None or card.currency != currency:
        raise GiftCardUnusable()
    up_to += _kept(sale, known, gift_card=card)
    return gift_cards.hold(card, up_to, source=Source(SOURCE, sale), until=at + HELD_FOR, at=at)


@in_transaction
def hold_credit(
    email: str, up_to: int, currency: str, *, sale: UUID, known: Sequence[UUID] = (), at: datetime
) -> WalletHold:
    """The same of a customer's credit. Raises `NothingToSpend`."""
    customer = Customer.objects.filter(email_key=email_key(email)).first()
    if customer is None:
        raise NothingToSpend()
    source = Source(SOURCE, sale)
    up_to += _kept(sale, known, store_credit__customer=customer, store_credit__currency=currency)
    return store_credit.hold(customer.pk, currency, up_to, source=source, until=at + HELD_FOR, at=at)


def _kept(sale: UUID, known: Sequence[UUID], **of: Any) -> int:
    """What a hold that the till has on its screen keeps of a wallet for its sale; one whose answer was lost is nothing
    to add to."""
    if not known:
        return 0
    own = WalletHold.objects.filter(source_type=SOURCE, source_uid=sale, state=WalletHold.State.HELD, uid__in=known)
    return sum(own.filter(**of).values_list("amount_minor", flat=True))


@in_transaction
def release(sale: UUID, hold: UUID, *, at: datetime) -> None:
    """The sale is not paid with it after all."""
    wallets.release(sale, hold_uid=hold, at=at)


@in_transaction
def match(envelope: Envelope) -> dict[UUID, WalletHold]:
    """The holds that an envelope pays with, by their uid. Raises `WalletNotHeld` unless each was granted for this very
    sale, means and amount, and was given back by nobody."""
    parts = [part for part in envelope.tenders if part.type in TENDERS]
    if not parts:
        return {}
    wanted = [part.hold for part in parts if part.hold]
    found = {one.uid: one for one in wallets.holds_of(envelope.uid) if one.uid in wanted}
    if len(set(wanted)) != len(parts):
        raise WalletNotHeld()
    for part in parts:
        _compare(part, found.get(part.hold) if part.hold else None, envelope)
    return found


def _compare(part: TenderPart, held: WalletHold | None, envelope: Envelope) -> None:
    said = (part.type, part.amount_minor, envelope.currency, WalletHold.State.HELD, SOURCE)
    if held is None or said != (
        wallets.column(held.wallet),
        held.amount_minor,
        held.currency,
        held.state,
        held.source_type,
    ):
        raise WalletNotHeld()


@in_transaction
def take(held: dict[UUID, WalletHold], paid: list[tuple[TenderPart, Payment]], *, at: datetime) -> None:
    """Take what the sale's payments say. Raises `WalletHoldLost` when a hold ran out and its money is gone."""
    locked = wallets.lock_of(held.values())
    for part, payment in paid:
        if part.hold and part.hold in held:
            one = held[part.hold]
            wallets.take(one, locked[one.pk], source=Source("payment", payment.uid), at=at)


@in_transaction
def load_cards(
    envelope: Envelope, lines: list[OrderLine], variants: list[Variant], *, actor: User | None, at: datetime
) -> list[OrderLine]:
    """Put the money of gift cards that were sold on them; the lines whose card could not take it."""
    sold = [
        (line, said.gift_card)
        for said, line, variant in zip(envelope.lines, lines, variants, strict=True)
        if variant.is_gift_card
    ]
    return sold_gift_cards.load(sold, envelope.currency, actor=actor, at=at) if sold else []


def of_cards(astray: list[OrderLine], order: Order) -> list[Oddity]:
    """A customer has paid for a card that does not work: somebody must give them the number of one that does."""
    if not astray:
        return []
    cards = [str(line.gift_card) for line in astray]
    text = _(
        "Sale %(number)s sold gift cards that could not be activated. The money is on new cards (%(cards)s): give each"
        " of them a new number in the back office, and hand it to the customer."
    ) % {"number": order.number, "cards": ", ".join(cards)}
    return [Oddity("gift_card_astray", "gift_card_astray", str(order.number), text, {"cards": cards})]


def details(part: TenderPart, held: dict[UUID, WalletHold]) -> dict[str, str]:
    """Which card or account paid a part of a sale; nothing for other means."""
    return details_of(held[part.hold]) if part.hold and part.hold in held else {}
