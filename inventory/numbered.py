"""Reads of serial numbers that several callers need: which stand here, how many units have none, what became of one."""

from collections.abc import Iterable
from dataclasses import dataclass

from commerce.kernel.db import rows
from inventory.models import SerialMove, SerialUnit
from inventory.serials import normalize


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


def named(number: str, variant: int | None = None) -> list[SerialUnit]:
    """The units that have this number: one for each variant, or that of `variant` (primary key)."""
    found = SerialUnit.objects.filter(serial=normalize(number)).select_related("variant__product", "location")
    return list((found.filter(variant=variant) if variant else found).order_by("pk"))


def last_move_of(unit: SerialUnit) -> SerialMove | None:
    """What happened to it last: sold by which document, received with which."""
    return unit.moves.order_by("-pk").first()
