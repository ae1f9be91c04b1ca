"""A delivery has come: all that was ordered, less, or more."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel import idempotency
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import purchases
from inventory.purchases import Received
from inventory.quantities import demand_units
from inventory.serials import Numbers


@action
def receive_purchase_order(
    uid: UUID,
    units: Mapping[int, int],
    *,
    receipt: UUID,
    person: User | None,
    at: datetime,
    numbers: Numbers | None = None,
) -> Received:
    """Put `units` (by variant) on the shelf, worth what they cost; what is short stays due. `receipt` is the caller's
    id of this delivery: it counts once, however often it is sent. `numbers` (by variant) are the serial numbers of
    what has some, see `purchases.receive`.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `AlreadyReceived`, `NotNow`, `NotOnDocument`, `NothingToDo`,
    `SerialsDoNotMatch`, `SerialNotHere`.
    """
    idempotency.wait_for_turn("receipt", str(receipt))
    order = purchases.hold(uid)
    if order is None:
        raise NotFound(what="purchase order", key=str(uid))
    require(person, "purchase.receive", order.location)
    demand_units(units)
    return purchases.receive(order, units, receipt=receipt, at=at, person=person, numbers=numbers)
