"""Who an order by phone is for, and how it should get there."""

from datetime import datetime
from uuid import UUID

from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from orders import phone_orders
from orders.fulfillment_types.base import Wish
from orders.models import PhoneOrder


@action
def name_customer(uid: UUID, *, email: str, name: str, person: User | None, at: datetime) -> PhoneOrder:
    """Say who buys; prices of their groups count from now on."""
    permissions.require(person, "order.phone")
    order = phone_orders.hold(uid)
    phone_orders.set_customer(order, email=email, name=name, at=at)
    return order


@action
def choose_way(uid: UUID, wish: Wish, *, person: User | None) -> PhoneOrder:
    """Ship it, or keep it ready in a store. What is still missing, the customer adds when they pay."""
    permissions.require(person, "order.phone")
    order = phone_orders.hold(uid)
    phone_orders.set_way(order, wish)
    return order
