"""What matched nothing: somebody says which payment it is, or which account it goes on, and why."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from orders import transactions
from orders.errors import AlreadySettled
from orders.models import NetworkTransaction, Order, Payment


@action
def match_transaction(pk: int, payment: int, *, note: str, person: User | None, at: datetime) -> NetworkTransaction:
    """An open charge is that of a payment (by primary key). Raises `DoesNotFit`, `AlreadySettled`, `NotAllowed`."""
    require(person, "settlement.match")
    transactions.hold()
    found = Payment.objects.get(pk=payment)
    order = Order.objects.locked().get(pk=found.order_id)
    held = Payment.objects.locked().get(pk=payment)
    held.order = order
    row = transactions.locked(pk)
    transactions.match_by_hand(row, held, note=note, by=person, at=at)
    return row


@action
def book_transaction(pk: int, *, account: str, note: str, person: User | None, at: datetime) -> NetworkTransaction:
    """An open transaction goes on an account, for a reason. Raises `AlreadySettled`, `NotAllowed`."""
    require(person, "settlement.match")
    transactions.hold()
    row = transactions.locked(pk)
    transactions.book_by_hand(row, account=account, note=note, by=person, at=at)
    return row


def open_transaction(provider_id: str) -> NetworkTransaction:
    """The open transaction that a case names. Raises `AlreadySettled`."""
    row = NetworkTransaction.objects.filter(provider_id=provider_id, state=NetworkTransaction.State.OPEN).first()
    if row is None:
        raise AlreadySettled()
    return row
