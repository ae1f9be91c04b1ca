"""Other units are wanted than were asked for at first."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import may, require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import transfers
from inventory.quantities import demand_units


@action
def change_transfer(uid: UUID, units: Mapping[int, int], *, person: User | None, at: datetime) -> None:
    """Set what is requested of variants, 0 for no more of it, until the transfer is approved.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `NotNow`, `KitHasNoStock`, `NothingToDo`.
    """
    transfer = transfers.hold(uid)
    if transfer is None:
        raise NotFound(what="transfer", key=str(uid))
    if not (person and may(person, "transfer.request", transfer.source)):
        require(person, "transfer.request", transfer.destination)
    demand_units(units)
    transfers.put_lines(transfer, units)
    transfers.tell(transfer, "changed", units, at=at, person=person)
