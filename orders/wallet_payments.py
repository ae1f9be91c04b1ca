"""What gift cards and credit pay of an order: held while it is a checkout, taken when it is placed. Steps.

The caller holds the order's lock; wallets come after payments and before stock in the order of locks.
"""

from collections.abc import Sequence
from datetime import datetime

from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from customers import gift_cards, wallets
from customers.errors import GiftCardUnusable, WalletHoldLost
from customers.models import GiftCard, WalletHold
from customers.wallets import Source
from orders.least_charges import least_charge
from orders.models import Order, Payment

SOURCE = "order"


@in_transaction
def hold(order: Order, cards: Sequence[int], payable: int, *, until: datetime, at: datetime) -> int:
    """Hold of the gift cards (primary keys, in the order in which they were entered) up to `payable` of what the order
    costs; how much they pay. A card that is not needed any more is left alone, and what they leave to a bank card is
    never less than one can pay. Raises `GiftCardUnusable`."""
    if not cards:
        return 0
    known = {card.pk: card for card in GiftCard.objects.filter(pk__in=cards, currency=order.currency)}
    if len(known) != len(set(cards)):
        raise GiftCardUnusable()
    for pk in sorted(known):  # locks by primary key, whatever the order in which they pay
        known[pk] = wallets.lock(known[pk])
    shares = _shares([known[pk] for pk in dict.fromkeys(cards)], payable, order, at=at)
    for card, amount in shares:
        gift_cards.hold(card, amount, source=Source(SOURCE, order.uid), until=until, at=at)
    return sum(amount for _card, amount in shares)


def _shares(cards: Sequence[GiftCard], payable: int, order: Order, *, at: datetime) -> list[tuple[GiftCard, int]]:
    """What each card pays. The last ones leave a little on themselves where the rest would be too small to charge."""
    shares = []
    for card in cards:
        if payable <= 0:
            break
        amount = min(gift_cards.available(card, at=at, besides=order.uid), payable)
        if not amount:
            raise GiftCardUnusable()
        shares.append((card, amount))
        payable -= amount
    rest = order.total_minor - sum(amount for _card, amount in shares)
    least = least_charge(order.currency)
    short = least - rest if 0 < rest < least <= order.total_minor else 0
    for place in reversed(range(len(shares))):
        card, amount = shares[place]
        shares[place] = card, amount - min(amount, short)
        short -= min(amount, short)
    return [(card, amount) for card, amount in shares if amount]


def held_for(order: Order) -> list[WalletHold]:
    """What wallets pay of a checkout, card by card."""
    return [one for one in wallets.holds_of(order.uid) if one.state == WalletHold.State.HELD]


@in_transaction
def take(order: Order, card_minor: int, *, at: datetime) -> list[Payment]:
    """The payments by wallets of an order that is placed now, of which a card pays `card_minor`. A hold that ran out,
    or was released with its checkout, is taken while the money is there. Raises `WalletHoldLost`."""
    if card_minor >= order.total_minor:
        return []
    holds = wallets.holds_of(order.uid)
    if sum(one.amount_minor for one in holds) != order.total_minor - card_minor:
        raise WalletHoldLost()
    locked = wallets.lock_of(holds)
    paid = [payment_of(one, order, at=at) for one in holds]
    for one, payment in zip(holds, paid, strict=True):
        wallets.take(one, locked[one.pk], source=Source("payment", payment.uid), at=at)
    return Payment.objects.bulk_create(paid)


def payment_of(held: WalletHold, order: Order, *, at: datetime) -> Payment:
    """The payment that a hold becomes; not written yet."""
    return Payment(
        uid=new_uid(),
        order=order,
        tender=wallets.column(held.wallet),
        state=Payment.State.CAPTURED,
        currency=held.currency,
        amount_minor=held.amount_minor,
        authorized_minor=held.amount_minor,
        captured_minor=held.amount_minor,
        details=details_of(held),
        created_at=at,
        settled_at=at,
    )


def details_of(held: WalletHold) -> dict[str, str]:
    """Which card or account paid, as a payment keeps it."""
    ends = {"last4": held.gift_card.last_four} if held.gift_card else {}
    return {"wallet": str(held.wallet.uid), **ends}
