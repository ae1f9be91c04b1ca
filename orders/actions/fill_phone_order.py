"""What is in an order by phone: items and coupons."""

from datetime import datetime
from uuid import UUID

from commerce.catalog.models import Variant
from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from orders import carts, phone_orders


@action
def add_item(uid: UUID, variant: Variant, quantity: int, *, person: User | None, at: datetime) -> None:
    """So many smallest amounts more of it."""
    permissions.require(person, "order.phone")
    carts.add(phone_orders.hold(uid).cart, variant, quantity, at=at)


@action
def set_item(uid: UUID, variant: Variant, quantity: int, *, person: User | None, at: datetime) -> None:
    """Exactly so much of it; 0 takes it out."""
    permissions.require(person, "order.phone")
    carts.set_quantity(phone_orders.hold(uid).cart, variant, quantity, at=at)


@action
def enter_coupon(uid: UUID, code: str, *, person: User | None, at: datetime) -> bool:
    """Put a coupon in; whether it was not in yet. Raises as `carts.enter_coupon` does."""
    permissions.require(person, "order.phone")
    return carts.enter_coupon(phone_orders.hold(uid).cart, code, at=at)


@action
def remove_coupon(uid: UUID, code: str, *, person: User | None, at: datetime) -> None:
    """Take a coupon out."""
    permissions.require(person, "order.phone")
    carts.remove_coupon(phone_orders.hold(uid).cart, code, at=at)
