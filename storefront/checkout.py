"""A checkout as its pages show it: which one belongs to a cart, what it costs, how long it is held."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from commerce.kernel.money import Money
from orders import cart_prices, carts
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from orders.models import Cart, Fulfillment, Order, OrderLine, Payment


@dataclass(frozen=True, slots=True)
class Checkout:
    """The latest checkout of a cart, its payment, and where things stand."""

    order: Order
    payment: Payment
    type: str
    cart: Cart

    @property
    def is_placed(self) -> bool:
        return self.order.state in (Order.State.OPEN, Order.State.CLOSED)

    @property
    def is_waiting(self) -> bool:
        """A card is being charged and nobody has told us yet how that ended."""
        return self.order.state == Order.State.DRAFT and self.payment.state == Payment.State.PROCESSING

    def is_over(self, at: datetime) -> bool:
        """The items are not held any more."""
        lapsed = self.order.expires_at is not None and self.order.expires_at <= at
        return self.order.state == Order.State.CANCELED or (self.order.state == Order.State.DRAFT and lapsed)

    @property
    def wish(self) -> Wish:
        return Wish(self.type, location=self.order.location, address=self.order.shipping_address)

    @property
    def contact(self) -> Contact:
        return Contact(self.order.email, self.payment.details.get("billing_name", ""))

    def seconds_left(self, at: datetime) -> int:
        """How long the items are still held."""
        expires = self.order.expires_at
        return max(0, int((expires - at).total_seconds())) if expires else 0


def of_cart(uid: UUID | None) -> Checkout | None:
    """The latest checkout of a shopper's cart, whatever has become of it; one statement."""
    if uid is None:
        return None
    return _checkout(_payments().filter(order__cart__uid=uid, order__cart__client=None))


def of_payment(provider_id: str, client_secret: str) -> Checkout | None:
    """The checkout that the card network sends a browser back with: only with the secret that it was given."""
    if not (provider_id and client_secret):
        return None
    return _checkout(_payments().filter(provider_id=provider_id, client_secret=client_secret, order__cart__client=None))


def _payments() -> QuerySet[Payment]:
    way = Fulfillment.objects.filter(order=OuterRef("order")).order_by("pk").values("type")[:1]
    found = Payment.objects.select_related("order__cart__market__price_list", "order__market__price_list")
    return found.select_related("order__location").annotate(way=Subquery(way)).order_by("-order_id", "-pk")


def _checkout(payments: QuerySet[Payment]) -> Checkout | None:
    payment = payments.filter(order__cart__isnull=False).first()
    if payment is None or payment.order.cart is None:
        return None
    return Checkout(payment.order, payment, getattr(payment, "way", None) or "ship", payment.order.cart)


def lines_of(order: Order) -> list[OrderLine]:
    """The lines with their products, for pictures and links."""
    return list(OrderLine.objects.filter(order=order).select_related("variant__product"))


def has_changed(checkout: Checkout) -> bool:
    """The cart is no longer what was checked out: somebody changed it in another tab."""
    return carts.hash_now(checkout.cart) != checkout.order.cart_hash


def total_now(checkout: Checkout, *, at: datetime) -> int:
    """What the cart would cost, checked out in the same way now."""
    contents = carts.contents(checkout.cart)
    if not (contents or checkout.cart.gift_card_lines):
        return 0
    return int(cart_prices.price_now(checkout.cart, contents, wish=checkout.wish, at=at)["total"])


def tax_note(taxes: list[dict[str, Any]], currency: str, *, included: bool) -> str:
    """ "incl. €12.34 VAT" where prices include it."""
    if not included:
        return ""
    amount = Money(sum(tax["amount"] for tax in taxes), currency).format()
    return _("incl. %(amount)s VAT") % {"amount": amount}


def zone_of(order: Order) -> ZoneInfo:
    """The time that an order's pages and mails tell: that of the place it comes from."""
    part = next(iter(order.fulfillments.all()), None)
    return ZoneInfo(part.location.time_zone if part else "UTC")
