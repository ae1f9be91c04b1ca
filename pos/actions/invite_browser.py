"""A browser is expected at a register: a new tablet, a cleared one, a new counter."""

from datetime import datetime

from commerce.company import devices
from commerce.company.models import Device, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from pos.models import Register


@action
def invite_browser(register_pk: int, *, person: User | None, at: datetime) -> Device:
    """The register's device with a fresh pairing code. The browser paired now keeps working until the code is used.

    Raises `NotFound`, `NotAllowed`.
    """
    register = (
        Register.objects.select_for_update(of=("self",))
        .select_related("location", "device")
        .filter(pk=register_pk)
        .first()
    )
    if register is None:
        raise NotFound(what="register", key=str(register_pk))
    require(person, "device.pair", register.location)
    if register.device:
        return devices.renew(register.device, at=at)
    device = devices.invite(register.name, register.location, at=at)
    Register.objects.filter(pk=register.pk).update(device=device)
    return device
