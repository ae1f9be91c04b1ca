"""What was lost and found: units and value by reason and by person, of adjustments and counts together.

What changes sides (damaged, for sale again) is told in units of both; its value goes when it is damaged, and comes back
when it is sold after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from commerce.kernel.db import rows

COUNTED = "count"  # stands for the reason of what a stock count booked
ON_THE_WAY = "transfer"  # of what a transfer lost


@dataclass(frozen=True, slots=True)
class Sum:
    """What one reason, or one person, changed: how often, units on hand lost and found (pieces and meters count 1), and
    the value of both in minor units of the company's currency. `damaged` is the change of damaged units."""

    key: Any
    times: int
    lost: Decimal
    found: Decimal
    damaged: Decimal
    lost_minor: int
    found_minor: int

    @property
    def value_minor(self) -> int:
        return self.found_minor - self.lost_minor


_SUMS = """
    SELECT {key}, count(*), coalesce(-sum(m.quantity::numeric / v.unit_scale) FILTER (WHERE m.quantity < 0), 0),
        coalesce(sum(m.quantity::numeric / v.unit_scale) FILTER (WHERE m.quantity > 0), 0),
        coalesce(sum(m.damaged::numeric / v.unit_scale), 0),
        coalesce(-sum(m.value_minor) FILTER (WHERE m.value_minor < 0), 0)::bigint,
        coalesce(sum(m.value_minor) FILTER (WHERE m.value_minor > 0), 0)::bigint
    FROM inventory_stockmovement m JOIN inventory_stocklevel l ON l.id = m.level_id
    JOIN catalog_variant v ON v.id = l.variant_id
    LEFT JOIN inventory_stockadjustment a ON a.uid = m.source_uid
    WHERE m.kind IN ('adjustment', 'count') AND m.created_at >= %(since)s AND m.created_at < %(until)s
        AND (%(places)s::bigint[] IS NULL OR l.location_id = ANY(%(places)s))
    GROUP BY 1 ORDER BY sum(m.value_minor), count(*) DESC
"""
_REASON = (
    "CASE WHEN m.kind = 'count' THEN 'count' WHEN m.source_type = 'transfer' THEN 'transfer'"
    " ELSE coalesce(a.reason, '') END"
)


def by_reason(since: datetime, until: datetime, places: Sequence[int] | None = None) -> list[Sum]:
    """Sums by code of `adjustments.REASONS`, "count", "transfer", or "" for what was written before reasons were kept;
    the dearest loss first. `places`: only these locations (primary keys)."""
    return _sums(_REASON, since, until, places)


def by_person(since: datetime, until: datetime, places: Sequence[int] | None = None) -> list[Sum]:
    """Sums by person (primary key; None: the system)."""
    return _sums("m.actor_id", since, until, places)


def _sums(key: str, since: datetime, until: datetime, places: Sequence[int] | None) -> list[Sum]:
    given = {"since": since, "until": until, "places": list(places) if places is not None else None}
    return [Sum(*row) for row in rows(_SUMS.format(key=key), given)]
