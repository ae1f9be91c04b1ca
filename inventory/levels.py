"""What every writer of stock shares: the words, the locks, the one change of levels, the history, the announcement."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel import bulk
from commerce.kernel.db import rows
from commerce.kernel.failpoints import is_off
from inventory import books
from inventory.models import StockMovement

Pair = tuple[int, int]  # primary keys of a variant and a location

# Units of level `l` that may be promised beyond its stock at the time of the parameter.
BACKORDER = (
    "(CASE WHEN l.policy <> 'deny' AND (l.policy_until IS NULL OR l.policy_until > %s)"
    " THEN l.backorder_limit ELSE 0 END)"
)


@dataclass(frozen=True, slots=True)
class Source:
    """The document on whose behalf stock changes, and the person who did it (None: the system). `on` is its business
    date where that is not the day on which stock changes: a sale may come in late."""

    type: str
    uid: UUID
    actor: User | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """Units of a variant (primary key) wanted from a location (primary key)."""

    variant: int
    location: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stock level, and how many of its units one unit of what was asked for takes: 1, or more in a kit."""

    level: int
    per: int


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a level: signed units on hand, reserved and damaged. `value_minor` is what goods that come in are
    worth; without it they come in, as they go out, at the level's average cost."""

    on_hand: int = 0
    reserved: int = 0
    damaged: int = 0
    value_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A level after its change, and the value that went in or out."""

    level: int
    on_hand: int
    reserved: int
    backorder_limit: int
    value_minor: int

    @property
    def is_short(self) -> bool:
        """More is promised than is there and may be promised beyond it."""
        return self.on_hand + self.backorder_limit < self.reserved


def sum_demand(demands: Iterable[Demand]) -> dict[Pair, int]:
    """Demand per (variant, location)."""
    summed: dict[Pair, int] = defaultdict(int)
    for demand in demands:
        if demand.quantity < 1:
            raise ValueError(f"cannot reserve {demand.quantity} units")
        summed[demand.variant, demand.location] += demand.quantity
    return dict(summed)


def parts_of(pairs: Iterable[Pair], *, locked: bool = False) -> dict[Pair, list[Part]]:
    """The levels that stand behind each (variant, location): its own, or those of a kit's components, by primary key.

    A pair of which a level is missing is left out. `locked` locks the levels, in the order of `kernel.db`.
    """
    wanted = list(pairs)
    found = rows(
        "SELECT w.variant_id, w.location_id, l.id, coalesce(k.quantity, 1), (SELECT count(*) FROM"
        " inventory_kitcomponent c WHERE c.kit_id = w.variant_id)"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS w(variant_id, location_id)"
        " LEFT JOIN inventory_kitcomponent k ON k.kit_id = w.variant_id"
        " JOIN inventory_stocklevel l"
        " ON l.variant_id = coalesce(k.component_id, w.variant_id) AND l.location_id = w.location_id"
        f" ORDER BY {_order()}" + (" FOR UPDATE OF l" if locked else ""),
        [[variant for variant, _l in wanted], [location for _v, location in wanted]],
    )
    parts: dict[Pair, list[Part]] = defaultdict(list)
    components: dict[Pair, int] = {}
    for variant, location, level, per, count in found:
        parts[variant, location].append(Part(level, per))
        components[variant, location] = max(count, 1)
    return {pair: levels for pair, levels in parts.items() if len(levels) == components[pair]}


def level_keys(pairs: Iterable[Pair], *, locked: bool = False) -> dict[Pair, int]:
    """The levels' own primary keys by (variant, location), kits not resolved; `locked` as in `parts_of`."""
    wanted = list(pairs)
    found = rows(
        "SELECT l.variant_id, l.location_id, l.id FROM inventory_stocklevel l"
        " JOIN unnest(%s::bigint[], %s::bigint[]) AS w(variant_id, location_id) USING (variant_id, location_id)"
        f" ORDER BY {_order()}" + (" FOR UPDATE OF l" if locked else ""),
        [[variant for variant, _l in wanted], [location for _v, location in wanted]],
    )
    return {(variant, location): pk for variant, location, pk in found}


def per_level(summed: Mapping[Pair, int], parts: Mapping[Pair, list[Part]]) -> dict[int, int]:
    """Units per level, summed over variants and kits that share one, in the order of the primary keys."""
    units: dict[int, int] = defaultdict(int)
    for pair, quantity in summed.items():
        for part in parts[pair]:
            units[part.level] += quantity * part.per
    return dict(sorted(units.items()))


def lock(levels: Iterable[int]) -> None:
    """Lock stock levels in the order of `kernel.db`."""
    rows(
        f"SELECT 1 FROM inventory_stocklevel l WHERE id = ANY(%s) ORDER BY {_order()} FOR UPDATE",
        [sorted(set(levels))],
    )


def _order() -> str:
    """The order of locks, unless a test wants to see what happens without it."""
    return "random()" if is_off("inventory.order") else "l.id"


