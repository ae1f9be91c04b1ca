"""Words of the card network, kept and worked. Steps, and the only writer of `NetworkEvent` and `RefusedWord`.

They come in any order, any number of times, or not at all, and only say where to look. Who works one is said by
`settings.NETWORK_EVENT_WORKERS`: a prefix of its type -> the dotted path of `work(event, *, at)`, which is idempotent;
the longest prefix wins. What nobody works means nothing to us.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from commerce.cases.queue import open_case, resolve_about
from commerce.kernel.db import in_transaction, rows
from orders.models import NetworkEvent, RefusedWord

State = NetworkEvent.State
LEASE = timedelta(minutes=2)  # whoever works an event and dies has lost it after so long
MAX_ATTEMPTS = 10  # with growing pauses: about four hours
SECRETS = {"client_secret"}  # whoever has it may pay: it is kept with the payment, and nowhere else


def worker_of(kind: str) -> str:
    """The dotted path of who works events of this type; "" for nobody."""
    prefixes = [prefix for prefix in settings.NETWORK_EVENT_WORKERS if kind.startswith(prefix)]
    return settings.NETWORK_EVENT_WORKERS[max(prefixes, key=len)] if prefixes else ""


@in_transaction
def keep(event: dict[str, Any], *, refused: str = "", at: datetime) -> bool:
    """Keep an event whose signature was verified; whether it is new. One that came before is only counted.

    `refused` is why it is not for us: it will not be worked.
    """
    kind = str(event["type"])[:120]
    state = State.REFUSED if refused else State.RECEIVED if worker_of(kind) else State.LEFT_ALONE
    is_due = state == State.RECEIVED
    about = event.get("data", {}).get("object", {}) if isinstance(event.get("data"), dict) else {}
    object_id = str(about.get("id") or "")[:120] if isinstance(about, dict) else ""
    found = rows(
        "INSERT INTO orders_networkevent AS e (event_id, type, object_id, state, reason, payload, received_at, try_at,"
        " settled_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (event_id) DO UPDATE SET deliveries = e.deliveries + 1 RETURNING deliveries",
        [str(event["id"])[:120], kind, object_id, state.value, refused[:500], json.dumps(_without_secrets(event)), at,
         at if is_due else None, None if is_due else at],
    )  # fmt: skip
    return bool(found[0][0] == 1)


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_secrets(part) for name, part in value.items() if name not in SECRETS}
    if isinstance(value, list):
        return [_without_secrets(part) for part in value]
    return value.replace("\x00", "") if isinstance(value, str) else value  # PostgreSQL keeps no NUL


@in_transaction
def count_refused(reason: str, *, address: str, at: datetime) -> None:
    """Something came that the card network has not signed."""
    rows(
        "INSERT INTO orders_refusedword AS w (day, reason, count, last_at, last_from) VALUES (%s, %s, 1, %s, %s)"
        " ON CONFLICT (day, reason) DO UPDATE SET count = w.count + 1, last_at = EXCLUDED.last_at,"
        " last_from = EXCLUDED.last_from",
        [at.date(), RefusedWord.Reason(reason).value, at, address[:60]],
    )


@in_transaction
def claim(*, at: datetime, limit: int) -> list[NetworkEvent]:
    """Events whose turn it is, the longest waiting first. They are the caller's for a while; then others may try."""
    return list(
        NetworkEvent.objects.raw(
            "WITH due AS (SELECT id FROM orders_networkevent WHERE state = 'received' AND try_at <= %s"
            " ORDER BY try_at, id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " UPDATE orders_networkevent e SET attempts = attempts + 1, try_at = %s FROM due WHERE e.id = due.id"
            " RETURNING e.*",
            [at, limit, at + LEASE],
        )
    )


@in_transaction
def finish(event: NetworkEvent, *, at: datetime) -> None:
    """It was worked."""
    done = {"state": State.DONE, "settled_at": at, "try_at": None, "reason": ""}
    if NetworkEvent.objects.filter(pk=event.pk, state=State.RECEIVED).update(**done) and event.reason:
        resolve_about("network_event_parked", event.event_id, at=at)


@in_transaction
def put_off(event: NetworkEvent, reason: str, *, at: datetime) -> None:
    """It could not be worked: later again, or, after too many tries, parked with a case. Others are not held up."""
    waiting = NetworkEvent.objects.filter(pk=event.pk, state=State.RECEIVED)
    if event.attempts < MAX_ATTEMPTS:
        waiting.update(try_at=at + timedelta(seconds=15 * 2**event.attempts), reason=reason[:500])
        return
    if waiting.update(state=State.PARKED, try_at=None, settled_at=at, reason=reason[:500]):
        open_case(
            "network_event_parked",
            subject=event.event_id,
            text=f"{event.type} about {event.object_id} could not be worked after {event.attempts} tries: {reason}",
            context={"event": event.event_id, "type": event.type, "about": event.object_id},
            at=at,
        )


@in_transaction
def try_again(event_ids: list[str], *, at: datetime) -> int:
    """Parked and waiting events get their turn now, as if they had just come; how many."""
    again = NetworkEvent.objects.filter(event_id__in=event_ids, state__in=[State.PARKED, State.RECEIVED])
    return again.update(state=State.RECEIVED, try_at=at, settled_at=None, attempts=0)


@in_transaction
def forget(*, before: datetime, limit: int) -> int:
    """Remove events that were worked, or meant nothing, before a moment, `limit` at most; how many. What failed or was
    refused stays: somebody may have to look at it."""
    found = rows(
        "WITH due AS MATERIALIZED (SELECT id FROM orders_networkevent"
        " WHERE state IN ('done', 'left_alone') AND settled_at < %s ORDER BY settled_at LIMIT %s"
        " FOR UPDATE SKIP LOCKED) DELETE FROM orders_networkevent e USING due WHERE e.id = due.id RETURNING e.id",
        [before, limit],
    )
    return len(found)
