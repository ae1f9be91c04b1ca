"""The goods will not be sent after all."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import may, require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import transfers


@action
def cancel_transfer(uid: UUID, *, person: User | None, at: datetime) -> None:
    """Free what was set aside. Raises `NotFound`, `NotAllowed`, `NotNow`."""
    transfer = transfers.hold(uid)
    if transfer is None:
        raise NotFound(what="transfer", key=str(uid))
    if not (person and may(person, "transfer.request", transfer.source)):  # whoever is at either end may
        require(person, "transfer.request", transfer.destination)
    transfers.cancel(transfer, at=at, person=person)