# But for goods that come in with their value, a level is worth its units at the average cost, to the minor unit: what
# leaves takes the difference along, so that no sequence of movements drifts away from it, and an empty shelf is worth
# nothing. Units that left beyond what was there count against it until they come in, at what those cost.
_VALUE = """CASE WHEN w.quantity = 0 THEN 0
    WHEN w.quantity > 0 AND w.value IS NOT NULL AND o.on_hand >= 0 THEN w.value
    WHEN w.quantity > 0 AND w.value IS NOT NULL
    THEN round(w.value::numeric * (o.on_hand + w.quantity) / w.quantity)::bigint - o.value_minor
    ELSE round(o.unit_cost * (o.on_hand + w.quantity))::bigint - o.value_minor END"""
_CHANGE = f"""
    UPDATE inventory_stocklevel l SET
        on_hand = o.on_hand + w.quantity, reserved = o.reserved + w.reserved, damaged = o.damaged + w.damaged,
        oversold = o.on_hand + w.quantity < 0
            OR o.on_hand + w.quantity + o.backorder_limit < o.reserved + w.reserved,
        value_minor = o.value_minor + {_VALUE},
        unit_cost = CASE WHEN w.value IS NULL OR w.quantity <= 0 THEN o.unit_cost
            WHEN o.on_hand > 0 THEN round((o.value_minor + w.value)::numeric / (o.on_hand + w.quantity), 4)
            ELSE round(w.value::numeric / w.quantity, 4) END
    FROM inventory_stocklevel o
    JOIN unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::bigint[])
        AS w(id, quantity, reserved, damaged, value) ON w.id = o.id
    WHERE l.id = o.id RETURNING l.id, l.on_hand, l.reserved, l.backorder_limit, l.value_minor - o.value_minor
"""


def apply(changes: Mapping[int, Change]) -> list[Changed]:
    """Change levels, which the caller has locked. What is thereby promised beyond the stock is marked, not refused."""
    keys = list(changes)
    wanted = [changes[pk] for pk in keys]
    found = rows(
        _CHANGE,
        [
            keys,
            [change.on_hand for change in wanted],
            [change.reserved for change in wanted],
            [change.damaged for change in wanted],
            [change.value_minor for change in wanted],
        ],
    )
    return [Changed(*row) for row in found]


def write_movements(
    changed: Sequence[Changed], changes: Mapping[int, Change], kind: StockMovement.Kind, source: Source, at: datetime
) -> None:
    """Append what changed to the stock's history, and to the books."""
    columns = ["level_id", "quantity", "damaged", "value_minor", "kind", "source_type", "source_uid"]
    actor = source.actor.pk if source.actor else None
    bulk.insert(
        StockMovement,
        [*columns, "balance_after", "actor_id", "created_at"],
        [
            [
                *(row.level, changes[row.level].on_hand, changes[row.level].damaged, row.value_minor),
                *(kind.value, source.type, source.uid, row.on_hand, actor, at),
            ]
            for row in changed
        ],
    )
    books.post([_moved(row, changes[row.level]) for row in changed], kind=kind, source=source, at=at)


def _moved(row: Changed, change: Change) -> books.Moved:
    is_priced = change.on_hand > 0 and change.value_minor is not None
    return books.Moved(row.level, row.value_minor, change.value_minor or 0 if is_priced else row.value_minor)


_ANNOUNCE = """
    SELECT 'stock.changed' AS topic, p.uid::text AS key, jsonb_build_object('variant', v.uid, 'sku', v.sku,
        'location', c.code, 'on_hand', n.on_hand, 'reserved', n.on_hand - n.sellable, 'available', n.available)
        AS payload
    FROM (
        SELECT l.variant_id, l.location_id, l.on_hand, l.on_hand - l.reserved AS sellable,
            GREATEST(l.on_hand - l.reserved - l.safety, 0) AS available
        FROM inventory_stocklevel l WHERE l.id = ANY(%s)
        UNION ALL
        SELECT k.kit_id, touched.location_id, min(GREATEST(coalesce(l.on_hand, 0), 0) / k.quantity),
            min(GREATEST(coalesce(l.on_hand - l.reserved, 0), 0) / k.quantity),
            min(GREATEST(coalesce(l.on_hand - l.reserved - l.safety, 0), 0) / k.quantity)
        FROM (SELECT DISTINCT t.kit_id, h.location_id FROM inventory_stocklevel h
            JOIN inventory_kitcomponent t ON t.component_id = h.variant_id WHERE h.id = ANY(%s)) touched
        JOIN inventory_kitcomponent k ON k.kit_id = touched.kit_id
        LEFT JOIN inventory_stocklevel l ON l.variant_id = k.component_id AND l.location_id = touched.location_id
        GROUP BY 1, 2
    ) n JOIN catalog_variant v ON v.id = n.variant_id
    JOIN catalog_product p ON p.id = v.product_id
    JOIN company_location c ON c.id = n.location_id AND c.kind <> 'transit'
    ORDER BY n.location_id, n.variant_id
"""


def announce(levels: Sequence[int], *, at: datetime) -> None:
    """Tell open pages and tills: `stock.changed`, keyed by product, of the levels and of the kits made of them."""
    if levels:
        outbox.record_query(_ANNOUNCE, [list(levels), list(levels)], at=at)
