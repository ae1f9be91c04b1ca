"""Repeated requests. The key's row is inserted in the transaction of the effect, so both exist or neither does."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import KeyReused


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer: HTTP status and JSON body."""

    status: int
    body: Any


def fingerprint(body: Any) -> str:
    """The hash by which two requests are held to be the same: of the canonical JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@in_transaction
def claim(scope: str, key: str, *, body: Any, at: datetime) -> Answer | None:
    """Take the key, or return the answer that its first use got.

    Waits while another transaction holds the same key. Raises `KeyReused` when the key came with another body.
    """
    inserted = rows(
        "INSERT INTO kernel_idempotencykey (scope, key, request_hash, created_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (scope, key) DO NOTHING RETURNING id",
        [scope, key, fingerprint(body), at],
    )
    if inserted:
        return None
    return recall(scope, key, body=body)


def recall(scope: str, key: str, *, body: Any) -> Answer | None:
    """The stored answer of a key, None when the key is new or still without an answer. Raises `KeyReused`."""
    found = rows(
        "SELECT request_hash, status, answer::text FROM kernel_idempotencykey WHERE scope = %s AND key = %s",
        [scope, key],
    )
    if not found:
        return None
    request_hash, status, answer = found[0]
    if request_hash != fingerprint(body):
        raise KeyReused()
    return None if status is None else Answer(status, json.loads(answer))


@in_transaction
def wait_for_turn(scope: str, key: str) -> None:
    """Let requests with the same key pass one after the other, for documents that keep their own key and answer.

    The lock ends with the transaction; what the one before wrote is then seen by the next statement.
    """
    rows("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{scope} {key}"])


@in_transaction
def keep(scope: str, key: str, answer: Answer) -> None:
    """Store the answer beside the effect."""
    rows(
        "UPDATE kernel_idempotencykey SET status = %s, answer = %s WHERE scope = %s AND key = %s",
        [answer.status, json.dumps(answer.body), scope, key],
    )
