"""Goods have arrived, all of them or some; there may be more receptions."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel import idempotency
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import transfers, transit
from inventory.errors import AlreadyReceived
from inventory.models import Transfer
from inventory.serials import Numbers


@action
def receive_transfer(
    uid: UUID,
    units: Mapping[int, int],
    *,
    reception: UUID,
    person: User | None,
    at: datetime,
    numbers: Numbers | None = None,
) -> None:
    """Put `units` (by variant) on the destination's shelf. `reception` is the caller's id of this reception: it counts
    once, however often it is sent. `numbers` (by variant) are the serial numbers of what has some.

    Raises `NotFound`, `NotAllowed`, `AlreadyReceived`, `NotNow`, `MoreThanOnTheWay`, `NotOnDocument`, `NothingToDo`,
    `SerialsDoNotMatch`, `SerialNotHere`, `InvalidInput`.
    """
    known = Transfer.objects.select_related("destination").filter(uid=uid).first()
    if known is None:
        raise NotFound(what="transfer", key=str(uid))
    require(person, "transfer.receive", known.destination)
    body = {"transfer": str(uid), "units": {str(variant): quantity for variant, quantity in sorted(units.items())}}
    if not idempotency.once("transfer.receive", str(reception), body=body, at=at):
        raise AlreadyReceived(number=known.number)
    transfer = transfers.hold(uid)
    assert transfer is not None
    transit.receive(transfer, units, at=at, person=person, numbers=numbers)
