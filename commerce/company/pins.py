"""PINs of staff at a paired till: the device is the first factor, the PIN the second (T08, T09)."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Device, PinAttempts, User
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import DomainError, InvalidInput

DELAY_AFTER = 5
LOCK_AFTER = 10
DELAY_SECONDS = 60
LOCK_MINUTES = 60


class WrongPin(DomainError):
    code = "wrong_pin"
    status = 403
    message = _("That PIN is not right. %(left)s more tries before a pause.")


class PinBlocked(DomainError):
    code = "pin_blocked"
    status = 429
    message = _("Too many wrong PINs. Wait %(seconds)s seconds, or ask a manager to set a new PIN.")


def _peppered(pin: str) -> str:
    """A stolen database alone must not give up six digits: the pepper lives outside of it."""
    return hmac.new(settings.PIN_PEPPER.encode(), pin.encode(), hashlib.sha256).hexdigest()


@in_transaction
def set_pin(person: User, pin: str) -> None:
    """Give a person a PIN of four to eight digits. Raises `InvalidInput`."""
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise InvalidInput({"pin": [_("A PIN has 4 to 8 digits.")]})
    person.pin_hash = make_password(_peppered(pin))
    person.save(update_fields=["pin_hash"])


def check_pin(person: User, device: Device, pin: str, *, at: datetime) -> DomainError | None:
    """Judge a PIN and count the failure; the refusal is returned, so that the caller's commit keeps the count."""
    attempts, _created = PinAttempts.objects.select_for_update().get_or_create(user=person, device=device)
    if attempts.blocked_until and attempts.blocked_until > at:
        return PinBlocked(seconds=int((attempts.blocked_until - at).total_seconds()) + 1)
    if person.pin_hash and check_password(_peppered(pin), person.pin_hash):
        if attempts.failures:
            PinAttempts.objects.filter(pk=attempts.pk).update(failures=0, blocked_until=None)
        return None
    attempts.failures += 1
    if attempts.failures >= LOCK_AFTER:
        attempts.blocked_until = at + timedelta(minutes=LOCK_MINUTES)
    elif attempts.failures >= DELAY_AFTER:
        attempts.blocked_until = at + timedelta(seconds=DELAY_SECONDS)
    attempts.save(update_fields=["failures", "blocked_until"])
    if attempts.blocked_until:
        return PinBlocked(seconds=int((attempts.blocked_until - at).total_seconds()))
    return WrongPin(left=DELAY_AFTER - attempts.failures)
