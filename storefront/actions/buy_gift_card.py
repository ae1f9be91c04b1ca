"""A shopper puts a gift card into the cart that will be mailed to somebody, or takes it out again."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import ApiToken
from commerce.kernel.db import action
from commerce.pricing.models import Market
from orders import bought_gift_cards, carts
from orders.bought_gift_cards import BoughtCard
from orders.models import Cart
from storefront.actions.fill_cart import hold_of_shopper


@action
def buy_gift_card(
    cart_uid: UUID | None, card: BoughtCard, *, market: Market, client: ApiToken | None = None, at: datetime
) -> Cart:
    """Put a card, as `bought_gift_cards.ask` made it for `market`, into a cart of that market, without one into a new
    one. Raises `CartClosed`, `FixedCart`, `TooMuchOnGiftCards`, `NotForSale`."""
    cart = hold_of_shopper(cart_uid, client) if cart_uid else carts.open_cart(market, client=client, at=at)
    cards = [*bought_gift_cards.of_cart(cart), card]
    bought_gift_cards.check(cards, cart.market, at=at)
    carts.set_gift_card_lines(cart, bought_gift_cards.as_json(cards), at=at)
    return cart


@action
def take_gift_card_out(cart_uid: UUID, card: UUID, *, client: ApiToken | None = None, at: datetime) -> Cart:
    """The cart without a card (its id); one that is not in it is no matter."""
    cart = hold_of_shopper(cart_uid, client)
    kept = [one for one in bought_gift_cards.of_cart(cart) if one.id != str(card)]
    if len(kept) < len(cart.gift_card_lines):
        carts.set_gift_card_lines(cart, bought_gift_cards.as_json(kept), at=at)
    return cart
