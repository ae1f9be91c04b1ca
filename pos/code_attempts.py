"""Wrong pickup codes in a row at a register, and the pause that follows. The only writer of `CodeAttempts`."""

from datetime import datetime, timedelta

from commerce.kernel.db import in_transaction
from pos.errors import CodesBlocked
from pos.models import CodeAttempts, Register

PAUSE_AFTER = 5
PAUSE_SECONDS = 60
LONG_PAUSE_AFTER = 15
LONG_PAUSE_MINUTES = 30


@in_transaction
def blocked(register: Register, *, at: datetime) -> CodesBlocked | None:
    """The refusal while a pause lasts. Tries at one register wait for each other here, so that none goes uncounted."""
    attempts, _created = CodeAttempts.objects.select_for_update().get_or_create(register=register)
    if attempts.blocked_until and attempts.blocked_until > at:
        return CodesBlocked(seconds=int((attempts.blocked_until - at).total_seconds()) + 1)
    return None


@in_transaction
def count_wrong(register: Register, *, at: datetime) -> None:
    """One more; the caller holds the row."""
    attempts = CodeAttempts.objects.get(register=register)
    attempts.failures += 1
    if attempts.failures >= LONG_PAUSE_AFTER:
        attempts.blocked_until = at + timedelta(minutes=LONG_PAUSE_MINUTES)
    elif attempts.failures % PAUSE_AFTER == 0:
        attempts.blocked_until = at + timedelta(seconds=PAUSE_SECONDS)
    attempts.save(update_fields=["failures", "blocked_until"])


@in_transaction
def forget(register: Register) -> None:
    """A right code: whoever types here means well."""
    CodeAttempts.objects.filter(register=register, failures__gt=0).update(failures=0, blocked_until=None)
