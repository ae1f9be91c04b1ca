"""A shopper enters a coupon."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import ApiToken
from commerce.kernel.db import action
from orders import carts
from orders.models import Cart


@action
def enter_coupon(cart_uid: UUID, code: str, *, client: ApiToken | None = None, at: datetime) -> tuple[Cart, bool]:
    """The cart with a code in it; whether it was not in it yet. Raises as `carts.enter_coupon` does."""
    cart = carts.hold(cart_uid, client=client)
    return cart, carts.enter_coupon(cart, code, at=at)
