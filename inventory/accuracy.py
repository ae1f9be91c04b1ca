"""How true the books are: of the lines that were counted lately, how many fitted, by location."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce.kernel.db import rows

DAYS = 90


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Counted lines of a location's approved counts, those that fitted, and the value that was missing or found, losses
    and gains added up, in minor units of the company's currency."""

    location: int
    name: str
    lines: int
    matching: int
    value_minor: int

    @property
    def percent(self) -> float:
        return 100 * self.matching / self.lines


_ACCURACY = """
    SELECT p.id, p.name, sum(n.lines)::int, sum(n.matching)::int, coalesce(sum(m.value), 0)::bigint
    FROM inventory_stockcount c JOIN company_location p ON p.id = c.location_id
    JOIN LATERAL (SELECT count(*) AS lines, count(*) FILTER (WHERE x.variance = 0) AS matching
        FROM inventory_countline x WHERE x.count_id = c.id AND x.counted IS NOT NULL) n ON n.lines > 0
    LEFT JOIN LATERAL (SELECT sum(abs(x.value_minor)) AS value FROM inventory_stockmovement x
        WHERE x.source_uid = c.uid AND x.kind = 'count') m ON TRUE
    WHERE c.state = 'approved' AND c.closed_at >= %(since)s AND (%(places)s::bigint[] IS NULL OR p.id = ANY(%(places)s))
    GROUP BY p.id ORDER BY p.position, p.id
"""


def by_location(places: Sequence[int] | None, *, at: datetime) -> list[Accuracy]:
    """Of the locations that counted within `DAYS`; `places`: only these (primary keys)."""
    given = {"since": at - timedelta(days=DAYS), "places": list(places) if places else None}
    return [Accuracy(*row) for row in rows(_ACCURACY, given)]
