"""A shopper goes on in another market: a cart belongs to one, so the goods move into a new cart there."""

from datetime import datetime
from uuid import UUID

from commerce.kernel.db import action
from commerce.pricing import queries as pricing
from commerce.pricing.models import Market
from orders import bought_gift_cards, carts
from orders.errors import PaymentInProgress
from orders.models import Cart, Payment


@action
def move_cart(cart_uid: UUID, *, market: Market, at: datetime) -> tuple[Cart, list[str]]:
    """The cart with the same goods in `market`, and the names of what is not sold there.

    A cart that is in that market already is returned as it is. A checkout of the old cart runs out by itself; while it
    is being paid, `PaymentInProgress` is raised.
    """
    old = carts.hold(cart_uid)
    if old.market_id == market.pk:
        return old, []
    if Payment.objects.filter(order__cart=old, state=Payment.State.PROCESSING).exists():
        raise PaymentInProgress()
    contents = carts.contents(old)
    prices = pricing.unit_prices(
        [variant.pk for variant, _quantity in contents],
        market=market,
        at=at,
        quantities={variant.pk: quantity for variant, quantity in contents},
    )
    new = carts.open_cart(market, at=at)
    for variant, quantity in contents:
        if variant.pk in prices:
            carts.add(new, variant, quantity, seen_unit_minor=prices[variant.pk][0], at=at)
    lost = [variant.name for variant, _quantity in contents if variant.pk not in prices]
    return new, [*lost, *(card.name for card in bought_gift_cards.of_cart(old))]  # an amount is of one currency
