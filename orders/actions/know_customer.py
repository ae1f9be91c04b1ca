"""The card network gets to know a customer, when a card is to be kept for them."""

from datetime import datetime

from commerce.kernel.db import action
from customers import saved_cards
from customers.models import Customer
from orders import gateway_cards


def know_customer(customer: Customer, *, at: datetime) -> str:
    """The network's id of a customer, who is made known to it when nobody has yet. Raises `PaymentUnavailable`."""
    return saved_cards.network_id(customer.pk) or _remember(customer, gateway_cards.create_customer(customer), at=at)


@action
def _remember(customer: Customer, provider_id: str, *, at: datetime) -> str:
    return saved_cards.remember_customer(customer.pk, provider_id, at=at)
