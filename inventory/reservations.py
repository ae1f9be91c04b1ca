"""The only writers of reservations: reserve, extend, allocate, consume, release, expire.

Locks: stock levels by primary key, then their reservations, never the other way round. A single level is taken by one
guarded UPDATE; several are locked in order first and then taken by one UPDATE. Demand is summed per level first, over
the lines and the components of kits.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.failpoints import is_off
from commerce.kernel.ids import new_uid
from inventory import availability, levels
from inventory.errors import HoldLost, InsufficientStock, NotOnHand
from inventory.levels import BACKORDER, Change, Demand, Pair, Part, Source, announce, lock, sum_demand
from inventory.models import Reservation, StockLevel, StockMovement


@in_transaction
def reserve(demands: Sequence[Demand], *, until: datetime | None, source: Source, at: datetime) -> list[Reservation]:
    """Hold units until `until` (None: allocate them); one reservation per demand, in the order given. That of a kit
    stands for all its parts.

    All or nothing: raises `InsufficientStock` with every variant that is short. Holds that have lapsed do not count,
    whether or not anybody has swept them.
    """
    parts = _take_or_refuse(sum_demand(demands), at=at)
    made: list[Reservation] = []
    heads: list[Reservation] = []
    for demand in demands:
        rows_of = _rows_of(demand, parts[demand.variant, demand.location], until=until, source=source, at=at)
        heads.append(rows_of[0])
        made.extend(rows_of)
    Reservation.objects.bulk_create(made)
    announce(sorted({row.level_id for row in made}), at=at)
    return heads


def _rows_of(
    demand: Demand, parts: list[Part], *, until: datetime | None, source: Source, at: datetime
) -> list[Reservation]:
    """A reservation per level; those of a kit are held together by the first one's uid."""
    made = [
        Reservation(
            uid=new_uid(),
            level_id=part.level,
            quantity=demand.quantity * part.per,
            state=Reservation.State.HELD if until else Reservation.State.ALLOCATED,
            expires_at=until,
            source_type=source.type,
            source_uid=source.uid,
            created_at=at,
        )
        for part in parts
    ]
    if len(made) > 1 or parts[0].per > 1:
        for row in made:
            row.kit_uid = made[0].uid
    return made


def _take_or_refuse(summed: dict[Pair, int], *, at: datetime) -> dict[Pair, list[Part]]:
    """Take everything and return the levels of each pair, or raise `InsufficientStock`. Lapsed holds stand in nobody's
    way."""
    parts = _take_one(summed, at=at) if len(summed) == 1 else None
    if parts:
        return parts
    parts = levels.parts_of(summed, locked=True)
    if len(parts) == len(summed):
        wanted = levels.per_level(summed, parts)
        taken = _take(wanted, at=at)
        missing = {level: units for level, units in wanted.items() if level not in taken}
        if missing and expire_lapsed(sorted(missing), at=at):
            taken |= _take(missing, at=at)
        if len(taken) == len(wanted):
            return parts
        parts = {pair: each for pair, each in parts.items() if all(part.level in taken for part in each)}
    raise InsufficientStock(_shortfall(summed, [pair for pair in summed if pair not in parts], at=at))


def _guard() -> str:
    return "TRUE" if is_off("inventory.guard") else f"l.on_hand - l.reserved - l.safety + {BACKORDER} >= w.quantity"


def _take_one(summed: dict[Pair, int], *, at: datetime) -> dict[Pair, list[Part]] | None:
    """One UPDATE for what almost every sale is; None when there is too little, or when it is a kit."""
    ((variant, location), quantity) = next(iter(summed.items()))
    guard = _guard()
    taken = rows(
        "UPDATE inventory_stocklevel l SET reserved = l.reserved + w.quantity"
        " FROM (SELECT %s::bigint AS variant_id, %s::bigint AS location_id, %s::int AS quantity) w"
        f" WHERE l.variant_id = w.variant_id AND l.location_id = w.location_id AND {guard} RETURNING l.id",
        [variant, location, quantity, *[at] * guard.count("%s")],
    )
    return {(variant, location): [Part(taken[0][0], 1)]} if taken else None


def _take(wanted: dict[int, int], *, at: datetime) -> set[int]:
    """Raise `reserved` of locked levels where enough is available; the levels that were taken."""
    guard = _guard()
    taken = rows(
        "UPDATE inventory_stocklevel l SET reserved = l.reserved + w.quantity"
        f" FROM unnest(%s::bigint[], %s::int[]) AS w(id, quantity) WHERE l.id = w.id AND {guard} RETURNING l.id",
        [list(wanted), list(wanted.values()), *[at] * guard.count("%s")],
    )
    return {level for (level,) in taken}


def _shortfall(summed: dict[Pair, int], missing: list[Pair], *, at: datetime) -> list[dict[str, object]]:
    """What is missing, in the words of what was asked for. A pair that shares a level with another is short as well."""
    asked = missing or list(summed)
    there = {
        (level.variant, level.location): level.promisable
        for level in availability.of_variants([variant for variant, _location in asked], at=at)
    }
    names = rows(
        "SELECT v.id, v.sku, p.title, v.title FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id"
        " WHERE v.id = ANY(%s)",
        [[variant for variant, _location in asked]],
    )
    called = {pk: (sku, f"{product} – {title}" if title else product) for pk, sku, product, title in names}
    return [
        {
            "sku": called[variant][0],
            "name": called[variant][1],
            "requested": summed[variant, location],
            "available": there.get((variant, location), 0),
        }
        for variant, location in asked
    ]


