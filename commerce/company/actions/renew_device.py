"""A known device gets another browser: a new tablet, a cleared one."""

from datetime import datetime

from commerce.company import devices
from commerce.company.models import Device, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound


@action
def renew_device(pk: int, *, person: User | None, at: datetime) -> Device:
    """The device with a new pairing code. Raises `NotFound`, `NotAllowed`."""
    device = Device.objects.select_for_update(of=("self",)).select_related("location").filter(pk=pk).first()
    if device is None:
        raise NotFound(what="device", key=str(pk))
    require(person, "device.pair", device.location)
    return devices.renew(device, at=at)
