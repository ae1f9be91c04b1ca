"""The reception is over, and units are missing."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import transfers, transit


@action
def report_missing(uid: UUID, *, person: User | None, at: datetime) -> int:
    """Open the case `transfer_short` about the units that are still on the way; how many they are.

    Raises `NotFound`, `NotAllowed`, `NotNow`.
    """
    transfer = transfers.hold(uid)
    if transfer is None:
        raise NotFound(what="transfer", key=str(uid))
    require(person, "transfer.receive", transfer.destination)
    return sum(transit.report_missing(transfer, at=at, person=person).values())
