"""A person says who they are at a paired till."""

from datetime import datetime

from commerce.company import pins
from commerce.company.models import Device, User
from commerce.company.permissions import may
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError, NotAllowed
from pos.models import Register


def check_pin(register: Register, device: Device, username: str, pin: str, *, at: datetime) -> User:
    """The person, if the PIN is theirs and they work here. Raises `WrongPin`, `PinBlocked`, `NotAllowed`."""
    person, refusal = _judge(device, username, pin, at=at)
    if refusal:
        raise refusal
    if person is None or not may(person, "sale.record", register.location):
        raise NotAllowed()
    return person


@action
def _judge(device: Device, username: str, pin: str, *, at: datetime) -> tuple[User | None, DomainError | None]:
    """Returned, not raised: the count of wrong PINs has to be committed."""
    person = User.objects.with_places().filter(username=username, is_active=True).first()
    if person is None:
        return None, NotAllowed()
    return person, pins.check_pin(person, device, pin, at=at)
