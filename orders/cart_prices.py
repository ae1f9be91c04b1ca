"""What a cart costs, with everything that belongs to it: coupons, whose it is, discounts by hand, its channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.catalog.models import Variant
from commerce.pricing.coupons import Entered
from commerce.pricing.tax_providers import TaxAnswer
from customers import certificates
from orders import bought_gift_cards, carts, fulfillment_types, outside_taxes
from orders.fulfillment_types.base import Wish
from orders.models import Cart
from orders.quotes import Place, home_of, quote


def price_now(
    cart: Cart,
    contents: Sequence[tuple[Variant, int]],
    *,
    wish: Wish,
    at: datetime,
    entered: Entered | None = None,
    explain: bool = False,
) -> dict[str, Any]:
    """`price_for`, with what the market's tax provider says of the place, where it has one: outside of transactions."""
    taxed = outside_taxes.ask(cart.market, contents, wish, at=at)
    return price_for(cart, contents, wish=wish, at=at, entered=entered, taxed=taxed, explain=explain)


def price_for(
    cart: Cart,
    contents: Sequence[tuple[Variant, int]],
    *,
    wish: Wish,
    at: datetime,
    entered: Entered | None = None,
    taxed: TaxAnswer | None = None,
    explain: bool = False,
) -> dict[str, Any]:
    """The engine's answer for a way of delivery; without a place the taxes are those that prices include."""
    kind = fulfillment_types.get(wish.type)
    knows_place = bool((wish.address or {}).get("country")) if kind.ships else wish.location is not None
    place = kind.place(wish) if knows_place else home_of(cart.market)
    return price(cart, contents, place=place, ships=kind.ships, at=at, entered=entered, taxed=taxed, explain=explain)


def worth_of(priced: dict[str, Any]) -> int:
    """What the goods come to after all reductions, before taxes are added: what thresholds look at."""
    return int(sum(line["gross"] - line["discount"] for line in bought_gift_cards.goods_of(priced)))


def price(
    cart: Cart,
    contents: Sequence[tuple[Variant, int]],
    *,
    place: Place | None,
    ships: bool,
    at: datetime,
    entered: Entered | None = None,
    taxed: TaxAnswer | None = None,
    explain: bool = False,
) -> dict[str, Any]:
    """The engine's answer for what is in a cart. `entered`: its coupons, where the caller has looked them up already;
    `taxed`: what the market's tax provider says of the place, where it has one (`outside_taxes`).

    With coupons the answer tells of every promotion why it counts or does not. Raises `NotForSale`. A cart of somebody
    we know takes two statements more, one with coupons two.
    """
    found = carts.entered_coupons(cart, at=at) if entered is None else entered
    zone = cart.market.time_zone
    priced = quote(
        contents,
        market=cart.market,
        place=place,
        ships=ships,
        at=at,
        channel=cart.channel,
        coupons=found.usable,
        groups=list(cart.customer.groups.values_list("code", flat=True)) if cart.customer else (),
        exempt=certificates.exempt(cart.customer_id, at=at, time_zone=zone),
        discounts=cart.discounts,
        taxed=taxed,
        explain=explain or bool(found.usable),
    )
    return bought_gift_cards.added_to(priced, bought_gift_cards.of_cart(cart))
