"""The only writers of reservations: reserve, extend, allocate, consume, release, expire.

Locks: stock levels by primary key, then their reservations, never the other way round. A single level is taken by one
guarded UPDATE; several are locked in order first and then taken by one UPDATE. Demand is summed per level first.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.failpoints import is_off
from commerce.kernel.ids import new_uid
from inventory.errors import HoldLost, InsufficientStock, NotOnHand
from inventory.levels import Demand, Source, announce, level_keys, lock, sum_demand, write_movements
from inventory.models import Reservation, StockLevel, StockMovement


@in_transaction
def reserve(demands: Sequence[Demand], *, until: datetime, source: Source, at: datetime) -> list[Reservation]:
    """Hold units until `until`; one reservation per demand, in the order given.

    All or nothing: raises `InsufficientStock` with every variant that is short. Holds that have lapsed do not count,
    whether or not anybody has swept them.
    """
    summed = sum_demand(demands)
    levels = _take_or_refuse(summed, at=at)
    made = Reservation.objects.bulk_create(
        Reservation(
            uid=new_uid(),
            level_id=levels[demand.variant, demand.location],
            quantity=demand.quantity,
            expires_at=until,
            source_type=source.type,
            source_uid=source.uid,
            created_at=at,
        )
        for demand in demands
    )
    announce(sorted(set(levels.values())), at=at)
    return made


def _take_or_refuse(summed: dict[tuple[int, int], int], *, at: datetime) -> dict[tuple[int, int], int]:
    """Take everything and return the levels' keys, or raise `InsufficientStock`. Lapsed holds stand in nobody's way."""
    taken = _take(summed)
    missing = [pair for pair in summed if pair not in taken]
    if missing:
        levels = level_keys(missing)
        if levels and expire_lapsed(sorted(levels.values()), at=at):
            taken |= _take({pair: summed[pair] for pair in missing})
            missing = [pair for pair in summed if pair not in taken]
    if missing:
        raise InsufficientStock(_shortfall(summed, missing))
    return taken


def _take(summed: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """Raise `reserved` where enough is available; return the level's key of each pair that was taken."""
    if len(summed) > 1:
        level_keys(summed, locked=True)
    guard = "TRUE" if is_off("inventory.guard") else "l.on_hand - l.reserved - l.safety >= w.quantity"
    taken = rows(
        "UPDATE inventory_stocklevel l SET reserved = l.reserved + w.quantity"
        " FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS w(variant_id, location_id, quantity)"
        f" WHERE l.variant_id = w.variant_id AND l.location_id = w.location_id AND {guard}"
        " RETURNING l.variant_id, l.location_id, l.id",
        _columns(summed),
    )
    return {(variant, location): pk for variant, location, pk in taken}


def _columns(summed: dict[tuple[int, int], int]) -> list[list[int]]:
    return [[variant for variant, _l in summed], [location for _v, location in summed], list(summed.values())]


def _shortfall(summed: dict[tuple[int, int], int], missing: list[tuple[int, int]]) -> list[dict[str, object]]:
    found = rows(
        "SELECT v.id, v.sku, p.title, v.title, coalesce(l.on_hand - l.reserved - l.safety, 0)"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS w(variant_id, location_id)"
        " JOIN catalog_variant v ON v.id = w.variant_id JOIN catalog_product p ON p.id = v.product_id"
        " LEFT JOIN inventory_stocklevel l ON l.variant_id = w.variant_id AND l.location_id = w.location_id",
        [[variant for variant, _l in missing], [location for _v, location in missing]],
    )
    requested = {variant: quantity for (variant, _l), quantity in summed.items()}
    return [
        {
            "sku": sku,
            "name": f"{product} – {title}" if title else product,
            "requested": requested[variant],
            "available": max(available, 0),
        }
        for variant, sku, product, title, available in found
    ]


@in_transaction
def allocate(reservations: Sequence[Reservation], *, at: datetime) -> None:
    """Turn holds into allocations, which do not expire. A hold that ended is taken again if its units are still there.

    All or nothing: raises `HoldLost` when one cannot be had again. Allocated ones are left as they are.
    """
    lock(reservation.level_id for reservation in reservations)
    uids = [reservation.pk for reservation in reservations]
    kept = rows(
        "UPDATE inventory_reservation SET state = 'allocated', expires_at = NULL"
        " WHERE id = ANY(%s) AND state IN ('held', 'allocated') RETURNING id",
        [uids],
    )
    lost = [reservation for reservation in reservations if (reservation.pk,) not in kept]
    if lost:
        _take_again(lost, at=at)


