"""What a cart costs, with everything that belongs to it: coupons, whose it is, discounts by hand, its channel."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.catalog.models import Variant
from commerce.pricing.coupons import Entered
from commerce.pricing.tax_providers import TaxAnswer
from customers import certificates
from orders import carts
from orders.models import Cart
from orders.quotes import Place, quote


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
    return quote(
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
