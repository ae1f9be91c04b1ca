"""Old words of the card network are removed, a batch at a time, so that nobody waits for it."""

from datetime import datetime, timedelta

from django.conf import settings

from commerce.kernel.db import action
from orders import network_events

BATCH = 2_000
FEWEST_DAYS = 7  # so long the card network may send one again, which has to be known for a repetition


def forget_network_events(*, at: datetime) -> int:
    """Remove what was worked more than `settings.NETWORK_EVENT_DAYS` ago; how many."""
    before = at - timedelta(days=max(settings.NETWORK_EVENT_DAYS, FEWEST_DAYS))
    removed, last = 0, BATCH
    while last == BATCH:
        last = _forget(before)
        removed += last
    return removed


@action
def _forget(before: datetime) -> int:
    return network_events.forget(before=before, limit=BATCH)
