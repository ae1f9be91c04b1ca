"""The source agrees: the units are set aside there."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import transfers


@action
def approve_transfer(uid: UUID, *, person: User | None, at: datetime, units: Mapping[int, int] | None = None) -> None:
    """Approve what is requested, or less of it where `units` (by variant) says so. All or nothing.

    Raises `NotFound`, `NotAllowed`, `NotNow`, `MoreThanAllowed`, `NotOnDocument`, `NothingToDo`, `NotEnoughToSend`.
    """
    transfer = transfers.hold(uid)
    if transfer is None:
        raise NotFound(what="transfer", key=str(uid))
    require(person, "transfer.approve", transfer.source)
    transfers.approve(transfer, units, at=at, person=person)
