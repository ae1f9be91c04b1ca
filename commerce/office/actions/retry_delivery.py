"""A subscriber is given a failed event once more. It stands here because events know nothing of people."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import delivery
from commerce.kernel.db import action


@action
def retry_delivery(pks: list[int], *, person: User | None, at: datetime) -> int:
    """Let these failed deliveries be tried again at once; how many there were. Raises `NotAllowed`."""
    require(person, "event.retry")
    return delivery.ask_again(pks, at=at)
