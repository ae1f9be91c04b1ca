"""A shopper pays with a gift card: its code is entered once, and the cart remembers the card. Guessing is counted."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import ApiToken
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from customers.actions.look_up_gift_card import look_up_balance
from customers.errors import GiftCardUnusable
from customers.lookups import PER_ADDRESS, PER_PROGRAM
from customers.models import GiftCard
from orders import carts, offered
from orders.errors import TooManyGiftCards
from orders.models import Cart

MOST = 5


def enter_gift_card(
    cart_uid: UUID, code: str, *, client: ApiToken | None = None, address: str = "", at: datetime
) -> Cart:
    """The cart with the card of this code among those that are to pay for it; `address` is where the shopper is on the
    net. Raises `TooManyLookups`, `GiftCardUnusable`, `TooManyGiftCards`, `TenderNotOffered`."""
    if not code.strip():
        raise InvalidInput({"code": [GiftCardUnusable.message]})
    origin, most = (f"client {client.pk}", PER_PROGRAM) if client else (address, PER_ADDRESS)
    card = look_up_balance(code, origin=origin, most=most, at=at)
    if card is None:
        raise GiftCardUnusable()
    return _enter(cart_uid, card, client, at=at)


@action
def _enter(cart_uid: UUID, card: GiftCard, client: ApiToken | None, *, at: datetime) -> Cart:
    cart = carts.hold(cart_uid, client=client)
    offered.demand_tender(cart.market, "gift_card")
    if card.currency != cart.market.currency:
        raise GiftCardUnusable()
    if card.pk not in cart.gift_cards:
        if len(cart.gift_cards) >= MOST:
            raise TooManyGiftCards(most=MOST)
        carts.set_gift_cards(cart, [*cart.gift_cards, card.pk], at=at)
    return cart


def remove_gift_card_by_uid(cart_uid: UUID, card: UUID, *, client: ApiToken | None = None, at: datetime) -> None:
    """As `remove_gift_card`, for a card that the caller knows by its uid."""
    found = GiftCard.objects.filter(uid=card).values_list("pk", flat=True).first()
    remove_gift_card(cart_uid, found or 0, client=client, at=at)


@action
def remove_gift_card(cart_uid: UUID, card: int, *, client: ApiToken | None = None, at: datetime) -> Cart:
    """The cart without a card (its primary key); one that is not in it is no matter."""
    cart = carts.hold(cart_uid, client=client)
    if card in cart.gift_cards:
        carts.set_gift_cards(cart, [there for there in cart.gift_cards if there != card], at=at)
    return cart
