"""Reads of serial numbers that several callers need: which stand here, how many units have none, what became of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from commerce.kernel.db import rows
from inventory.errors import SerialsDoNotMatch
from inventory.models import SerialMove, SerialUnit
from inventory.serials import Numbers, demand_all, normalize, tidy, tracked_among


@dataclass(frozen=True, slots=True)
class Standing:
    """Units on hand at a level, and how many numbers the books have in stock there; normally the two are the same."""

    on_hand: int
    named: int

    @property
    def nameless(self) -> int:
        """Units that came in without a number: by import, adjustment or count."""
        return max(self.on_hand - self.named, 0)

    @property
    def excess(self) -> int:
        """Numbers in stock beyond the units on hand: some of these have left without their number."""
        return max(self.named - max(self.on_hand, 0), 0)


def standing_of(levels: Iterable[int]) -> dict[int, Standing]:
    """By level (primary key), of those whose variant has serial numbers."""
    found = rows(
        "SELECT l.id, l.on_hand, count(u.id) FROM inventory_stocklevel l"
        " JOIN catalog_variant v ON v.id = l.variant_id AND v.tracks_serials LEFT JOIN inventory_serialunit u"
        " ON (u.variant_id, u.location_id, u.state) = (l.variant_id, l.location_id, 'in_stock')"
        " WHERE l.id = ANY(%s) GROUP BY l.id",
        [list(levels)],
    )
    return {level: Standing(on_hand, named) for level, on_hand, named in found}


def leaving(
    units: Mapping[int, int], location: int, numbers: Numbers | None = None, *, state: str = "in_stock"
) -> dict[int, list[str]]:
    """The numbers of units (by variant) that leave a location (primary key), or those that are damaged there: as they
    are given, one for each, fewer only where units stand there that nobody has named. Without any it is all of them
    where nothing else can be meant. Read before stock moves, behind the lock of its levels.

    Raises `SerialsDoNotMatch`, `InvalidInput`.
    """
    given, counter = numbers or {}, "damaged" if state == "damaged" else "on_hand"
    found = rows(
        f"SELECT v.id, v.sku, coalesce(max(l.{counter}), 0), array_remove(array_agg(u.serial ORDER BY u.serial), NULL)"
        " FROM catalog_variant v LEFT JOIN inventory_stocklevel l ON (l.variant_id, l.location_id) = (v.id, %s)"
        " LEFT JOIN inventory_serialunit u ON (u.variant_id, u.location_id, u.state) = (v.id, %s, %s)"
        " WHERE v.id = ANY(%s) AND v.tracks_serials GROUP BY v.id",
        [location, location, state, list(units)],
    )
    chosen: dict[int, list[str]] = {}
    for variant, sku, count, here in found:
        wanted, named = units[variant], tidy(given.get(variant, ()))
        if not named and wanted == len(here) == count:
            named = here
        nameless = max(count - len(here), 0)
        if not wanted - nameless <= len(named) <= wanted:
            raise SerialsDoNotMatch(sku=sku, wanted=wanted, given=len(named))
        chosen[variant] = named
    return chosen


def coming(units: Mapping[int, int], numbers: Numbers | None = None) -> dict[int, list[str]]:
    """The numbers of new units (by variant) of those that have some: one for each, or none at all for a variant, whose
    units are then named from the shelf. Raises `SerialsDoNotMatch`, `InvalidInput`."""
    given = numbers or {}
    chosen: dict[int, list[str]] = {}
    for variant in tracked_among(units):
        chosen[variant] = tidy(given.get(variant, ()))
    demand_all({variant: named for variant, named in chosen.items() if named}, units)
    return chosen


def in_stock_at(location: int, variant: int) -> list[str]:
    """The numbers of a variant that stand at a location (primary keys)."""
    found = SerialUnit.objects.filter(location=location, variant=variant, state="in_stock")
    return list(found.order_by("serial").values_list("serial", flat=True))


def of_location(location: int) -> dict[str, list[str]]:
    """By SKU, of every variant that has serial numbers: those that are in stock at a location (primary key)."""
    found = rows(
        "SELECT v.sku, coalesce(array_agg(u.serial ORDER BY u.serial) FILTER (WHERE u.id IS NOT NULL), '{}')"
        " FROM catalog_variant v LEFT JOIN inventory_serialunit u ON (u.variant_id, u.location_id, u.state)"
        " = (v.id, %s, 'in_stock') WHERE v.tracks_serials AND v.is_active GROUP BY v.id ORDER BY v.sku",
        [location],
    )
    return dict(found)


def under_way(document: UUID) -> dict[int, list[str]]:
    """By variant: the numbers that a transfer (uid) has on the way."""
    found = SerialUnit.objects.filter(state="in_transit", moves__source_uid=document, moves__state="in_transit")
    numbers: dict[int, list[str]] = {}
    for variant, number in found.order_by("serial").values_list("variant", "serial"):
        numbers.setdefault(variant, []).append(number)
    return numbers


def named(number: str, variant: int | None = None) -> list[SerialUnit]:
    """The units that have this number: one for each variant, or that of `variant` (primary key)."""
    found = SerialUnit.objects.filter(serial=normalize(number)).select_related("variant__product", "location")
    return list((found.filter(variant=variant) if variant else found).order_by("pk"))


def last_move_of(unit: SerialUnit) -> SerialMove | None:
    """What happened to it last: sold by which document, received with which."""
    return unit.moves.order_by("-pk").first()
