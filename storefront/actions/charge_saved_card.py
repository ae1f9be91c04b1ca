"""An order by phone is paid by a card that the customer left with us for that."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.company import permissions
from commerce.company.models import User
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from customers import saved_cards
from customers.models import SavedCard
from orders import gateway_cards, phone_orders
from orders.actions.reduce_phone_order import check_limit
from orders.actions.send_payment_link import send_payment_link
from orders.drafts import Contact
from orders.errors import CardActionRequired, CardDeclined
from orders.models import Order, Payment, PhoneOrder
from storefront.actions import pay
from storefront.actions.check_out import check_out

BANK_ASKS = "authentication_required"


def charge_saved_card(uid: UUID, *, said_last4: str, person: User | None, at: datetime) -> Order | None:
    """Check the order out and charge the customer's card that ends with the four digits that the caller has said: who
    cannot say them is not charged for. Asking again charges nothing more.

    None when the bank wants to hear from the cardholder: nothing was charged, and the payment link is on its way
    instead. Raises `InvalidInput` without an e-mail or for digits of no card, and what `check_out`, `pay.complete` and
    `check_limit` refuse with.
    """
    permissions.require(person, "order.phone")
    permissions.require(person, "card.charge_saved")
    order, card = _check(uid, said_last4.strip(), person=person, at=at)
    wish = phone_orders.wish_of(order)
    _draft, payment = check_out(order.cart.uid, contact=Contact(order.email, order.name), wish=wish, at=at)
    _note(payment, card, person=person)
    gateway_cards.belong_to(payment, saved_cards.network_id(card.customer_id))
    back = f"{settings.SITE_URL}{reverse('shop-payment-return')}"
    try:
        return pay.complete(
            order.cart.uid, payment_method=card.provider_id, return_url=back, is_off_session=True, at=at
        )
    except CardDeclined as refusal:
        if refusal.context.get("decline_code") != BANK_ASKS:
            raise
    except CardActionRequired:
        pass  # an older try was answered with the bank's question: the link leads to it
    send_payment_link(uid, person=person, at=at)
    return None


@action
def _check(uid: UUID, said_last4: str, *, person: User | None, at: datetime) -> tuple[PhoneOrder, SavedCard]:
    order = phone_orders.hold(uid)
    if not order.email or order.cart.customer is None:
        raise InvalidInput({"email": [_("Enter the customer's e-mail first: the order is confirmed there.")]})
    check_limit(order, person=person, at=at)
    usable = saved_cards.usable(order.cart.customer, on=at.date())
    card = next((card for card in usable if card.last4 == said_last4), None)
    if card is None:
        text = _("No good card that this customer has saved ends like this. Ask again, or send the payment link.")
        raise InvalidInput({"last4": [text]})
    return order, card


@action
def _note(asked: Payment, card: SavedCard, *, person: User | None) -> None:
    """Who charged which card, beside the payment."""
    Order.objects.locked().get(pk=asked.order_id)
    payment = Payment.objects.locked().get(pk=asked.pk)
    payment.details = {**payment.details, "saved_card": str(card.uid), "charged_by": person.username if person else ""}
    payment.save(update_fields=["details"])
