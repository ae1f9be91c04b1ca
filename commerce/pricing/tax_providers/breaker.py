"""A breaker: who did not answer a few times in a row is left alone for a while, so that nobody waits in vain."""

from datetime import datetime, timedelta
from threading import Lock


class Breaker:
    """Of one provider in one process. After `failures` in a row nobody asks for `rest`; then one may try."""

    def __init__(self, failures: int, rest: timedelta) -> None:
        self._most, self._rest = failures, rest
        self._count = 0
        self._again_at: datetime | None = None
        self._lock = Lock()

    def may_ask(self, at: datetime) -> bool:
        """Whether to ask now; of those who come after the rest, the first alone."""
        with self._lock:
            if self._count < self._most:
                return True
            if self._again_at is not None and at < self._again_at:
                return False
            self._again_at = at + self._rest
            return True

    def answered(self) -> None:
        with self._lock:
            self._count = 0

    def failed(self, at: datetime) -> None:
        with self._lock:
            self._count += 1
            self._again_at = at + self._rest
