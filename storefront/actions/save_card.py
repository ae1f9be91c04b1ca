"""A customer saves a card on their page; cards that are refused are counted, so that nobody tries out stolen ones."""

from datetime import datetime

from commerce.kernel.db import action
from customers.models import Customer, SavedCard
from orders.actions.keep_card import finish_keeping
from orders.errors import CardNotKept
from storefront import declines


def save_card(customer: Customer, setup_id: str, *, address: str, at: datetime) -> SavedCard:
    """Keep what the card network's form has taken. Raises `CardNotKept`, `PaymentUnavailable`."""
    try:
        return finish_keeping(setup_id, customer=customer, at=at)
    except CardNotKept:
        _count(customer, address, at=at)
        raise


@action
def _count(customer: Customer, address: str, *, at: datetime) -> None:
    declines.count(customer.uid, address, at=at)