def _members(reservations: Sequence[Reservation]) -> list[Reservation]:
    """The reservations with those of their kits' other components."""
    kits = [row.kit_uid for row in reservations if row.kit_uid]
    if not kits:
        return list(reservations)
    of_kits = list(Reservation.objects.filter(kit_uid__in=kits).order_by("pk"))
    return [row for row in reservations if not row.kit_uid] + of_kits


@in_transaction
def allocate(reservations: Sequence[Reservation], *, at: datetime) -> None:
    """Turn holds into allocations, which do not expire. A hold that ended is taken again if its units are still there.

    All or nothing: raises `HoldLost` when one cannot be had again. Allocated ones are left as they are.
    """
    members = _members(reservations)
    lock(row.level_id for row in members)
    kept = rows(
        "UPDATE inventory_reservation SET state = 'allocated', expires_at = NULL"
        " WHERE id = ANY(%s) AND state IN ('held', 'allocated') RETURNING id",
        [[row.pk for row in members]],
    )
    lost = [row for row in members if (row.pk,) not in kept]
    if lost:
        _take_again(lost, at=at)


def _take_again(lost: Sequence[Reservation], *, at: datetime) -> None:
    """Late money: the hold lapsed or was given up for a till sale. Its levels are locked by the caller."""
    wanted: dict[int, int] = defaultdict(int)
    for row in lost:
        wanted[row.level_id] += row.quantity
    taken = _take(wanted, at=at)
    missing = {level: units for level, units in wanted.items() if level not in taken}
    if missing and expire_lapsed(sorted(missing), at=at):
        taken |= _take(missing, at=at)
    if len(taken) != len(wanted):
        raise HoldLost()
    again = rows(
        "UPDATE inventory_reservation SET state = 'allocated', expires_at = NULL, ended_at = NULL"
        " WHERE id = ANY(%s) AND state IN ('released', 'expired') RETURNING id",
        [[row.pk for row in lost]],
    )
    if len(again) != len(lost):
        raise HoldLost()
    announce(sorted(wanted), at=at)


@in_transaction
def extend(reservations: Sequence[Reservation], *, until: datetime, at: datetime) -> None:
    """Keep holds, as just read, alive at least until `until`; lapsed ones are taken again.

    All or nothing: raises `HoldLost`. What lasts that long already is not touched.
    """
    if all(row.state == Reservation.State.HELD and row.expires_at and row.expires_at >= until for row in reservations):
        return
    members = _members(reservations)
    lock(row.level_id for row in members)
    kept = rows(
        "UPDATE inventory_reservation SET expires_at = GREATEST(expires_at, %s)"
        " WHERE id = ANY(%s) AND state = 'held' RETURNING id",
        [until, [row.pk for row in members]],
    )
    lost = [row for row in members if (row.pk,) not in kept]
    if lost:
        _take_again(lost, at=at)
        rows(
            "UPDATE inventory_reservation SET state = 'held', expires_at = %s WHERE id = ANY(%s)",
            [until, [row.pk for row in lost]],
        )


@in_transaction
def release(reservations: Sequence[Reservation], *, at: datetime) -> None:
    """Give units back. Reservations that have ended already are left as they are."""
    members = _members(reservations)
    lock(row.level_id for row in members)
    end("id = ANY(%s) AND state IN ('held', 'allocated')", [[row.pk for row in members]], state="released", at=at)


@in_transaction
def expire_lapsed(levels: Sequence[int], *, at: datetime) -> int:
    """Tidy lapsed holds of these levels; how many units came free. No promise depends on anybody calling this.

    The other components of a kit whose hold ends with one of these are ended with it where their level is locked by
    now, and else by their own lapse: each judges its time itself.
    """
    lock(levels)
    return end("level_id = ANY(%s) AND state = 'held' AND expires_at <= %s", [list(levels), at], state="expired", at=at)


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
def consume(
    reservations: Sequence[Reservation],
    *,
    source: Source,
    at: datetime,
    kind: StockMovement.Kind = StockMovement.Kind.FULFILLMENT,
) -> list[levels.Changed]:
    """Goods leave: allocations become movements. Raises `NotOnHand` when the shelf is short of one."""
    members = _members(reservations)
    lock(row.level_id for row in members)
    ended = rows(
        "UPDATE inventory_reservation SET state = 'consumed', ended_at = %s"
        " WHERE id = ANY(%s) AND state = 'allocated' RETURNING id",
        [at, [row.pk for row in members]],
    )
    if len(ended) != len(members):
        raise HoldLost()
    summed: dict[int, int] = defaultdict(int)
    for row in members:
        summed[row.level_id] += row.quantity
    changes = {level: Change(on_hand=-units, reserved=-units) for level, units in summed.items()}
    changed = levels.apply(changes)
    for now in changed:
        if now.on_hand < 0:
            level = StockLevel.objects.select_related("variant").get(pk=now.level)
            there = now.on_hand + summed[now.level]
            raise NotOnHand(sku=level.variant.sku, on_hand=max(there, 0), wanted=summed[now.level])
    levels.write_movements(changed, changes, kind, source, at)
    announce(sorted(summed), at=at)
    return changed
