"""Whether the buyer agreed to have the card kept that pays: a note on the payment, made before the card is charged."""

from datetime import datetime

from django.utils.translation import gettext as _

from commerce.kernel.db import in_transaction
from customers.models import SavedCard
from customers.saved_cards import Consent
from orders.models import Payment

KEY = "keep_card"


def words() -> str:
    """What is agreed to, as it stands beside the box."""
    return _("Save this card for next time, and for orders that I place by phone")


def is_given(payment: Payment) -> bool:
    """Whether the box was ticked."""
    return KEY in payment.details


def of(payment: Payment) -> Consent:
    """What was agreed to; only where `is_given`."""
    note = payment.details[KEY]
    return Consent(note["words"], datetime.fromisoformat(note["at"]), SavedCard.Source.CHECKOUT)


@in_transaction
def note(payment: Payment, *, is_given: bool, at: datetime) -> None:
    """Write it down, or take it back; the caller holds the payment's row."""
    details = {name: value for name, value in payment.details.items() if name != KEY}
    payment.details = {**details, KEY: {"words": words(), "at": at.isoformat()}} if is_given else details
    payment.save(update_fields=["details"])
