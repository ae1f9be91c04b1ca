"""A shopper enters a coupon. Guessing is counted."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from commerce.company.models import ApiToken
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError, InvalidInput, NotFound
from commerce.pricing.errors import CouponEnded, CouponUnknown, CouponUsedUp
from orders import carts
from orders.models import Cart
from storefront import coupon_attempts

WRONG = (CouponUnknown, CouponEnded, CouponUsedUp)


def enter_coupon(
    cart_uid: UUID, code: str, *, client: ApiToken | None = None, address: str = "", at: datetime
) -> tuple[Cart, bool]:
    """The cart with a code in it; whether it was not in it yet. `address` is where the shopper is on the net.

    Raises as `carts.enter_coupon` does, and `TooManyCodes` for right codes, too, after too many wrong ones.
    """
    cart, is_new, refusal = _judge(cart_uid, code, client, address, at=at)
    if refusal or cart is None:
        raise refusal or NotFound(what="cart", key=str(cart_uid))
    return cart, is_new


@action
def _judge(
    cart_uid: UUID, code: str, client: ApiToken | None, address: str, *, at: datetime
) -> tuple[Cart | None, bool, DomainError | None]:
    """Returned, not raised: the count of wrong codes has to be committed."""
    limits = coupon_attempts.limits_of(cart_uid, address, client)
    blocked = coupon_attempts.count(limits, at=at)
    if blocked:
        return None, False, blocked
    try:
        with transaction.atomic():  # a savepoint: what was refused leaves the count alone
            cart = carts.hold(cart_uid, client=client)
            is_new = carts.enter_coupon(cart, code, at=at)
    except WRONG as error:
        return None, False, error
    except InvalidInput as error:
        coupon_attempts.give_back(limits)
        return None, False, error
    coupon_attempts.give_back(limits)
    return cart, is_new, None
