"""Reservations that end without goods leaving: lapsed, given up for what has happened, given back.

Locks: as in `reservations`. Whoever ends a reservation holds the lock of its level.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.kernel.db import in_transaction, rows
from inventory.levels import announce, lock

# What is left of a kit whose other components went to somebody else: it can be sold to nobody as it is.
_REST_OF_A_KIT = (
    "state = 'held' AND kit_uid IS NOT NULL AND EXISTS (SELECT FROM inventory_reservation gone"
    " WHERE gone.kit_uid = inventory_reservation.kit_uid AND gone.state IN ('released', 'expired'))"
)


@in_transaction
def end(condition: str, params: list[Any], *, state: str, at: datetime) -> int:
    """End reservations and give their units back to their levels, which the caller has locked."""
    ended = rows(
        f"WITH ended AS (UPDATE inventory_reservation SET state = %s, ended_at = %s WHERE {condition}"
        " RETURNING level_id, quantity), freed AS (SELECT level_id, sum(quantity) AS quantity FROM ended GROUP BY 1)"
        " UPDATE inventory_stocklevel l SET reserved = l.reserved - freed.quantity,"
        " oversold = l.on_hand < 0 OR l.on_hand + l.backorder_limit < l.reserved - freed.quantity"
        " FROM freed WHERE l.id = freed.level_id RETURNING l.id, freed.quantity",
        [state, at, *params],
    )
    announce(sorted(level for level, _quantity in ended), at=at)
    return sum(int(quantity) for _level, quantity in ended)


@in_transaction
def expire_lapsed(levels: Sequence[int], *, at: datetime) -> int:
    """Tidy lapsed holds of these levels; how many units came free. No promise depends on anybody calling this.

    The components of a kit lapse at one time, and each ends when somebody looks at its level.
    """
    lock(levels)
    return end("level_id = ANY(%s) AND state = 'held' AND expires_at <= %s", [list(levels), at], state="expired", at=at)


@in_transaction
def displace(levels: Sequence[int], *, at: datetime) -> None:
    """Give up holds of levels, which the caller has locked, until what is promised is there: lapsed ones first, then
    unpaid ones, the youngest first. What was allocated to orders stays.

    The rest of a kit goes with its component, now or, where somebody is at its level, with the next sweep.
    """
    end("level_id = ANY(%s) AND state = 'held' AND expires_at <= %s", [list(levels), at], state="expired", at=at)
    end(
        "id IN (SELECT id FROM (SELECT r.id, r.quantity,"
        " l.reserved - GREATEST(l.on_hand + l.backorder_limit, 0) AS missing,"
        " sum(r.quantity) OVER (PARTITION BY r.level_id ORDER BY r.id DESC) AS upto"
        " FROM inventory_reservation r JOIN inventory_stocklevel l ON l.id = r.level_id"
        " WHERE r.level_id = ANY(%s) AND r.state = 'held') held WHERE upto - quantity < missing)",
        [list(levels)],
        state="released",
        at=at,
    )
    kits = "kit_uid IN (SELECT kit_uid FROM inventory_reservation WHERE level_id = ANY(%s) AND ended_at = %s)"
    end_rests_of_kits(kits, [list(levels), at], at=at)


@in_transaction
def end_rests_of_kits(condition: str = "TRUE", params: Sequence[Any] = (), *, at: datetime) -> int:
    """End what is left of kits that lost a component; how many units came free. Levels that are locked by somebody are
    left for the next time: waiting for them would be out of the order of locks."""
    free = rows(
        "SELECT id FROM inventory_stocklevel WHERE id IN"
        f" (SELECT level_id FROM inventory_reservation WHERE {_REST_OF_A_KIT} AND {condition})"
        " ORDER BY id FOR UPDATE SKIP LOCKED",
        list(params),
    )
    if not free:
        return 0
    over = f"level_id = ANY(%s) AND {_REST_OF_A_KIT} AND {condition}"
    return end(over, [[level for (level,) in free], *params], state="released", at=at)
