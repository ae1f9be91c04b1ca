"""What every writer of stock shares: the words, the locks, the history and the announcement."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel import bulk
from commerce.kernel.db import rows
from inventory.models import StockMovement


@dataclass(frozen=True, slots=True)
class Source:
    """The document on whose behalf stock changes, and the person who did it (None: the system)."""

    type: str
    uid: UUID
    actor: User | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """Units of a variant (primary key) wanted from a location (primary key)."""

    variant: int
    location: int
    quantity: int


def sum_demand(demands: Iterable[Demand]) -> dict[tuple[int, int], int]:
    """Demand per (variant, location)."""
    summed: dict[tuple[int, int], int] = defaultdict(int)
    for demand in demands:
        if demand.quantity < 1:
            raise ValueError(f"cannot reserve {demand.quantity} units")
        summed[demand.variant, demand.location] += demand.quantity
    return dict(summed)


def level_keys(pairs: Iterable[tuple[int, int]], *, locked: bool = False) -> dict[tuple[int, int], int]:
    """The levels' primary keys by (variant, location); `locked` locks them, in the order of `kernel.db`."""
    wanted = list(pairs)
    found = rows(
        "SELECT l.variant_id, l.location_id, l.id FROM inventory_stocklevel l"
        " JOIN unnest(%s::bigint[], %s::bigint[]) AS w(variant_id, location_id) USING (variant_id, location_id)"
        " ORDER BY l.id" + (" FOR UPDATE OF l" if locked else ""),
        [[variant for variant, _l in wanted], [location for _v, location in wanted]],
    )
    return {(variant, location): pk for variant, location, pk in found}


def lock(levels: Iterable[int]) -> None:
    """Lock stock levels in the order of `kernel.db`."""
    rows("SELECT 1 FROM inventory_stocklevel WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [sorted(set(levels))])


def write_movements(moves: list[tuple[int, int, int]], kind: StockMovement.Kind, source: Source, at: datetime) -> None:
    """Append (level, quantity, balance after) to the stock's history."""
    columns = ["level_id", "quantity", "kind", "source_type", "source_uid", "balance_after", "actor_id", "created_at"]
    actor = source.actor.pk if source.actor else None
    bulk.insert(
        StockMovement,
        columns,
        [
            [level, quantity, kind.value, source.type, source.uid, balance, actor, at]
            for level, quantity, balance in moves
        ],
    )


def announce(levels: Sequence[int], *, at: datetime) -> None:
    """Tell open pages and tills: `stock.changed`, keyed by product."""
    if levels:
        outbox.record_query(
            "SELECT 'stock.changed' AS topic, p.uid::text AS key, jsonb_build_object('variant', v.uid, 'sku', v.sku,"
            " 'location', c.code, 'on_hand', l.on_hand, 'reserved', l.reserved,"
            " 'available', GREATEST(l.on_hand - l.reserved - l.safety, 0)) AS payload"
            " FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id"
            " JOIN catalog_product p ON p.id = v.product_id JOIN company_location c ON c.id = l.location_id"
            " WHERE l.id = ANY(%s) ORDER BY l.id",
            [list(levels)],
            at=at,
        )
