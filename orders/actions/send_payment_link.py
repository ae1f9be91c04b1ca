"""The customer gets a link by which they pay for what was put together on the phone."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from commerce.company import permissions
from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.pricing.tax_providers import TaxAnswer
from orders import cart_prices, carts, outside_taxes, phone_orders
from orders.actions.reduce_phone_order import check_limit
from orders.errors import EmptyCart
from orders.models import PhoneOrder


def send_payment_link(uid: UUID, *, person: User | None, at: datetime) -> PhoneOrder:
    """Send the link, or send it again with the prices of today. Nothing is held by it.

    Raises `EmptyCart`, `NotForSale`, `DiscountBeyondLimit`, `DiscountBelowCost`, `InvalidInput` without an e-mail, and
    what a coupon that cannot be used is refused with.
    """
    permissions.require(person, "order.phone")
    read = phone_orders.by_uid(uid)
    wish = phone_orders.wish_of(read)
    taxed = outside_taxes.ask(read.cart.market, carts.contents(read.cart), wish, at=at)
    return _send(uid, taxed=taxed, person=person, at=at)


@action
def _send(uid: UUID, *, taxed: TaxAnswer | None, person: User | None, at: datetime) -> PhoneOrder:
    order = phone_orders.hold(uid)
    if not order.email:
        raise InvalidInput({"email": [_("Enter the customer's e-mail first: the link goes there.")]})
    contents = carts.contents(order.cart)
    if not contents:
        raise EmptyCart()
    entered = carts.entered_coupons(order.cart, at=at)
    for refusal in entered.refused.values():
        raise refusal
    check_limit(order, person=person, at=at)
    wish = phone_orders.wish_of(order)
    priced = cart_prices.price_for(order.cart, contents, wish=wish, at=at, entered=entered, taxed=taxed)
    until = at + timedelta(days=settings.PHONE_ORDER_DAYS)
    phone_orders.mark_sent(order, quoted_minor=priced["total"], until=until, at=at)
    outbox.record("phone_order.sent", str(order.uid), {"phone_order": str(order.uid)}, at=at)
    return order
