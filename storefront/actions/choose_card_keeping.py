"""A shopper says whether the card that pays may be kept for next time."""

from datetime import datetime
from uuid import UUID

from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from customers import profiles
from customers.models import Customer
from orders import card_consent, gateway_cards
from orders.actions.know_customer import know_customer
from orders.errors import NoCheckout, PaymentUnavailable
from orders.models import Cart, Order, Payment


def choose_card_keeping(cart_uid: UUID, *, is_wanted: bool, at: datetime) -> None:
    """Note what the shopper agreed to, then tell the card network, before any card is sent. A network that is silent
    keeps no card, and nothing is noted.

    Raises `NoCheckout` where there is nothing to pay (any more), and `PaymentUnavailable`.
    """
    payment, customer = _note(cart_uid, is_wanted=is_wanted, at=at)
    try:
        if customer is not None:
            gateway_cards.keep_with(payment, know_customer(customer, at=at))
        else:
            gateway_cards.keep_not(payment)
    except PaymentUnavailable:
        if is_wanted:
            _note(cart_uid, is_wanted=False, at=at)
        raise


@action
def _note(cart_uid: UUID, *, is_wanted: bool, at: datetime) -> tuple[Payment, Customer | None]:
    cart = Cart.objects.select_for_update(of=("self",)).filter(uid=cart_uid, client=None).first()
    if cart is None:
        raise NotFound(what="cart", key=str(cart_uid))
    order = Order.objects.locked().filter(cart=cart, state=Order.State.DRAFT).last()
    payment = Payment.objects.locked().filter(order=order).last() if order else None
    if order is None or payment is None or not payment.provider_id or payment.state != Payment.State.PENDING:
        raise NoCheckout()
    card_consent.note(payment, is_given=is_wanted, at=at)
    if not is_wanted:
        return payment, None
    name = payment.details.get("billing_name", "")
    return payment, Customer.objects.get(pk=profiles.recognize(order.email, name=name, at=at))
