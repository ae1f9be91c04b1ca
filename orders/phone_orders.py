"""Orders by phone: a cart, who it is for and how it should get there. Steps, and the only writer of phone orders."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import NotFound
from commerce.pricing.models import Channel, Market
from customers import profiles
from customers.models import Customer
from orders import carts
from orders.fulfillment_types.base import Wish
from orders.models import Cart, PhoneOrder


@in_transaction
def begin(market: Market, *, person: User | None, at: datetime) -> PhoneOrder:
    """An empty one."""
    cart = carts.open_cart(market, at=at)
    Cart.objects.filter(pk=cart.pk).update(channel=Channel.PHONE, actor=person)
    return PhoneOrder.objects.create(cart=cart, created_at=at)


@in_transaction
def hold(uid: UUID) -> PhoneOrder:
    """Lock one whose cart is open; it knows its market and its customer. Raises `NotFound`, `CartClosed`."""
    found = PhoneOrder.objects.filter(uid=uid).values_list("cart__uid", flat=True).first()
    if found is None:
        raise NotFound(what="phone order", key=str(uid))
    carts.hold(found)
    return by_uid(uid)


def by_uid(uid: UUID) -> PhoneOrder:
    """One with its cart, market and customer. Raises `NotFound`."""
    whole = PhoneOrder.objects.select_related("cart__market__price_list", "cart__customer", "cart__actor", "location")
    found = whole.filter(uid=uid).first()
    if found is None:
        raise NotFound(what="phone order", key=str(uid))
    return found


@in_transaction
def set_customer(order: PhoneOrder, *, email: str, name: str, at: datetime) -> None:
    """Who buys. Staff talks to them, so their groups and certificates count; a new customer is created."""
    customer = Customer.objects.get(pk=profiles.recognize(email, name=name, at=at))
    order.email, order.name = email.strip(), name.strip() or customer.name
    order.save(update_fields=["email", "name"])
    order.cart.customer = customer
    Cart.objects.filter(pk=order.cart_id).update(customer=customer, updated_at=at)


@in_transaction
def set_way(order: PhoneOrder, wish: Wish) -> None:
    """How the goods should get there, as far as it is said."""
    order.method, order.location, order.address = wish.type, wish.location, wish.address or {}
    order.save(update_fields=["method", "location", "address"])


@in_transaction
def set_discount(order: PhoneOrder, discounts: list[dict[str, object]]) -> None:
    """What was agreed to be taken off by hand."""
    order.cart.discounts = discounts
    Cart.objects.filter(pk=order.cart_id).update(discounts=discounts)


@in_transaction
def mark_sent(order: PhoneOrder, *, quoted_minor: int, until: datetime, at: datetime) -> None:
    """The link is on its way, with this total."""
    order.quoted_minor, order.sent_at, order.expires_at = quoted_minor, at, until
    order.save(update_fields=["quoted_minor", "sent_at", "expires_at"])


def wish_of(order: PhoneOrder) -> Wish:
    """How the goods should get there."""
    if order.method == PhoneOrder.Method.PICKUP:
        return Wish("pickup", location=order.location)
    return Wish("ship", address=order.address or None)
