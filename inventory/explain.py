"""Why is available 3? The sum, as a person can check it.

on hand (by kind of movement) - reserved (by order and cart) - safety stock = what can be promised; damaged and incoming
units stand beside it and do not count. A kit is explained by its components. Every figure is read as it is now; the
number of statements does not depend on what there is to explain.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.db import one_picture, rows
from inventory import availability, documents, incoming
from inventory.documents import Document
from inventory.incoming import Incoming
from inventory.models import KitComponent, Reservation, StockLevel, StockMovement

LAST_MOVEMENTS = 20
MOST_RESERVATIONS = 50


@dataclass(frozen=True, slots=True)
class KindSum:
    """All movements of one kind: how many, and the units that they added up to."""

    kind: str
    label: str
    count: int
    quantity: int
    damaged: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One change; `balance` is what was on hand after it, `person` who did it ("" for the system)."""

    at: datetime
    kind: str
    label: str
    quantity: int
    damaged: int
    balance: int
    document: Document
    person: str


@dataclass(frozen=True, slots=True)
class Holding:
    """Units that are spoken for. One that has lapsed does not count, whether or not anybody has swept it."""

    quantity: int
    state: str
    label: str
    since: datetime
    until: datetime | None
    lapsed: bool
    document: Document


@dataclass(frozen=True, slots=True)
class Shelf:
    """One level, explained. on_hand == sum of `sums`; free == on_hand - reserved - safety.

    `per` is how many of its units a kit takes (1 for the variant itself), `makes` how many can be promised by it alone.
    Of the units in open reservations, `counting` count and `lapsed` do not; `others` are open reservations that are not
    listed. `drift` and `reserved_drift` are what the level's figures differ by from these sums: 0, or there is a case.
    """

    level: StockLevel
    sku: str
    name: str
    per: int
    sums: list[KindSum]
    movements: list[Movement]
    holdings: list[Holding]
    others: int
    counting: int
    lapsed: int
    incoming: list[Incoming]

    @property
    def on_hand(self) -> int:
        return self.level.on_hand

    @property
    def moved(self) -> int:
        return sum(each.quantity for each in self.sums)

    @property
    def drift(self) -> int:
        return self.level.on_hand - self.moved

    @property
    def reserved(self) -> int:
        return self.level.reserved - self.lapsed

    @property
    def reserved_drift(self) -> int:
        return self.reserved - self.counting

    @property
    def safety(self) -> int:
        return self.level.safety

    @property
    def safety_is_own(self) -> bool:
        return self.level.safety_is_own

    @property
    def damaged(self) -> int:
        return self.level.damaged

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved - self.safety

    @property
    def makes(self) -> int:
        return max(self.free, 0) // self.per


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is available of a variant at a location, and why.

    `available` is what `inventory.availability` says, `backorder` what may be promised beyond it. `shelves` is empty
    where the location has never held the variant (of a kit: any of its components).
    """

    variant: Variant
    location: Location
    available: int
    backorder: int
    sellable: int
    is_kit: bool
    shelves: list[Shelf]

    @property
    def is_counted(self) -> bool:
        """The location's stock may be promised on the web at all."""
        return self.location.is_active and self.location.feeds_web

    @property
    def scarcest(self) -> Shelf | None:
        """Of a kit, the component that decides."""
        return min(self.shelves, key=lambda shelf: shelf.makes) if self.shelves else None


def explain(variant: Variant, location: Location, *, at: datetime) -> Explanation:
    """The sum behind `available`, with the last movements and all that is spoken for, at one moment."""
    with one_picture():
        return _explain(variant, location, at=at)


def _explain(variant: Variant, location: Location, *, at: datetime) -> Explanation:
    components = {row.component_id: row.quantity for row in KitComponent.objects.filter(kit=variant)}
    per = components or {variant.pk: 1}
    levels = StockLevel.objects.select_related("variant__product").filter(variant__in=per, location=location)
    known = [each for each in availability.of_variants([variant.pk], at=at) if each.location == location.pk]
    said = known[0] if known else None
    return Explanation(
        variant=variant,
        location=location,
        available=said.available if said else 0,
        backorder=said.backorder if said else 0,
        sellable=said.sellable if said else 0,
        is_kit=bool(components),
        shelves=_shelves(list(levels.order_by("variant__sku_key")), per, at=at),
    )


