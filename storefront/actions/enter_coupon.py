"""A shopper enters a coupon."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.company.models import ApiToken
from commerce.kernel.clock import business_date
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.pricing import coupons
from orders import carts
from orders.models import Cart

MOST = 10


@action
def enter_coupon(cart_uid: UUID, code: str, *, client: ApiToken | None = None, at: datetime) -> tuple[Cart, bool]:
    """Put a code into a cart; whether it was not in it yet. It is used up with the order, not before.

    Whether it takes anything off is the price engine's business: what gives nothing yet may do so with another item.
    Raises `CouponUnknown`, `CouponEnded`, `CouponUsedUp`, and `InvalidInput` for nothing or for too many.
    """
    if not coupons.normalize(code):
        raise InvalidInput({"code": [_("Enter the code of your coupon.")]})
    cart = carts.hold(cart_uid, client=client)
    if coupons.normalize(code) in {coupons.normalize(there) for there in cart.coupons}:
        return cart, False
    if len(cart.coupons) >= MOST:
        raise InvalidInput({"code": [_("At most %(most)d coupons can be used at once.") % {"most": MOST}]})
    found = coupons.find(code, today=business_date(cart.market.time_zone, at))
    carts.set_coupons(cart, [*cart.coupons, found.code], at=at)
    return cart, True
