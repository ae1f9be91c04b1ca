"""Where, when and for whom price lists count has changed, or what a market sells."""

from datetime import datetime

from commerce.events import outbox
from commerce.kernel.db import in_transaction


@in_transaction
def announce(currency: str, *, at: datetime) -> None:
    """Record `lists.changed`: pages and tills judge by the lists themselves, but what lists show is worked out anew."""
    outbox.record("lists.changed", currency, {}, at=at)
