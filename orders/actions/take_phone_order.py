"""Somebody calls and wants to order."""

from datetime import datetime

from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from commerce.pricing.models import Market
from orders import phone_orders
from orders.models import PhoneOrder


@action
def take_phone_order(market: Market, *, email: str, name: str, person: User | None, at: datetime) -> PhoneOrder:
    """A new, empty one for a customer; without an e-mail for somebody who has not said it yet."""
    permissions.require(person, "order.phone")
    order = phone_orders.begin(market, person=person, at=at)
    if email:
        phone_orders.set_customer(order, email=email, name=name, at=at)
    return order
