"""Staff takes something off an order by phone by hand, with a reason and within their limit."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.kernel.money import Money
from orders import cart_prices, carts, phone_orders
from orders.errors import DiscountBeyondLimit
from orders.models import PhoneOrder

BY_HAND = "by-hand"
MILLION = 1_000_000


@action
def reduce_phone_order(
    uid: UUID, *, kind: str, value: int, reason: str, person: User | None, at: datetime
) -> PhoneOrder:
    """Take a percentage (`value` in ppm) or an amount (minor units) off the whole order; 0 takes nothing off any more.

    Raises `InvalidInput` without a reason, `DiscountBeyondLimit` when it is more than the person may give.
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
    """Raise `DiscountBeyondLimit` when what was taken off by hand is more of the goods than the person may give."""
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
