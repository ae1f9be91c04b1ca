"""Repeated requests are one request."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.kernel.db import action, in_transaction, rows
from commerce.kernel.errors import KeyReused, StillWorking

STALE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer: HTTP status and JSON body."""

    status: int
    body: Any


def fingerprint(body: Any) -> str:
    """The hash by which two requests are held to be the same: of the canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@action
def begin(scope: str, key: str, *, body: Any, at: datetime) -> Answer | None:
    """Take the key for a request that opens transactions of its own; None means: go ahead, then `finish`.

    Returns the answer of its first use. Raises `KeyReused` when it came with another body, `StillWorking` while the
    first is at work. One that died without an answer loses the key after a minute; what it did is idempotent by itself.
    """
    taken = rows(
        "INSERT INTO kernel_idempotencykey AS k (scope, key, request_hash, created_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (scope, key) DO UPDATE SET created_at = EXCLUDED.created_at"
        " WHERE k.status IS NULL AND k.created_at < EXCLUDED.created_at - make_interval(secs => %s)"
        " AND k.request_hash = EXCLUDED.request_hash RETURNING id",
        [scope, key, fingerprint(body), at, STALE_SECONDS],
    )
    if taken:
        return None
    kept = rows(
        "SELECT request_hash, status, answer::text FROM kernel_idempotencykey WHERE scope = %s AND key = %s",
        [scope, key],
    )
    if not kept:  # the first gave its key back at this very moment
        raise StillWorking()
    request_hash, status, answer = kept[0]
    if request_hash != fingerprint(body):
        raise KeyReused()
    if status is None:
        raise StillWorking()
    return Answer(status, json.loads(answer))


@action
def finish(scope: str, key: str, answer: Answer | None) -> None:
    """Keep the answer; without one the key is free again."""
    if answer is None:
        rows("DELETE FROM kernel_idempotencykey WHERE scope = %s AND key = %s AND status IS NULL", [scope, key])
        return
    rows(
        "UPDATE kernel_idempotencykey SET status = %s, answer = %s WHERE scope = %s AND key = %s",
        [answer.status, json.dumps(answer.body), scope, key],
    )


@in_transaction
def wait_for_turn(scope: str, key: str) -> None:
    """Let requests with the same key pass one after the other, for documents that keep their own key and answer.

    The lock ends with the transaction; what the one before wrote is then seen by the next statement.
    """
    rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{scope} {key}"])


@in_transaction
def once(scope: str, key: str, *, body: Any, at: datetime) -> bool:
    """Take the key for a use case of one transaction: False when it was taken before, by one that was committed.

    Raises `KeyReused` when it came with another body then. A rollback gives the key back.
    """
    taken = rows(
        "INSERT INTO kernel_idempotencykey (scope, key, request_hash, status, answer, created_at)"
        " VALUES (%s, %s, %s, 200, 'null', %s) ON CONFLICT (scope, key) DO NOTHING RETURNING id",
        [scope, key, fingerprint(body), at],
    )
    if taken:
        return True
    kept = rows("SELECT request_hash FROM kernel_idempotencykey WHERE scope = %s AND key = %s", [scope, key])
    if kept and kept[0][0] != fingerprint(body):
        raise KeyReused()
    return False
