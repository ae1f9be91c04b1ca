"""Pairing: the back office makes a code, the till's browser trades it once for a token of its own."""

import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from commerce.company.models import Device, Location
from commerce.company.tokens import hash_token
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import DomainError

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is easily misread
PAIRING_HOURS = 24


class PairingRefused(DomainError):
    code = "pairing_refused"
    message = _("This pairing code is not valid any more. Ask for a new one in the back office, under Devices.")


@in_transaction
def invite(name: str, location: Location, *, at: datetime, code: str = "") -> Device:
    """A device that waits for its browser; `pairing_code` holds eight characters, valid for a day."""
    return Device.objects.create(
        name=name,
        location=location,
        pairing_code=code or _new_code(),
        pairing_expires_at=at + timedelta(hours=PAIRING_HOURS),
    )


@in_transaction
def pair(code: str, *, at: datetime) -> tuple[Device, str]:
    """Trade a code for a token. Raises `PairingRefused` for unknown, used and expired codes alike."""
    wanted = code.strip().upper().replace("-", "").replace(" ", "")
    device = (
        Device.objects.select_for_update(of=("self",))
        .select_related("location")
        .filter(pairing_code=wanted, pairing_expires_at__gt=at, revoked_at=None)
        .exclude(pairing_code="")
        .first()
    )
    if device is None:
        raise PairingRefused()
    token = f"cpd_{secrets.token_urlsafe(32)}"
    device.pairing_code, device.token_hash, device.paired_at = "", hash_token(token), at
    device.save(update_fields=["pairing_code", "token_hash", "paired_at"])
    return device, token


@in_transaction
def renew(device: Device, *, at: datetime, code: str = "") -> Device:
    """A new pairing code for a known device, e.g. for a new browser at the same register. Its present token stays valid
    until the code is used."""
    device.pairing_code = code or _new_code()
    device.pairing_expires_at, device.revoked_at = at + timedelta(hours=PAIRING_HOURS), None
    device.save(update_fields=["pairing_code", "pairing_expires_at", "revoked_at"])
    return device


@in_transaction
def revoke(device: Device, *, at: datetime) -> None:
    """Take a device's token and code away; its browser is a stranger from now on."""
    device.pairing_code, device.token_hash, device.revoked_at = "", "", at
    device.save(update_fields=["pairing_code", "token_hash", "revoked_at"])


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(8))
