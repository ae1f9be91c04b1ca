"""A browser becomes a register's till."""

from datetime import datetime

from commerce.company import devices
from commerce.company.devices import PairingRefused
from commerce.kernel.db import action
from pos.models import Register


@action
def pair_register(code: str, *, at: datetime) -> tuple[Register, str]:
    """Trade a pairing code for the register and its device token. Raises `PairingRefused`."""
    device, token = devices.pair(code, at=at)
    register = Register.objects.select_related("location").filter(device=device).first()
    if register is None:
        raise PairingRefused()
    return register, token
