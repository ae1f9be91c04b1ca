"""The only writers of what is on hand: sell over the counter, and every other movement.

Locks: stock levels by primary key, then their reservations (see `reservations`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from inventory import endings, levels, shortfalls
from inventory.errors import KitHasNoStock, NotOnHand
from inventory.levels import Change, Changed, Demand, Pair, Part, Source, announce, sum_demand
from inventory.models import StockLevel, StockMovement
from inventory.shortfalls import Shortage

Kind = StockMovement.Kind


@in_transaction
def sell(demands: Sequence[Demand], *, source: Source, at: datetime) -> list[Shortage]:
    """Goods have left over the counter: a fact that is never refused. A kit takes its components.

    Where that eats into what was reserved, lapsed holds go first, then checkouts that are not paid yet, the youngest
    first. What then is still promised to orders without being there is returned, for the caller to help or to report
    (`shortfalls`). Books that are below zero for nobody's promise become a case.
    """
    summed = sum_demand(demands)
    units = levels.per_level(summed, _levels_of(summed))
    changed = _record({level: Change(-quantity) for level, quantity in units.items()}, Kind.SALE, source, at)
    short = _displace(changed, at=at)
    shortfalls.report([row for row in short if not row.missing], at=at)
    announce([row.level for row in changed], at=at)
    return [row for row in short if row.missing]


@in_transaction
def move(
    quantities: Mapping[Pair, int],
    *,
    kind: StockMovement.Kind,
    source: Source,
    at: datetime,
    values: Mapping[Pair, int] | None = None,
) -> list[Changed]:
    """Add (or with a minus take away) units by (variant, location): goods received, adjusted, imported.

    `values` says what goods that come in are worth (all units of a pair together); else they come in, as they go out,
    at the average cost of their level. Raises `NotOnHand` when more is taken away than is there, `KitHasNoStock`; what
    orders were promised may become short (`oversold`).
    """
    given = values or {}
    moves = {pair: Change(units, value_minor=given.get(pair)) for pair, units in quantities.items() if units}
    return change(moves, kind=kind, source=source, at=at)


@in_transaction
def change(moves: Mapping[Pair, Change], *, kind: StockMovement.Kind, source: Source, at: datetime) -> list[Changed]:
    """Change what is on hand and what is damaged, by (variant, location); see `move`."""
    if not moves:
        return []
    own = own_levels(moves)
    changes = {own[pair]: each for pair, each in moves.items()}
    changed = _record(dict(sorted(changes.items())), kind, source, at)
    for row in changed:
        taken = -changes[row.level].on_hand
        if row.on_hand < 0 and taken > 0:
            sku = StockLevel.objects.select_related("variant").get(pk=row.level).variant.sku
            raise NotOnHand(sku=sku, on_hand=row.on_hand + taken, wanted=taken)
    announce(sorted(changes), at=at)
    return changed


@in_transaction
def correct(
    moves: Mapping[Pair, Change], *, kind: StockMovement.Kind, source: Source, at: datetime
) -> tuple[list[Changed], list[Shortage]]:
    """The shelf holds something else than the books say: change them as `change` does, and where that leaves less than
    is promised, displace reservations as `sell` does. What then is still short is returned, to be reported.
    """
    changed = change(moves, kind=kind, source=source, at=at)
    return changed, _displace(changed, at=at)


@in_transaction
def take_back(good: Sequence[Demand], damaged: Sequence[Demand], *, source: Source, at: datetime) -> None:
    """Sold goods have come back: for sale again, or set aside as damaged. A kit comes back as the components that it
    has now; goods come in at the average cost of their level."""
    units = {True: sum_demand(damaged), False: sum_demand(good)}
    own = _levels_of({**units[True], **units[False]})
    back, broken = levels.per_level(units[False], own), levels.per_level(units[True], own)
    keys = sorted({*back, *broken})
    if not keys:
        return
    changes = {level: Change(back.get(level, 0), damaged=broken.get(level, 0)) for level in keys}
    _record(changes, Kind.RETURN, source, at)
    announce(keys, at=at)


def _record(changes: dict[int, Change], kind: StockMovement.Kind, source: Source, at: datetime) -> list[Changed]:
    """Change locked levels as a fact, with their movements."""
    changed = sorted(levels.apply(changes), key=lambda row: row.level)
    levels.write_movements(changed, changes, kind, source, at)
    return changed


def _levels_of(summed: Mapping[Pair, int]) -> dict[Pair, list[Part]]:
    """The locked levels behind each pair, of kits those of the components; made where there are none yet."""
    parts = levels.parts_of(summed, locked=True)
    absent = [pair for pair in summed if pair not in parts]
    if absent:
        _make(absent, of_components=True)
        parts = levels.parts_of(summed, locked=True)
    return parts


@in_transaction
def own_levels(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """The pairs' own levels, locked in the order of `kernel.db`; made where there are none yet. Steps that change
    several locations one after the other ask for all of them at first. Raises `KitHasNoStock`.

    Like `sell`, this locks what is there before it makes what is not: whoever else makes the same level at this moment
    has to be waited for, and must not wait for one of those that are locked here.
    """
    wanted = list(pairs)
    own = levels.level_keys(wanted, locked=True)
    absent = [pair for pair in wanted if pair not in own]
    if absent:
        _refuse_kits(absent)
        _make(absent)
        own = levels.level_keys(wanted, locked=True)
    _refuse_kits(wanted)
    return own


def _refuse_kits(pairs: Iterable[Pair]) -> None:
    """Asked again once the levels are locked: a variant becomes a kit under the locks of its levels (see `kits`)."""
    kits = kits_among(variant for variant, _location in pairs)
    if kits:
        raise KitHasNoStock(sku=kits[0])


def kits_among(variants: Iterable[int]) -> list[str]:
    """The SKUs of those variants that are kits, which have no stock of their own."""
    found = rows(
        "SELECT DISTINCT v.sku FROM inventory_kitcomponent k JOIN catalog_variant v ON v.id = k.kit_id"
        " WHERE k.kit_id = ANY(%s) ORDER BY v.sku",
        [sorted(set(variants))],
    )
    return [sku for (sku,) in found]


def _make(pairs: Sequence[Pair], *, of_components: bool = False) -> None:
    """Levels that were not there yet, with the safety stock of their location."""
    parts = "LEFT JOIN inventory_kitcomponent k ON k.kit_id = w.variant" if of_components else ""
    variant = "coalesce(k.component_id, w.variant)" if of_components else "w.variant"
    rows(
        "INSERT INTO inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety, oversold)"
        f" SELECT DISTINCT {variant}, w.location, 0, 0, c.safety_stock * v.unit_scale, FALSE"
        f" FROM unnest(%s::bigint[], %s::bigint[]) AS w(variant, location) {parts}"
        f" JOIN catalog_variant v ON v.id = {variant}"
        " JOIN company_location c ON c.id = w.location ORDER BY 1, 2 ON CONFLICT (variant_id, location_id) DO NOTHING",
        [[variant for variant, _location in pairs], [location for _variant, location in pairs]],
    )


def _displace(changed: Sequence[Changed], *, at: datetime) -> list[Shortage]:
    """Make good what was taken from reserved units (see `sell`); what is still short. The levels are locked."""
    short = [row.level for row in changed if row.is_short]
    if short:
        endings.displace(short, at=at)
    return shortfalls.among([row.level for row in changed if row.is_short or row.on_hand < 0])
