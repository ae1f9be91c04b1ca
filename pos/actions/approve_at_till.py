"""A colleague allows one thing at a till by their PIN: a proof for this thing alone, good for some minutes."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import Device
from commerce.company.permissions import require
from pos.access import make_approval
from pos.actions.check_pin import check_pin
from pos.models import Register


def approve_at_till(
    register: Register, device: Device, username: str, pin: str, *, permission: str, subject: UUID, at: datetime
) -> str:
    """The proof that somebody who has a permission allows what carries `subject`. Raises `WrongPin`, `PinBlocked`,
    `NotAllowed`."""
    person = check_pin(register, device, username, pin, at=at)
    require(person, permission, register.location)
    return make_approval(person, device, permission=permission, subject=subject)
