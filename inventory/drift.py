"""Where the figures of a stock level are not what its movements and reservations say, and putting them right.

The history is the truth (it cannot be rewritten), the figures of the level are sums of it that are kept beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.kernel.db import in_transaction, rows


@dataclass(frozen=True, slots=True)
class Drift:
    """A level (primary key) that is not what it should be.

    `found` names each figure that is wrong: what it is, and what it should be. `movement` is the first movement whose
    balance does not follow from the ones before: (primary key, what it is, what it should be).
    """

    level: int
    sku: str
    location: int
    location_code: str
    found: dict[str, tuple[Any, Any]]
    movement: tuple[int, int, int] | None = None

    @property
    def subject(self) -> str:
        return subject_of(self.sku, self.location_code)


def subject_of(sku: str, location_code: str) -> str:
    """What the cases about a level are about."""
    return f"{sku} at {location_code}"


FIGURES = ("on_hand", "damaged", "reserved", "value_minor", "oversold")

# Each figure of the levels beside what it should be. {levels} is a condition on `l`, {of} the same on a level_id.
_SHOULD_BE = """
    SELECT s.*, on_hand_is < 0 OR on_hand_is + s.backorder_limit < reserved_is AS oversold_is FROM (
        SELECT l.id, l.variant_id, l.location_id, l.backorder_limit,
            l.on_hand, coalesce(m.quantity, 0) AS on_hand_is,
            l.damaged, GREATEST(coalesce(m.damaged, 0), 0) AS damaged_is,
            l.reserved, coalesce(r.quantity, 0) AS reserved_is, l.value_minor, coalesce(m.value, 0) AS value_minor_is,
            l.oversold
        FROM inventory_stocklevel l
        LEFT JOIN (SELECT level_id, sum(quantity)::int AS quantity, sum(damaged)::int AS damaged,
            sum(value_minor)::bigint AS value FROM inventory_stockmovement WHERE {of} GROUP BY level_id) m
            ON m.level_id = l.id
        LEFT JOIN (SELECT level_id, sum(quantity)::int AS quantity FROM inventory_reservation
            WHERE state IN ('held', 'allocated') AND {of} GROUP BY level_id) r ON r.level_id = l.id
        WHERE {levels}
    ) s"""
_BROKEN = f"""
    SELECT w.id, v.sku, c.id, c.code, {", ".join(f"w.{name}, w.{name}_is" for name in FIGURES)}
    FROM ({{should_be}}) w JOIN catalog_variant v ON v.id = w.variant_id JOIN company_location c ON c.id = w.location_id
    WHERE ({", ".join(f"w.{name}" for name in FIGURES)}) <> ({", ".join(f"w.{name}_is" for name in FIGURES)})
    ORDER BY w.id"""
_CHAIN = """
    SELECT DISTINCT ON (m.level_id) m.level_id, v.sku, c.id, c.code, m.id, m.balance_after, m.sum::int
    FROM (SELECT level_id, id, balance_after, sum(quantity) OVER (PARTITION BY level_id ORDER BY id)
        FROM inventory_stockmovement WHERE {of}) m
    JOIN inventory_stocklevel l ON l.id = m.level_id
    JOIN catalog_variant v ON v.id = l.variant_id JOIN company_location c ON c.id = l.location_id
    WHERE m.balance_after <> m.sum ORDER BY m.level_id, m.id"""


def _sql(sql: str, *, levels: bool) -> str:
    conditions = {"of": "level_id = ANY(%(levels)s)", "levels": "l.id = ANY(%(levels)s)"} if levels else {}
    return sql.format(**(conditions or {"of": "TRUE", "levels": "TRUE"}))


def find(levels: Sequence[int] | None = None) -> list[Drift]:
    """The levels whose figures or balances are wrong, of all or of `levels` (primary keys); two statements.

    Each statement sees one picture of the database, so that what happens meanwhile is no drift.
    """
    params = {"levels": list(levels)} if levels is not None else {}
    is_narrow = levels is not None
    found: dict[int, Drift] = {}
    for row in rows(_sql(_BROKEN.format(should_be=_SHOULD_BE), levels=is_narrow), params):
        drift = _drift(row)
        found[drift.level] = drift
    for level, sku, location, code, *movement in rows(_sql(_CHAIN, levels=is_narrow), params):
        wrong = found[level].found if level in found else {}
        found[level] = Drift(level, sku, location, code, wrong, (movement[0], movement[1], movement[2]))
    return sorted(found.values(), key=lambda drift: drift.level)


def _drift(row: tuple[Any, ...]) -> Drift:
    level, sku, location, code, *figures = row
    pairs = zip(FIGURES, figures[::2], figures[1::2], strict=True)
    return Drift(level, sku, location, code, {name: (now, true) for name, now, true in pairs if now != true})


def touched(since: datetime) -> list[int]:
    """Levels (primary keys) that have moved since then, and those that anybody holds units of."""
    found = rows(
        "SELECT level_id FROM inventory_stockmovement WHERE created_at >= %s"
        " UNION SELECT level_id FROM inventory_reservation WHERE state = 'held'"
        " UNION SELECT level_id FROM inventory_reservation WHERE state = 'allocated'"
        " UNION SELECT id FROM inventory_stocklevel WHERE reserved > 0",
        [since],
    )
    return sorted(level for (level,) in found)


@in_transaction
def put_right(level: int) -> None:
    """Set the figures of a level, which the caller has locked, to what its movements and reservations say.

    Where it holds goods, their average cost follows from their value.
    """
    rows(
        f"UPDATE inventory_stocklevel l SET {', '.join(f'{name} = w.{name}_is' for name in FIGURES)}, unit_cost ="
        " CASE WHEN w.on_hand_is > 0 AND w.value_minor_is >= 0 AND (w.on_hand, w.value_minor) <>"
        " (w.on_hand_is, w.value_minor_is) THEN round(w.value_minor_is::numeric / w.on_hand_is, 4) ELSE l.unit_cost END"
        f" FROM ({_sql(_SHOULD_BE, levels=True)}) w WHERE w.id = l.id",
        {"levels": [level]},
    )