def _take_again(lost: Sequence[Reservation], *, at: datetime) -> None:
    """Late money: the hold lapsed or was given up for a till sale. Its levels are locked by the caller."""
    levels = {level.pk: level for level in StockLevel.objects.filter(pk__in=[row.level_id for row in lost])}
    summed: dict[tuple[int, int], int] = defaultdict(int)
    for row in lost:
        summed[levels[row.level_id].variant_id, levels[row.level_id].location_id] += row.quantity
    try:
        _take_or_refuse(dict(summed), at=at)
    except InsufficientStock as error:
        raise HoldLost() from error
    again = rows(
        "UPDATE inventory_reservation SET state = 'allocated', expires_at = NULL, ended_at = NULL"
        " WHERE id = ANY(%s) AND state IN ('released', 'expired') RETURNING id",
        [[row.pk for row in lost]],
    )
    if len(again) != len(lost):
        raise HoldLost()
    announce(sorted(levels), at=at)


@in_transaction
def extend(reservations: Sequence[Reservation], *, until: datetime, at: datetime) -> None:
    """Keep holds, as just read, alive at least until `until`; lapsed ones are taken again.

    All or nothing: raises `HoldLost`. What lasts that long already is not touched.
    """
    if all(row.state == Reservation.State.HELD and row.expires_at and row.expires_at >= until for row in reservations):
        return
    lock(reservation.level_id for reservation in reservations)
    kept = rows(
        "UPDATE inventory_reservation SET expires_at = GREATEST(expires_at, %s)"
        " WHERE id = ANY(%s) AND state = 'held' RETURNING id",
        [until, [reservation.pk for reservation in reservations]],
    )
    lost = [reservation for reservation in reservations if (reservation.pk,) not in kept]
    if lost:
        _take_again(lost, at=at)
        rows(
            "UPDATE inventory_reservation SET state = 'held', expires_at = %s WHERE id = ANY(%s)",
            [until, [reservation.pk for reservation in lost]],
        )


@in_transaction
def release(reservations: Sequence[Reservation], *, at: datetime) -> None:
    """Give units back. Reservations that have ended already are left as they are."""
    lock(reservation.level_id for reservation in reservations)
    end("id = ANY(%s) AND state IN ('held', 'allocated')", [[r.pk for r in reservations]], state="released", at=at)


@in_transaction
def expire_lapsed(levels: Sequence[int], *, at: datetime) -> int:
    """Tidy lapsed holds of these levels; how many units came free. No promise depends on anybody calling this."""
    lock(levels)
    return end("level_id = ANY(%s) AND state = 'held' AND expires_at <= %s", [list(levels), at], state="expired", at=at)


@in_transaction
def end(condition: str, params: list[Any], *, state: str, at: datetime) -> int:
    """End reservations and give their units back to their levels, which the caller has locked."""
    ended = rows(
        f"WITH ended AS (UPDATE inventory_reservation SET state = %s, ended_at = %s WHERE {condition}"
        " RETURNING level_id, quantity), freed AS (SELECT level_id, sum(quantity) AS quantity FROM ended GROUP BY 1)"
        " UPDATE inventory_stocklevel l SET reserved = l.reserved - freed.quantity,"
        " oversold = l.on_hand < 0 OR l.on_hand < l.reserved - freed.quantity"
        " FROM freed WHERE l.id = freed.level_id RETURNING l.id, freed.quantity",
        [state, at, *params],
    )
    announce(sorted(level for level, _quantity in ended), at=at)
    return sum(int(quantity) for _level, quantity in ended)


@in_transaction
def consume(reservations: Sequence[Reservation], *, source: Source, at: datetime) -> None:
    """Goods leave: allocations become movements. Raises `NotOnHand` when the shelf is short of one."""
    lock(reservation.level_id for reservation in reservations)
    summed: dict[int, int] = defaultdict(int)
    for reservation in reservations:
        summed[reservation.level_id] += reservation.quantity
    ended = rows(
        "UPDATE inventory_reservation SET state = 'consumed', ended_at = %s"
        " WHERE id = ANY(%s) AND state = 'allocated' RETURNING id",
        [at, [reservation.pk for reservation in reservations]],
    )
    if len(ended) != len(reservations):
        raise HoldLost()
    changed = rows(
        "UPDATE inventory_stocklevel l SET on_hand = l.on_hand - w.quantity, reserved = l.reserved - w.quantity,"
        " oversold = l.on_hand - w.quantity < l.reserved - w.quantity"
        " FROM unnest(%s::bigint[], %s::int[]) AS w(id, quantity) WHERE l.id = w.id AND l.on_hand >= w.quantity"
        " RETURNING l.id, l.on_hand, w.quantity",
        [list(summed), list(summed.values())],
    )
    if len(changed) != len(summed):
        short = StockLevel.objects.select_related("variant").exclude(pk__in=[pk for pk, *_rest in changed])
        level = short.get(pk=next(pk for pk in summed if pk not in {pk for pk, *_rest in changed}))
        raise NotOnHand(sku=level.variant.sku, on_hand=level.on_hand, wanted=summed[level.pk])
    moves = [(pk, -quantity, balance) for pk, balance, quantity in changed]
    write_movements(moves, StockMovement.Kind.FULFILLMENT, source, at)
    announce(sorted(summed), at=at)
