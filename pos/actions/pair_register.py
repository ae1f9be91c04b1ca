"""A browser becomes a register's till. Guessing is counted (T08)."""

from datetime import datetime

from django.db import transaction

from commerce.company import devices
from commerce.company.devices import PairingRefused
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from pos import pairing_attempts
from pos.models import Register


def pair_register(code: str, *, address: str = "", at: datetime) -> tuple[Register, str]:
    """Trade a pairing code for the register and its device token; `address` is where the browser is on the net.

    Raises `PairingRefused`, and `TooManyPairings` for right codes, too, after too many wrong ones.
    """
    paired, refusal = _judge(code, address, at=at)
    if refusal or paired is None:
        raise refusal or PairingRefused()
    return paired


@action
def _judge(code: str, address: str, *, at: datetime) -> tuple[tuple[Register, str] | None, DomainError | None]:
    """Returned, not raised: the count of wrong codes has to be committed."""
    blocked = pairing_attempts.count(address, at=at)
    if blocked:
        return None, blocked
    try:
        with transaction.atomic():  # a savepoint: a device that is no register's keeps its code
            device, token = devices.pair(code, at=at)
            register = Register.objects.select_related("location").filter(device=device).first()
            if register is None:
                raise PairingRefused()
    except PairingRefused as error:
        return None, error
    pairing_attempts.forget(address)
    return (register, token), None
