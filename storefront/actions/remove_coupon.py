"""A shopper takes a coupon out again."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import ApiToken
from commerce.kernel.db import action
from orders import carts
from orders.models import Cart


@action
def remove_coupon(cart_uid: UUID, code: str, *, client: ApiToken | None = None, at: datetime) -> Cart:
    """The cart without a code; one that is not in it is no matter."""
    cart = carts.hold(cart_uid, client=client)
    carts.remove_coupon(cart, code, at=at)
    return cart
