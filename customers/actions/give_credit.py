"""Store credit out of goodwill, from the back office."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers import store_credit
from customers.models import Customer, StoreCredit
from customers.wallets import Source


@action
def give_credit(
    customer: Customer,
    currency: str,
    amount_minor: int,
    *,
    decision: UUID,
    reason: str,
    person: User | None,
    at: datetime,
) -> StoreCredit:
    """Credit a customer; the same `decision` (the form's uid) again changes nothing. Raises `NotAllowed`."""
    require(person, "wallet.give")
    source = Source("decision", decision, person, reason)
    return store_credit.give(customer.pk, currency, amount_minor, source=source, at=at)
