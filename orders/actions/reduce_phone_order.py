"""Staff takes something off an order by phone by hand, with a reason and within their limit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.kernel.money import Money
from commerce.pricing import costs
from commerce.pricing.engine import MILLION, price_of
from orders import cart_prices, carts, phone_orders
from orders.errors import DiscountBelowCost, DiscountBeyondLimit
from orders.models import PhoneOrder

BY_HAND = "by-hand"


@action
def reduce_phone_order(
    uid: UUID, *, kind: str, value: int, reason: str, person: User | None, at: datetime
) -> PhoneOrder:
    """Take a percentage (`value` in ppm) or an amount (minor units) off the whole order; 0 takes nothing off any more.

    Raises `InvalidInput` without a reason, and as `check_limit` does.
    """
    permissions.require(person, "order.phone")
    order = phone_orders.hold(uid)
    if value and not reason.strip():
        raise InvalidInput({"reason": [_("Say why: it stands in the order.")]})
    row = {"id": BY_HAND, "kind": kind, "value": value, "label": _("Discount"), "reason": reason.strip()[:200]}
    phone_orders.set_discount(order, [{**row, "source": "manual"}] if value else [])
    check_limit(order, person=person, at=at)
    return order


def check_limit(order: PhoneOrder, *, person: User | None, at: datetime) -> None:
    """Raise `DiscountBeyondLimit` when what was taken off by hand is more of the goods than the person may give, and
    `DiscountBelowCost` when it leaves less than the smallest margin and the person may not do that."""
    contents = carts.contents(order.cart)
    if not order.cart.discounts or not contents or person is None:
        return
    priced = cart_prices.price_for(order.cart, contents, wish=phone_orders.wish_of(order), at=at)
    given = sum(row["amount"] for row in priced["adjustments"] if row["id"] == BY_HAND)
    worth = given + cart_prices.worth_of(priced)
    limit = permissions.phone_discount_limit(person)
    if given * MILLION > worth * limit:
        most = Money(worth * limit // MILLION, order.cart.market.currency).format()
        raise DiscountBeyondLimit(most=most, percent=f"{limit / 10_000:g}")
    if given and not permissions.may(person, "price.override"):
        _check_margins(order, contents, priced)


def _check_margins(order: PhoneOrder, contents: list[tuple[Variant, int]], priced: dict[str, Any]) -> None:
    """As tills ask it: of every line, since the discount is shared among all of them. What has no known cost, or one in
    another currency, is not judged."""
    known = costs.of([variant.pk for variant, _quantity in contents])
    if known.currency != priced["currency"]:
        return
    floor = order.cart.market.margin_floor_ppm
    for (variant, quantity), line in zip(contents, priced["lines"], strict=True):
        cost = price_of(known.by_variant.get(variant.pk, 0), quantity, variant.unit_scale)
        if line["net"] * (MILLION - floor) < cost * MILLION:
            net, paid = (Money(minor, priced["currency"]).format() for minor in (line["net"], cost))
            raise DiscountBelowCost(sku=variant.sku, net=net, cost=paid)
