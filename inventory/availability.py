"""What can be promised: the one formula that every channel and every way of fulfillment asks.

available = on hand - reserved - safety, where holds that have lapsed do not count as reserved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from commerce.kernel.db import rows


@dataclass(frozen=True, slots=True)
class Availability:
    """Units of a variant at a location. `available` is what the web may promise, `sellable` what the till may sell
    without taking a unit that was promised; neither is negative."""

    variant: int
    location: int
    on_hand: int
    reserved: int
    safety: int

    @property
    def available(self) -> int:
        return max(self.on_hand - self.reserved - self.safety, 0)

    @property
    def sellable(self) -> int:
        return max(self.on_hand - self.reserved, 0)


_SQL = """
    SELECT l.variant_id, l.location_id, l.on_hand,
           l.reserved - coalesce((SELECT sum(r.quantity) FROM inventory_reservation r
               WHERE r.level_id = l.id AND r.state = 'held' AND r.expires_at <= %s), 0)::int,
           l.safety
    FROM inventory_stocklevel l JOIN company_location c ON c.id = l.location_id
    WHERE l.variant_id = ANY(%s) AND c.is_active
    ORDER BY c.position, c.id, l.variant_id
"""


def of_variants(variants: Sequence[int], *, at: datetime) -> list[Availability]:
    """Per variant and active location that has ever held it, in the order of the locations; one statement."""
    return [Availability(*row) for row in rows(_SQL, [at, list(variants)])]


def totals(variants: Sequence[int], *, at: datetime) -> dict[int, int]:
    """What the web may promise of each variant, over all locations; variants without stock are 0."""
    summed = dict.fromkeys(variants, 0)
    for level in of_variants(variants, at=at):
        summed[level.variant] += level.available
    return summed
