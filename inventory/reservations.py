"""The only writers of reservations, with `endings`: reserve, extend, allocate, consume, release.

Locks: stock levels by primary key, then their reservations, never the other way round. A single level is taken by one
guarded UPDATE; several are locked in order first and then taken by one UPDATE. Demand is summed per level first, over
the lines and the components of kits.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.catalog.units import in_units
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.failpoints import is_off
from commerce.kernel.ids import new_uid
from inventory import availability, levels
from inventory.endings import end, expire_lapsed
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
    summed = sum_demand(demands)
    held = _reserve_one(demands[0], until=until, source=source, at=at) if len(demands) == 1 else None
    if held:
        announce([held.level_id], at=at)
        return [held]
    parts = _take_or_refuse(summed, at=at)
    made: list[Reservation] = []
    heads: list[Reservation] = []
    for demand in demands:
        rows_of = _rows_of(demand, parts[demand.variant, demand.location], until=until, source=source, at=at)
        heads.append(rows_of[0])
        made.extend(rows_of)
    Reservation.objects.bulk_create(made)
    announce(sorted({row.level_id for row in made}), at=at)
    return heads


_RESERVE_ONE = """
    WITH taken AS (
        UPDATE inventory_stocklevel l SET reserved = l.reserved + w.quantity
        FROM (SELECT %s::bigint AS variant_id, %s::bigint AS location_id, %s::int AS quantity) w
        WHERE l.variant_id = w.variant_id AND l.location_id = w.location_id AND {guard} RETURNING l.id)
    INSERT INTO inventory_reservation
        (uid, level_id, quantity, state, expires_at, source_type, source_uid, created_at)
    SELECT %s, id, %s, %s, %s, %s, %s, %s FROM taken RETURNING id, level_id
"""


def _reserve_one(demand: Demand, *, until: datetime | None, source: Source, at: datetime) -> Reservation | None:
    """What almost every demand is, in one statement: others who want the same level wait for nothing but that. None
    when there is too little, or when it is a kit."""
    made = _row(demand.quantity, until=until, source=source, at=at)
    guard = _guard()
    found = rows(
        _RESERVE_ONE.format(guard=guard),
        [
            *(demand.variant, demand.location, demand.quantity, *[at] * guard.count("%s")),
            *(made.uid, made.quantity, made.state, until, source.type, source.uid, at),
        ],
    )
    if not found:
        return None
    made.pk, made.level_id = found[0]
    made._state.adding = False
    return made


def _row(quantity: int, *, until: datetime | None, source: Source, at: datetime) -> Reservation:
    return Reservation(
        uid=new_uid(),
        quantity=quantity,
        state=Reservation.State.HELD if until else Reservation.State.ALLOCATED,
        expires_at=until,
        source_type=source.type,
        source_uid=source.uid,
        created_at=at,
    )


def _rows_of(
    demand: Demand, parts: list[Part], *, until: datetime | None, source: Source, at: datetime
) -> list[Reservation]:
    """A reservation per level; those of a kit are held together by the first one's uid."""
    made = []
    for part in parts:
        row = _row(demand.quantity * part.per, until=until, source=source, at=at)
        row.level_id = part.level
        made.append(row)
    if len(made) > 1 or parts[0].per > 1:
        for row in made:
            row.kit_uid = made[0].uid
    return made


def _take_or_refuse(summed: dict[Pair, int], *, at: datetime) -> dict[Pair, list[Part]]:
    """Take everything and return the levels of each pair, or raise `InsufficientStock`. Lapsed holds stand in nobody's
    way."""
    parts = levels.parts_of(summed, locked=True)
    short: set[int] = set()
    if len(parts) == len(summed):
        short = _take_all(levels.per_level(summed, parts), at=at)
        if not short:
            return parts
    lacking = [pair for pair in summed if any(part.level in short for part in parts.get(pair, [])) or pair not in parts]
    raise InsufficientStock(_shortfall(summed, lacking, at=at))


