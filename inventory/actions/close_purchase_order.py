"""Nothing more will come of an order."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import purchases


@action
def close_purchase_order(uid: UUID, *, person: User | None, at: datetime, reason: str = "") -> None:
    """What has not come is not due any more. Raises `NotFound`, `NotAllowed`, `NotNow`."""
    order = purchases.hold(uid)
    if order is None:
        raise NotFound(what="purchase order", key=str(uid))
    require(person, "purchase.edit", order.location)
    purchases.close(order, at=at, person=person, reason=reason.strip())
