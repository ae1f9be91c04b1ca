"""The only writers of what is on hand: sell over the counter, and every other movement.

Locks: stock levels by primary key, then their reservations (see `reservations`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commerce.kernel.db import in_transaction, rows
from inventory import reservations
from inventory.errors import NotOnHand
from inventory.levels import Demand, Source, announce, level_keys, sum_demand, write_movements
from inventory.models import StockLevel, StockMovement


@dataclass(frozen=True, slots=True)
class Shortage:
    """A level that holds fewer units than orders were promised; `sources` are their documents, the youngest first."""

    level: int
    sku: str
    location_code: str
    missing: int
    sources: tuple[tuple[str, UUID], ...]


@in_transaction
def sell(demands: Sequence[Demand], *, source: Source, at: datetime) -> list[Shortage]:
    """Goods have left over the counter: a fact that is never refused.

    Where that eats into what was reserved, lapsed holds go first, then checkouts that are not paid yet, the youngest
    first. What then is still promised to orders without being there is returned.
    """
    summed = sum_demand(demands)
    changed = _change({pair: -quantity for pair, quantity in summed.items()}, StockMovement.Kind.SALE, source, at)
    short = [level for level, on_hand, reserved in changed if on_hand < reserved]
    shortages = _displace(short, at=at) if short else []
    announce(sorted(level for level, _o, _r in changed), at=at)
    return shortages


@in_transaction
def move(quantities: dict[tuple[int, int], int], *, kind: StockMovement.Kind, source: Source, at: datetime) -> None:
    """Add (or with a minus take away) units by (variant, location): goods received, adjusted, imported.

    Raises `NotOnHand` when more is taken away than is there; what orders were promised may become short (`oversold`).
    """
    changes = {pair: quantity for pair, quantity in quantities.items() if quantity}
    if not changes:
        return
    changed = _change(changes, kind, source, at)
    by_level = {level: pair for pair, level in level_keys(changes).items()}
    for level, on_hand, _reserved in changed:
        taken = -changes[by_level[level]]
        if on_hand < 0 and taken > 0:
            sku = StockLevel.objects.select_related("variant").get(pk=level).variant.sku
            raise NotOnHand(sku=sku, on_hand=on_hand + taken, wanted=taken)
    announce(sorted(level for level, _o, _r in changed), at=at)


def _change(
    changes: dict[tuple[int, int], int], kind: StockMovement.Kind, source: Source, at: datetime
) -> list[tuple[int, int, int]]:
    """Change `on_hand` as a fact, with movements; (level, on hand, reserved) of each afterwards."""
    levels = level_keys(changes, locked=True)
    absent = [pair for pair in changes if pair not in levels]
    if absent:
        rows(
            "INSERT INTO inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety, oversold)"
            " SELECT variant, location, 0, 0, 0, FALSE FROM unnest(%s::bigint[], %s::bigint[]) AS w(variant, location)"
            " ORDER BY variant, location ON CONFLICT (variant_id, location_id) DO NOTHING",
            [[variant for variant, _location in absent], [location for _variant, location in absent]],
        )
        levels = level_keys(changes, locked=True)
    by_level = {levels[pair]: quantity for pair, quantity in changes.items()}
    changed = rows(
        "UPDATE inventory_stocklevel l SET on_hand = l.on_hand + w.quantity,"
        " oversold = l.on_hand + w.quantity < 0 OR l.on_hand + w.quantity < l.reserved"
        " FROM unnest(%s::bigint[], %s::int[]) AS w(id, quantity) WHERE l.id = w.id"
        " RETURNING l.id, l.on_hand, l.reserved",
        [list(by_level), list(by_level.values())],
    )
    write_movements([(pk, by_level[pk], on_hand) for pk, on_hand, _reserved in changed], kind, source, at)
    return changed


def _displace(levels: list[int], *, at: datetime) -> list[Shortage]:
    """Make good what a sale took from reserved units: see `sell`. The levels are locked."""
    reservations.end("level_id = ANY(%s) AND state = 'held' AND expires_at <= %s", [levels, at], state="expired", at=at)
    reservations.end(
        "id IN (SELECT id FROM (SELECT r.id, r.quantity, l.reserved - GREATEST(l.on_hand, 0) AS missing,"
        " sum(r.quantity) OVER (PARTITION BY r.level_id ORDER BY r.id DESC) AS upto"
        " FROM inventory_reservation r JOIN inventory_stocklevel l ON l.id = r.level_id"
        " WHERE r.level_id = ANY(%s) AND r.state = 'held') held WHERE upto - quantity < missing)",
        [levels],
        state="released",
        at=at,
    )
    found = rows(
        "SELECT l.id, v.sku, c.code, l.reserved - GREATEST(l.on_hand, 0),"
        " array_agg(r.source_type || ' ' || r.source_uid ORDER BY r.id DESC) FILTER (WHERE r.id IS NOT NULL)"
        " FROM inventory_stocklevel l JOIN catalog_variant v ON v.id = l.variant_id"
        " JOIN company_location c ON c.id = l.location_id"
        " LEFT JOIN inventory_reservation r ON r.level_id = l.id AND r.state = 'allocated'"
        " WHERE l.id = ANY(%s) AND l.oversold AND l.reserved > 0 GROUP BY l.id, v.sku, c.code ORDER BY l.id",
        [levels],
    )
    return [
        Shortage(level, sku, code, missing, tuple(_source(text) for text in sources or ()))
        for level, sku, code, missing, sources in found
        if missing > 0
    ]


def _source(text: str) -> tuple[str, UUID]:
    kind, uid = text.split(" ")
    return kind, UUID(uid)
