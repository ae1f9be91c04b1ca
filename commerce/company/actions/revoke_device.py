"""A device was lost, sold or stolen."""

from datetime import datetime

from commerce.company import devices
from commerce.company.models import Device, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound


@action
def revoke_device(pk: int, *, person: User | None, at: datetime) -> None:
    """Lock the device out at once. Raises `NotFound`, `NotAllowed`."""
    device = Device.objects.select_for_update(of=("self",)).select_related("location").filter(pk=pk).first()
    if device is None:
        raise NotFound(what="device", key=str(pk))
    require(person, "device.pair", device.location)
    devices.revoke(device, at=at)
