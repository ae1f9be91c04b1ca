"""A draft is not ordered after all."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import purchases


@action
def cancel_purchase_order(uid: UUID, *, person: User | None, at: datetime) -> None:
    """Raises `NotFound`, `NotAllowed`, `NotNow`."""
    order = purchases.hold(uid)
    if order is None:
        raise NotFound(what="purchase order", key=str(uid))
    require(person, "purchase.edit", order.location)
    purchases.cancel(order, at=at, person=person)
