"""An event of the card network that could not be worked gets another turn."""

from datetime import datetime

from commerce.cases.queue import resolve_about
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from orders import network_events


@action
def retry_network_event(event_ids: list[str], *, person: User | None, at: datetime) -> int:
    """Try again within seconds; how many are. Events that are done stay done. Raises `NotAllowed`."""
    require(person, "event.retry")
    tried = network_events.try_again(event_ids, at=at)
    if not tried:
        for event_id in event_ids:
            resolve_about("network_event_parked", event_id, at=at, by=person)
    return tried
