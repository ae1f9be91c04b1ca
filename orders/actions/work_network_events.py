"""What the card network has told is looked into: one event after the other, none held up by another's failure."""

import logging
from datetime import datetime
from time import monotonic
from typing import Any

from django.utils.module_loading import import_string

from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from orders import network_events
from orders.models import NetworkEvent

log = logging.getLogger(__name__)
BATCH = 20
SECONDS = 30.0  # a run does not begin another event after so long: the card network may be slow


def work_network_events(*, at: datetime) -> int:
    """Work the events whose turn it is; how many were. Any number of workers may do so at once."""
    began, worked = monotonic(), 0
    while monotonic() - began < SECONDS:
        events = _claim(at=at)
        for event in events:
            worked += _work(event, at=at)
        if len(events) < BATCH:
            break
    return worked


@action
def _claim(*, at: datetime) -> list[NetworkEvent]:
    return network_events.claim(at=at, limit=BATCH)


def _work(event: NetworkEvent, *, at: datetime) -> bool:
    try:
        work: Any = import_string(network_events.worker_of(event.type))
        work(event.payload, at=at)
    except DomainError as error:
        _put_off(event, str(error), at=at)
        return False
    except Exception as error:  # a poisoned one is put off, parked in the end, and in nobody's way
        log.exception("event %s of the card network could not be worked", event.event_id)
        _put_off(event, repr(error), at=at)
        return False
    _finish(event, at=at)
    return True


@action
def _finish(event: NetworkEvent, *, at: datetime) -> None:
    network_events.finish(event, at=at)


@action
def _put_off(event: NetworkEvent, reason: str, *, at: datetime) -> None:
    network_events.put_off(event, reason, at=at)
