"""What was sold and given back, by day, location and channel: the entries of the journal, summed up. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from commerce.kernel.db import rows


@dataclass(frozen=True, slots=True)
class Day:
    """One channel at one location on one day in one currency, minor units. `net` is goods, shipping and fees without
    tax; `other` deposits and rounding; `returned` what returns, allowances and cancellations took back of `total`,
    with their tax."""

    day: date
    location: str
    channel: str
    currency: str
    orders: int
    net: int
    tax: int
    other: int
    total: int
    returns: int
    returned: int
    returned_tax: int

    @property
    def together(self) -> int:
        return self.total - self.returned


_JOURNAL = """
    SELECT business_date, location_code, channel, currency, count(*) FILTER (WHERE kind = 'sale'),
        sum(owed - tax - other) FILTER (WHERE kind = 'sale'), sum(tax) FILTER (WHERE kind = 'sale'),
        sum(other) FILTER (WHERE kind = 'sale'), sum(owed) FILTER (WHERE kind = 'sale'),
        count(*) FILTER (WHERE kind <> 'sale'), -sum(owed) FILTER (WHERE kind <> 'sale'),
        -sum(tax) FILTER (WHERE kind <> 'sale')
    FROM (
        SELECT e.id, e.business_date, e.location_code, e.currency, e.kind, coalesce(o.channel, r.channel, w.channel, '')
            AS channel, sum(p.amount_minor) FILTER (WHERE a.code IN ('receivable', 'refunds_due'))::bigint AS owed,
            -coalesce(sum(p.amount_minor) FILTER (WHERE a.code = 'sales_tax'), 0)::bigint AS tax,
            -coalesce(sum(p.amount_minor) FILTER (WHERE a.code IN ('deposits', 'cash_rounding')), 0)::bigint AS other
        FROM ledger_journalentry e JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a
            ON a.id = p.account_id
        LEFT JOIN orders_order o ON e.kind = 'sale' AND o.uid = e.source_uid
        LEFT JOIN orders_return r ON e.kind = 'return' AND r.uid = e.source_uid
        LEFT JOIN orders_allowance b ON e.kind = 'allowance' AND b.uid = e.source_uid
        LEFT JOIN orders_cancellation c ON e.kind = 'cancellation' AND c.uid = e.source_uid
        LEFT JOIN orders_order w ON w.id = coalesce(b.order_id, c.order_id)
        WHERE e.kind IN ('sale', 'return', 'allowance', 'cancellation')
            AND e.business_date BETWEEN %(since)s AND %(until)s {at}
        GROUP BY e.id, o.channel, r.channel, w.channel
    ) entries GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 4, 2, 3
"""


def journal(since: date, until: date, *, locations: Sequence[str] | None = None) -> list[Day]:
    """The days from `since` through `until`, the newest first; at `locations` (codes) only, where they are named. One
    statement."""
    at = "" if locations is None else "AND e.location_code = ANY(%(locations)s)"
    found = rows(_JOURNAL.format(at=at), {"since": since, "until": until, "locations": list(locations or ())})
    return [Day(*row[:4], *(int(figure or 0) for figure in row[4:])) for row in found]