def _shelves(levels: list[StockLevel], per: dict[int, int], *, at: datetime) -> list[Shelf]:
    keys = [level.pk for level in levels]
    moved, spoken_for = _movements(keys), _reservations(keys, at)
    named = documents.of(
        {(row.source_type, row.source_uid) for row in moved} | {(row.source_type, row.source_uid) for row in spoken_for}
    )
    sums, reserved = _sums(keys), _reserved(keys, at)
    coming = incoming.of_pairs([(level.variant_id, level.location_id) for level in levels]) if levels else {}
    shelves = []
    for level in levels:
        held = [_holding(row, named, at) for row in spoken_for if row.level_id == level.pk]
        counting, lapsed, number = reserved.get(level.pk, (0, 0, 0))
        shelves.append(
            Shelf(
                level=level,
                sku=level.variant.sku,
                name=level.variant.name,
                per=per[level.variant_id],
                sums=sums[level.pk],
                movements=[_movement(row, named) for row in moved if row.level_id == level.pk],
                holdings=held,
                others=number - len(held),
                counting=counting,
                lapsed=lapsed,
                incoming=coming.get((level.variant_id, level.location_id), []),
            )
        )
    return shelves


def _sums(levels: Sequence[int]) -> dict[int, list[KindSum]]:
    """Movements summed by kind: what came in first, then what went out, the largest first."""
    found: dict[int, list[KindSum]] = defaultdict(list)
    labels = {str(kind.value): str(kind.label) for kind in StockMovement.Kind}
    for level, kind, count, quantity, damaged in rows(
        "SELECT level_id, kind, count(*), sum(quantity), sum(damaged) FROM inventory_stockmovement"
        " WHERE level_id = ANY(%s) GROUP BY 1, 2 ORDER BY 1, 2",
        [list(levels)],
    ):
        found[level].append(KindSum(kind, labels.get(kind, kind), count, int(quantity), int(damaged)))
    for each in found.values():
        each.sort(key=lambda line: (line.quantity <= 0, -abs(line.quantity)))
    return found


def _reserved(levels: Sequence[int], at: datetime) -> dict[int, tuple[int, int, int]]:
    """Per level: units that count, units that have lapsed, and how many open reservations there are."""
    found = rows(
        "SELECT level_id, coalesce(sum(quantity) FILTER (WHERE NOT lapsed), 0),"
        " coalesce(sum(quantity) FILTER (WHERE lapsed), 0), count(*)"
        " FROM (SELECT level_id, quantity, state = 'held' AND expires_at <= %s AS lapsed FROM inventory_reservation"
        " WHERE level_id = ANY(%s) AND state IN ('held', 'allocated')) r GROUP BY 1",
        [at, list(levels)],
    )
    return {level: (int(counting), int(lapsed), number) for level, counting, lapsed, number in found}


def _movements(levels: Sequence[int]) -> list[StockMovement]:
    """The last movements of each level, the newest first."""
    return [
        row
        for level in levels
        for row in StockMovement.objects.filter(level=level).select_related("actor").order_by("-pk")[:LAST_MOVEMENTS]
    ]


def _reservations(levels: Iterable[int], at: datetime) -> list[Reservation]:
    """The oldest open reservations of each level, those of orders first."""
    open_ones = Reservation.objects.filter(state__in=["held", "allocated"]).order_by("state", "pk")
    return [row for level in levels for row in open_ones.filter(level=level)[:MOST_RESERVATIONS]]


def _movement(row: StockMovement, named: dict[Any, Document]) -> Movement:
    return Movement(
        at=row.created_at,
        kind=row.kind,
        label=str(row.get_kind_display()),
        quantity=row.quantity,
        damaged=row.damaged,
        balance=row.balance_after,
        document=named[row.source_type, row.source_uid],
        person=(row.actor.get_full_name() or row.actor.username) if row.actor else "",
    )


def _holding(row: Reservation, named: dict[Any, Document], at: datetime) -> Holding:
    return Holding(
        quantity=row.quantity,
        state=row.state,
        label=str(row.get_state_display()),
        since=row.created_at,
        until=row.expires_at,
        lapsed=row.state == Reservation.State.HELD and row.expires_at is not None and row.expires_at <= at,
        document=named[row.source_type, row.source_uid],
    )
