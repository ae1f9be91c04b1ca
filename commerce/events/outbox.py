"""Recording and reading what happened."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from commerce.events.models import Event
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import InvalidInput

CHANNEL = "counterpart_events"
NOTIFY_LIMIT = 7000  # PostgreSQL refuses payloads of 8000 bytes and more


@in_transaction
def record(topic: str, key: str, payload: dict[str, Any], *, at: datetime) -> None:
    """Write one event and wake the open pages when the transaction commits."""
    record_many([(topic, key, payload)], at=at)


@in_transaction
def record_many(events: list[tuple[str, str, dict[str, Any]]], *, at: datetime) -> None:
    """Write events (topic, key, payload) in one statement."""
    if events:
        document = json.dumps([{"topic": topic, "key": key, "payload": payload} for topic, key, payload in events])
        record_query(
            "SELECT * FROM jsonb_to_recordset(%s::jsonb) AS e(topic text, key text, payload jsonb)", [document], at=at
        )


@in_transaction
def record_query(sql: str, params: list[Any], *, at: datetime) -> None:
    """Write the events that a query returns as (topic, key, payload), in one statement. NOTIFY travels at commit.

    A small payload rides along so that a page needs no look-up; a large one is left out and read by id.
    """
    rows(
        "WITH recorded AS (INSERT INTO events_event (topic, key, payload, created_at)"
        f" SELECT topic, key, payload, %s FROM ({sql}) e RETURNING id, topic, key, payload)"
        " SELECT pg_notify(%s, (jsonb_build_object('id', id, 'topic', topic, 'key', key,"
        " 'safe', pg_snapshot_xmin(pg_current_snapshot())::text::bigint) ||"
        " CASE WHEN octet_length(payload::text) < %s THEN jsonb_build_object('payload', payload) ELSE '{}' END)::text)"
        " FROM recorded ORDER BY id",
        [at, *params, CHANNEL, NOTIFY_LIMIT],
    )


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A position in the outbox: everything up to and including it was seen."""

    tx: int = 0
    event_id: int = 0

    def __str__(self) -> str:
        return f"{self.tx}-{self.event_id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor":
        """From its text form `TX-ID`; empty means the beginning. Raises `InvalidInput`."""
        if not text:
            return cls()
        try:
            tx, event_id = (int(part) for part in text.split("-"))
            if not 0 <= tx < 2**63 or not 0 <= event_id < 2**63:
                raise ValueError(text)
            return cls(tx, event_id)
        except ValueError as error:
            raise InvalidInput({"after": ["This is no cursor. Use the `cursor` of an earlier answer."]}) from error


def after(cursor: Cursor, *, limit: int, topics: list[str] | None = None) -> list[Event]:
    """The next events in an order that never changes and skips none.

    Events of transactions younger than the oldest one still running are left for later: they could still be joined by
    an event that sorts before them.
    """
    found = Event.objects.filter(
        RawSQL(
            "(tx, id) > (%s, %s) AND tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
            [cursor.tx, cursor.event_id],
            output_field=BooleanField(),
        ),
    )
    if topics:
        found = found.filter(topic__in=topics)
    return list(found.order_by("tx", "id")[:limit])


def here() -> Cursor:
    """The position of this moment: a page that asks before it reads, and listens from there on, misses nothing."""
    return Cursor(rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0])
