"""Idempotency keys as the real API keeps them: the first status and body, 500s included, for 24 hours."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, Row
from .store import Store, Unit

KEPT_SECONDS = 24 * 3600
LONGEST_KEY = 255


class KeyReused(ApiError):
    """The same key came with another path or other parameters."""

    replayable = False

    def __init__(self, key: str) -> None:
        super().__init__(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try "
            f"using a key other than '{key}' if you meant to execute a different request.",
            kind="idempotency_error",
        )


class KeyInUse(ApiError):
    """Another request with the same key is still running."""

    replayable = False

    def __init__(self, key: str) -> None:
        super().__init__(
            f"There is currently another in-progress request using this Idempotent Key '{key}' (that probably means "
            "you submitted twice, and the other request is still going through). Please try again later.",
            status=409,
            kind="idempotency_error",
            code="idempotency_key_in_use",
        )


@dataclass(slots=True)
class Saved:
    """A remembered answer."""

    status: int
    body: str
    request_id: str


class Keys:
    """The keys that were used, and those in use at this moment."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.running: set[str] = set()

    def claim(self, key: str, fingerprint: str) -> Saved | None:
        """The remembered answer of this key, or None when the caller now holds it. Raises KeyReused, KeyInUse."""
        row = self.store.of("idempotency").get(key)
        if row is not None and self.store.now() - row["at"] < KEPT_SECONDS:
            if row["fingerprint"] != fingerprint:
                raise KeyReused(key)
            return Saved(row["status"], row["body"], row["request_id"])
        if key in self.running:
            raise KeyInUse(key)
        self.running.add(key)
        return None

    def release(self, key: str) -> None:
        """The request that held the key has ended."""
        self.running.discard(key)

    @staticmethod
    def remember(unit: Unit, key: str, fingerprint: str, saved: Saved) -> None:
        """Keep the answer together with what the request wrote."""
        row: Row = {"id": key, "fingerprint": fingerprint, "at": unit.at}
        unit.add("idempotency", row | {"status": saved.status, "body": saved.body, "request_id": saved.request_id})

    def prune(self, unit: Unit) -> None:
        """Forget keys that are older than a day."""
        for row in self.store.of("idempotency").values():
            if unit.at - row["at"] >= KEPT_SECONDS:
                unit.drop("idempotency", row["id"])


def fingerprint(method: str, path: str, params: dict[str, Any]) -> str:
    """A short text that is equal for equal requests."""
    canonical = json.dumps([method, path, params], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
