"""At midnight prices begin and end: lists show them at once, this tidies the table and tells of it."""

from datetime import datetime

from commerce.kernel.db import action
from commerce.pricing import listings


def settle_lapsed(*, at: datetime) -> int:
    """Work out anew what products cost of which a price is over; how many there were. A transaction for each part."""
    done = 0
    while found := listings.lapsed(at=at):
        _settle(found, at=at)
        done += len(found)
    return done


@action
def _settle(product_ids: list[int], *, at: datetime) -> None:
    listings.settle(product_ids, at=at)
