"""What to order, and how much: pure functions of numbers, with nothing to read and nothing to write.

A periodic-review, order-up-to system, (R, s, S) in Silver, Pyke and Thomas, "Inventory and Production Management in
Supply Chains", 4th edition, chapter 6. With d the demand per day and o its standard deviation per day, L the days until
goods arrive, R the days that an order is to last beyond that (`REVIEW_DAYS`) and k the safety factor:

    s = d L + k o sqrt(L)                reorder point: what is used until goods arrive, and a reserve
    S = d (L + R) + k o sqrt(L + R)      order-up-to level
    position = on hand - reserved + incoming; at or below s, order S - position

d is a weighted mean: the last four weeks count twice as much as the four before. Days without stock are no days without
demand: they are left out, so that what was sold out is not ordered less for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

WEEKS = 8
RECENT_WEEKS = 4
RECENT_WEIGHT, OLDER_WEIGHT = 2.0, 1.0
REVIEW_DAYS = 14
SAFETY_FACTOR = 1.65  # k: in 95 of 100 cycles nothing runs out, where demand is normally distributed
LEAD_DAYS = 7  # where no supplier says anything
TRANSFER_DAYS = 2  # between two of our own locations
WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Velocity:
    """Demand per day and its standard deviation per day, and the days with stock on which they rest."""

    per_day: float
    deviation: float
    days: float

    @property
    def per_week(self) -> float:
        return self.per_day * WEEK


@dataclass(frozen=True, slots=True)
class Supply:
    """Whom a variant is bought from (a primary key), how long that takes, and in what multiples."""

    supplier: int
    name: str
    lead_days: int
    pack: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A variant at a location as it stands. `sold` are the units of the last `WEEKS` weeks, the latest first, and
    `empty` the days of each on which there were none to sell. `own_point` and `own_up_to` are set by hand and win."""

    variant: int
    on_hand: int
    reserved: int
    incoming: int
    sold: Sequence[int]
    empty: Sequence[float]
    own_point: int | None = None
    own_up_to: int | None = None
    supply: Supply | None = None

    @property
    def position(self) -> int:
        return self.on_hand - self.reserved + self.incoming


@dataclass(frozen=True, slots=True)
class Plan:
    """When to order (`point`) and up to how many (`up_to`); `lead_days` until goods arrive."""

    velocity: Velocity
    lead_days: int
    point: int
    up_to: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`quantity` units of a variant, from another location (`donor`, a primary key) or else from `supply`; both are
    None where nobody is known to sell it."""

    item: Item
    plan: Plan
    quantity: int
    donor: int | None = None
    supply: Supply | None = None


def velocity(sold: Sequence[int], empty: Sequence[float]) -> Velocity:
    """Demand from units sold and days without stock per week, the latest week first. 0 for what was never there."""
    weeks = [
        (units, max(WEEK - days, 0.0), RECENT_WEIGHT if number < RECENT_WEEKS else OLDER_WEIGHT)
        for number, (units, days) in enumerate(zip(sold, empty, strict=True))
    ]
    # What sold on a day that counts as empty (the last one went at noon) sold on that day all the same.
    weeks = [(units, max(days, 1.0) if units else days, weight) for units, days, weight in weeks]
    weighed = sum(days * weight for _units, days, weight in weeks)
    if not weighed:
        return Velocity(0.0, 0.0, 0.0)
    per_day = sum(units * weight for units, _days, weight in weeks) / weighed
    # Var(units in t days) = t o²: each week estimates o² by (units - d t)² / t.
    seen = [(units, days) for units, days, _weight in weeks if days >= 1]
    spread = sum((units - per_day * days) ** 2 / days for units, days in seen)
    deviation = sqrt(spread / (len(seen) - 1)) if len(seen) > 1 else 0.0
    return Velocity(per_day, deviation, sum(days for _units, days, _weight in weeks))


def level_for(found: Velocity, days: float) -> int:
    """Units that last `days` with the reserve of the safety factor; half a unit of a rare item is a whole one."""
    return ceil(found.per_day * days + SAFETY_FACTOR * found.deviation * sqrt(days) - 1e-9)


def plan(item: Item, *, lead_days: int) -> Plan:
    """Reorder point and order-up-to level: those set by hand, else those of the formulas."""
    found = velocity(item.sold, item.empty)
    point, up_to = level_for(found, lead_days), level_for(found, lead_days + REVIEW_DAYS)
    if item.own_point is not None:
        point = item.own_point
        up_to = max(up_to, point + 1)
    if item.own_up_to is not None:
        up_to = max(item.own_up_to, point)
    return Plan(found, lead_days, point, up_to, item.own_point is not None)


def is_low(item: Item, found: Plan) -> bool:
    """At or below its reorder point, with demand or a point set by hand: what is never asked for may run out."""
    return item.position <= found.point and (found.is_own or found.velocity.per_day > 0)


def surplus(item: Item, *, lead_days: int) -> int:
    """Units that a location can give away and still last until its own next delivery."""
    return max(item.on_hand - item.reserved - plan(item, lead_days=lead_days).up_to, 0)


def lead_of(item: Item, *, has_donor: bool) -> int:
    if has_donor:
        return TRANSFER_DAYS
    return item.supply.lead_days if item.supply else LEAD_DAYS


def suggest(items: Sequence[Item], donors: Mapping[int, Mapping[int, int]]) -> list[Suggestion]:
    """What one location should order. `donors` maps a location to its surplus by variant; the first that can bring the
    variant above its reorder point sends what it can spare, else the preferred supplier is asked, in whole packs."""
    found = []
    for item in items:
        spare = {place: units[item.variant] for place, units in donors.items() if units.get(item.variant, 0) > 0}
        made = plan(item, lead_days=lead_of(item, has_donor=bool(spare)))
        if not is_low(item, made):
            continue
        wanted = made.up_to - item.position
        least = made.point - item.position + 1
        donor = next((place for place, units in spare.items() if units >= min(least, wanted)), None)
        if wanted < 1:
            continue
        if donor is not None:
            found.append(Suggestion(item, made, min(wanted, spare[donor]), donor=donor))
            continue
        bought = plan(item, lead_days=lead_of(item, has_donor=False))
        wanted = max(bought.up_to - item.position, wanted)
        pack = item.supply.pack if item.supply else 1
        found.append(Suggestion(item, bought, ceil(wanted / pack) * pack, supply=item.supply))
    return found
