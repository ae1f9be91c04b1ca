"""A shopper puts things into a cart, or takes them out."""

from datetime import datetime
from uuid import UUID

from commerce.catalog.models import Product, Variant
from commerce.company.models import ApiToken
from commerce.kernel.db import action, in_transaction
from commerce.kernel.errors import NotFound
from commerce.pricing.models import Channel, Market
from commerce.pricing.queries import market_for, unit_prices
from orders import carts
from orders.errors import FixedCart, NotForSale
from orders.models import Cart


def known_variant(sku_key: str) -> Variant:
    """The variant with this normalized SKU, sold or not. Raises `NotFound`."""
    variant = Variant.objects.select_related("product").filter(sku_key=sku_key).first()
    if variant is None:
        raise NotFound(what="SKU", key=sku_key)
    return variant


def find_variant(sku_key: str) -> Variant:
    """The variant with this normalized SKU, if the web sells it. Raises `NotFound`, `NotForSale`."""
    variant = known_variant(sku_key)
    if not (variant.is_active and variant.product.on_web and variant.product.status == Product.Status.ACTIVE):
        raise NotForSale(sku=variant.sku, name=variant.name)
    return variant


@in_transaction
def hold_of_shopper(cart_uid: UUID, client: ApiToken | None) -> Cart:
    """Lock a cart that its shopper fills. What staff put together, with what they took off for it, stays together."""
    cart = carts.hold(cart_uid, client=client)
    if cart.channel == Channel.PHONE:
        raise FixedCart()
    return cart


@action
def open_cart(*, market: Market, client: ApiToken | None, at: datetime) -> Cart:
    """A new cart."""
    return carts.open_cart(market, client=client, at=at)


@action
def add_to_cart(
    cart_uid: UUID | None,
    variant: Variant,
    quantity: int,
    *,
    market: Market | None = None,
    seen_unit_minor: int | None = None,
    client: ApiToken | None = None,
    at: datetime,
) -> Cart:
    """Put smallest amounts into a cart, without one into a new one of `market`; `seen_unit_minor` is the shown price.

    Stock is not checked here: a cart promises nothing, and the page says how many there are. Raises `CartClosed`, and
    `NotForSale` for what was shown without a price and has none in the cart's market.
    """
    carts.check_quantity(quantity, variant)
    if cart_uid:
        cart = hold_of_shopper(cart_uid, client)
    else:
        cart = carts.open_cart(market or market_for(None), client=client, at=at)
    if seen_unit_minor is None and not unit_prices([variant.pk], market=cart.market, at=at):
        raise NotForSale(sku=variant.sku, name=variant.name)
    carts.add(cart, variant, quantity, seen_unit_minor=seen_unit_minor, at=at)
    return cart


@action
def set_cart_line(
    cart_uid: UUID, variant: Variant, quantity: int, *, client: ApiToken | None = None, at: datetime
) -> Cart:
    """Change a line's quantity; 0 takes it out."""
    cart = hold_of_shopper(cart_uid, client)
    carts.set_quantity(cart, variant, quantity, at=at)
    return cart


@action
def lower_lines(cart_uid: UUID, most: dict[int, int], *, at: datetime) -> Cart:
    """Lower lines to at most so many units, by variant (primary key); 0 takes a line out. None is ever raised."""
    cart = hold_of_shopper(cart_uid, None)
    for line in carts.lines(cart):
        if line.variant_id in most and most[line.variant_id] < line.quantity:
            carts.set_quantity(cart, line.variant, most[line.variant_id], at=at)
    return cart


@action
def see_prices(cart_uid: UUID, prices: dict[int, int]) -> None:
    """Keep the unit prices that the shopper was just shown."""
    carts.see_prices(carts.hold(cart_uid), prices)
