"""What may be promised beyond the stock: the only writer of a level's policy.

The limit counts units beyond what is there: with 5 on hand and a limit of 10 the web promises 15. It is part of the
guard that takes units (`levels.BACKORDER`), so however many buyers come at once, no more are promised.
"""

from dataclasses import dataclass
from datetime import date, datetime

from commerce.kernel.db import in_transaction, rows
from inventory.endings import expire_lapsed
from inventory.errors import PromisedBeyondStock
from inventory.levels import announce
from inventory.models import StockLevel

Policy = StockLevel.Policy


@dataclass(frozen=True, slots=True)
class Terms:
    """A policy with its limit in units; `until` ends it, `expected_on` is what shoppers are told."""

    policy: str = Policy.DENY
    limit: int = 0
    until: datetime | None = None
    expected_on: date | None = None


@in_transaction
def put(level: int, terms: Terms, *, at: datetime) -> None:
    """Give a level (primary key) its terms. Raises `PromisedBeyondStock` when its limit would be lowered below what is
    promised beyond the stock already; what has ended by its time is promised all the same."""
    expire_lapsed([level], at=at)
    row = StockLevel.objects.select_related("variant", "location").get(pk=level)
    promised = row.reserved - row.on_hand
    if promised > terms.limit and terms.limit < row.backorder_limit:
        raise PromisedBeyondStock(sku=row.variant.sku, promised=promised, place=row.location.name)
    rows(
        "UPDATE inventory_stocklevel SET policy = %s, backorder_limit = %s, policy_until = %s, expected_on = %s,"
        " oversold = on_hand < 0 OR on_hand + %s < reserved WHERE id = %s",
        [terms.policy, terms.limit, terms.until, terms.expected_on, terms.limit, level],
    )
    announce([level], at=at)
