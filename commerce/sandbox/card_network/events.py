"""Events: what happened, as it looked at that moment, and to whom it must be told."""

import fnmatch
import json
from typing import Any

from .errors import Row
from .ids import new_id, token
from .shapes import public
from .store import Unit

API_VERSION = "2026-10-28.endive"
KEPT_SECONDS = 30 * 86400
WEBHOOK_SCRIPT: Row = {
    "id": "webhooks",
    "mode": "on",
    "duplicate": 0,
    "order": "created",
    "delay": 0.0,
    "window": 0.3,
    "concurrency": 4,
    "omit": [],
}


def script(unit: Unit) -> Row:
    """How webhooks behave at present; the control API changes it."""
    return unit.find("setting", "webhooks") or WEBHOOK_SCRIPT


def record(unit: Unit, name: str, row: Row, *, previous: Row | None = None) -> None:
    """Write down that something happened to ``row``, and queue it for every endpoint that listens.

    ``previous`` holds the former values of the members that changed. In mode ``silent`` nothing is written at all,
    as in the real network's rare worst case.
    """
    current = script(unit)
    if current["mode"] == "silent":
        return
    event: Row = {
        "id": new_id("event"),
        "object": "event",
        "api_version": API_VERSION,
        "created": unit.now,
        "livemode": False,
        "request": dict(unit.request),
        "type": name,
        "_snapshot": json.dumps(public(unit, row), separators=(",", ":")),
        "_previous": previous,
    }
    unit.add("event", event)
    omitted = current["mode"] == "off" or any(fnmatch.fnmatch(name, pattern) for pattern in current["omit"])
    for endpoint in unit.rows("webhook_endpoint"):
        if listens(endpoint, name):
            state = "omitted" if omitted else "held" if current["mode"] == "hold" else "pending"
            deliver(unit, event, endpoint, state=state, after=current["delay"])


def listens(endpoint: Row, name: str) -> bool:
    """Whether an endpoint wants events of this type."""
    wanted = endpoint["enabled_events"]
    return endpoint["status"] == "enabled" and ("*" in wanted or name in wanted)


def deliver(unit: Unit, event: Row, endpoint: Row, *, state: str = "pending", after: float = 0.0) -> Row:
    """Queue one delivery of an event to an endpoint."""
    return unit.add(
        "delivery",
        {
            "id": f"dl_{token(16)}",
            "event": event["id"],
            "type": event["type"],
            "endpoint": endpoint["id"],
            "state": state,
            "attempts": 0,
            "due": unit.at + after,
            "created": unit.at,
            "answer": None,
        },
    )


def delivered(unit: Unit, event: Row) -> bool:
    """Whether every delivery of the event has arrived (an event that nobody listens to has)."""
    return all(one["state"] == "delivered" for one in unit.where("delivery", "event", event["id"]))


def prune(unit: Unit) -> None:
    """Forget events that are older than thirty days, with their deliveries."""
    for event in unit.rows("event"):
        if unit.now - event["created"] > KEPT_SECONDS:
            for delivery in unit.where("delivery", "event", event["id"]):
                unit.drop("delivery", delivery["id"])
            unit.drop("event", event["id"])


def body(unit: Unit, event: Row) -> bytes:
    """The bytes that are posted to endpoints, and signed."""
    shown: Any = public(unit, event)
    return json.dumps(shown, indent=2).encode()
