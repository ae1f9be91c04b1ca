"""The goods leave the source."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import transfers, transit
from inventory.serials import Numbers


@action
def ship_transfer(
    uid: UUID,
    *,
    person: User | None,
    at: datetime,
    units: Mapping[int, int] | None = None,
    numbers: Numbers | None = None,
) -> None:
    """Ship what was approved, or less of it where `units` (by variant) says so; the rest is free again. `numbers` (by
    variant) are the serial numbers of what has some.

    Raises `NotFound`, `NotAllowed`, `NotNow`, `MoreThanAllowed`, `NotOnDocument`, `NothingToDo`, `NotOnHand`,
    `SerialsDoNotMatch`, `SerialNotHere`, `InvalidInput`.
    """
    transfer = transfers.hold(uid)
    if transfer is None:
        raise NotFound(what="transfer", key=str(uid))
    require(person, "transfer.ship", transfer.source)
    transit.ship(transfer, units, at=at, person=person, numbers=numbers)
