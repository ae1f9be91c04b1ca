"""What the scans of a count add up to, and what the books said at their place in the ledger."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce.kernel.db import rows
from inventory.cycle import LATELY_DAYS, WINDOW_DAYS, Candidate
from inventory.models import StockCount
from inventory.variances import Tally

# A scan belongs to its line's round or is history. The first scan is the one with the lowest place: scans that ran at
# the same time may have been written in either order. Movements of damaged units alone change nothing on the shelf.
_TALLIES = """
    SELECT n.id, n.variant_id, n.round, s.counted, coalesce(f.balance_after, 0), coalesce(l.on_hand, 0),
        coalesce(l.unit_cost, 0),
        s.last > s.first AND EXISTS (SELECT FROM inventory_stockmovement m WHERE m.level_id = l.id
            AND m.id > s.first AND m.id <= s.last AND m.quantity <> 0),
        s.counted IS NOT NULL AND EXISTS (SELECT FROM inventory_stockmovement m WHERE m.level_id = l.id
            AND m.id > s.first AND m.quantity <> 0 AND m.kind IN ('count', 'adjustment', 'import'))
    FROM inventory_countline n
    JOIN inventory_stockcount c ON c.id = n.count_id
    LEFT JOIN LATERAL (SELECT sum(x.quantity)::int AS counted, min(x.position) AS first, max(x.position) AS last
        FROM inventory_countscan x WHERE x.line_id = n.id AND x.round = n.round) s ON TRUE
    LEFT JOIN inventory_stocklevel l ON l.variant_id = n.variant_id AND l.location_id = c.location_id
    LEFT JOIN inventory_stockmovement f ON f.id = s.first
    WHERE n.count_id = %(count)s ORDER BY n.id
"""  # Line by line: right after a file came in, the planner knows nothing of its thousands of scans.


def of_count(count: StockCount) -> list[Tally]:
    """Every line of a count that is not closed yet, as it stands now."""
    return [Tally(*row) for row in rows(_TALLIES, {"count": count.pk})]


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines a count has, how many of them are counted (in their round), and how many people did that."""

    lines: int
    counted: int
    people: int


_PROGRESS = """
    SELECT n.count_id, count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM inventory_countscan x
        WHERE x.line_id = n.id AND x.round = n.round))
    FROM inventory_countline n WHERE n.count_id = ANY(%(counts)s) GROUP BY n.count_id
"""
_PEOPLE = """
    SELECT n.count_id, count(DISTINCT x.counted_by_id) FROM inventory_countscan x
    JOIN inventory_countline n ON n.id = x.line_id WHERE n.count_id = ANY(%(counts)s) GROUP BY n.count_id
"""


def progress_of(counts: Iterable[int]) -> dict[int, Progress]:
    """By count (primary key)."""
    given = {"counts": list(counts)}
    people = dict(rows(_PEOPLE, given))
    found = {pk: Progress(lines, counted, people.get(pk, 0)) for pk, lines, counted in rows(_PROGRESS, given)}
    return {pk: found.get(pk, Progress(0, 0, 0)) for pk in given["counts"]}


_CANDIDATES = """
    SELECT l.variant_id, l.last_counted_at, l.oversold,
        coalesce(sum(-m.value_minor) FILTER (WHERE m.kind IN ('sale', 'fulfillment')), 0)::bigint,
        coalesce(sum(-m.quantity) FILTER (WHERE m.kind IN ('sale', 'fulfillment')), 0)::bigint,
        count(m.id) FILTER (WHERE m.kind IN ('count', 'adjustment') AND m.quantity <> 0 AND m.created_at >= %(lately)s)
    FROM inventory_stocklevel l
    LEFT JOIN inventory_stockmovement m ON m.level_id = l.id AND m.created_at >= %(since)s
    WHERE l.location_id = %(location)s AND (l.on_hand <> 0 OR l.reserved > 0 OR l.oversold)
        AND NOT EXISTS (SELECT FROM inventory_countline n JOIN inventory_stockcount c ON c.id = n.count_id
            WHERE n.variant_id = l.variant_id AND c.location_id = l.location_id AND c.state IN ('open', 'review'))
    GROUP BY l.id
"""


def candidates(location: int, *, at: datetime) -> list[Candidate]:
    """What a cycle count of a location (primary key) may choose from: what stands there and is in no other count."""
    given = {
        "location": location, "since": at - timedelta(days=WINDOW_DAYS), "lately": at - timedelta(days=LATELY_DAYS),
    }  # fmt: skip
    return [
        Candidate(
            variant=variant,
            days_since=None if counted_at is None else (at - counted_at).total_seconds() / 86_400,
            sold_minor=sold_minor,
            sold_units=sold_units,
            oversold=oversold,
            corrections=corrections,
        )
        for variant, counted_at, oversold, sold_minor, sold_units, corrections in rows(_CANDIDATES, given)
    ]
