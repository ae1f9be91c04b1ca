"""A new till, scanner or screen is expected at a location."""

from datetime import datetime

from commerce.company import devices
from commerce.company.models import Device, Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action


@action
def invite_device(*, name: str, location: Location, person: User | None, at: datetime) -> Device:
    """A device with a pairing code that is valid for a day. Raises `NotAllowed`."""
    require(person, "device.pair", location)
    return devices.invite(name.strip(), location, at=at)
