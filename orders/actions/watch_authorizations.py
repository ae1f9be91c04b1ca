"""Authorizations end by themselves. Before one does, somebody is told."""

from datetime import datetime

from commerce.kernel.db import action
from orders import captures

BATCH = 100


@action
def watch_authorizations(*, at: datetime) -> int:
    """Open a case for each that ends within a day and is not taken yet; for how many."""
    return captures.warn(at=at, limit=BATCH)