def _take_all(wanted: dict[int, int], *, at: datetime) -> set[int]:
    """Take units of locked levels, where need be from holds that have lapsed; all of them or, returning the levels that
    are short, none."""
    taken = _take(wanted, at=at)
    missing = {level: units for level, units in wanted.items() if level not in taken}
    if missing and expire_lapsed(sorted(missing), at=at):
        taken |= _take(missing, at=at)
    short = set(wanted) - taken
    if short and taken:
        rows(
            "UPDATE inventory_stocklevel l SET reserved = l.reserved - w.quantity"
            " FROM unnest(%s::bigint[], %s::int[]) AS w(id, quantity) WHERE l.id = w.id",
            [list(taken), [wanted[level] for level in taken]],
        )
    return short


def _guard() -> str:
    return "TRUE" if is_off("inventory.guard") else f"l.on_hand - l.reserved - l.safety + {BACKORDER} >= w.quantity"


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
        "SELECT v.id, v.sku, p.title, v.title, v.unit_scale FROM catalog_variant v"
        " JOIN catalog_product p ON p.id = v.product_id WHERE v.id = ANY(%s)",
        [[variant for variant, _location in asked]],
    )
    called = {
        pk: (sku, f"{product} – {title}" if title else product, scale) for pk, sku, product, title, scale in names
    }
    return [
        {
            "sku": called[variant][0],
            "name": called[variant][1],
            "requested": in_units(summed[variant, location], called[variant][2]),
            "available": in_units(most, called[variant][2]) if (most := there.get((variant, location), 0)) else 0,
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
    kept = ("held", "allocated")
    allocated = "state = 'allocated', expires_at = NULL, ended_at = NULL"
    if not _set(members, allocated, [], only=kept):
        _take_again(members, kept=kept, at=at)
        _set(members, allocated, [])


def _set(members: Sequence[Reservation], values: str, params: list[Any], *, only: Sequence[str] = ()) -> bool:
    """Change reservations, whose levels the caller has locked: all of them or, where one is in none of the states
    `only`, none."""
    keys = [row.pk for row in members]
    unless = (
        " AND NOT EXISTS (SELECT FROM inventory_reservation x WHERE x.id = ANY(%s) AND x.state <> ALL(%s))"
        if only
        else ""
    )
    changed = rows(
        f"UPDATE inventory_reservation SET {values} WHERE id = ANY(%s){unless} RETURNING id",
        [*params, keys, *([keys, list(only)] if only else [])],
    )
    return len(changed) == len(keys)


def _take_again(members: Sequence[Reservation], *, kept: Sequence[str], at: datetime) -> None:
    """Late money: a hold lapsed or was given up for a till sale, or in a kit that of a component. Its levels are locked
    by the caller, who then sets the state of all `members`."""
    lost = rows(
        "SELECT level_id, quantity, state FROM inventory_reservation WHERE id = ANY(%s) AND state <> ALL(%s)",
        [[row.pk for row in members], list(kept)],
    )
    if any(state not in ("released", "expired") for _level, _quantity, state in lost):
        raise HoldLost()
    wanted: dict[int, int] = defaultdict(int)
    for level, quantity, _state in lost:
        wanted[level] += quantity
    if _take_all(wanted, at=at):
        raise HoldLost()
    announce(sorted(wanted), at=at)


@in_transaction
def extend(reservations: Sequence[Reservation], *, until: datetime, at: datetime) -> None:
    """Keep holds, as just read, alive at least until `until`; lapsed ones are taken again.

    All or nothing: raises `HoldLost`. What lasts that long already is not touched.
    """
    members = _members(reservations)
    if all(row.state == Reservation.State.HELD and row.expires_at and row.expires_at >= until for row in members):
        return
    lock(row.level_id for row in members)
    held = "state = 'held', expires_at = GREATEST(expires_at, %s), ended_at = NULL"
    if not _set(members, held, [until], only=["held"]):
        _take_again(members, kept=["held"], at=at)
        _set(members, held, [until])


@in_transaction
def release(reservations: Sequence[Reservation], *, at: datetime) -> None:
    """Give units back. Reservations that have ended already are left as they are."""
    members = _members(reservations)
    lock(row.level_id for row in members)
    end("id = ANY(%s) AND state IN ('held', 'allocated')", [[row.pk for row in members]], state="released", at=at)


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
    if not _set(members, "state = 'consumed', ended_at = %s", [at], only=["allocated"]):
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
