"""The demo's shelves beside trade: what broke or was lost, what was counted, and what is being counted right now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from commerce.catalog.demo_amounts import Amounts
from commerce.company.models import Location, User
from commerce.kernel.ids import new_uid
from inventory import counts, serials
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.approve_count import approve_count
from inventory.actions.finish_count import finish_count
from inventory.actions.start_count import start_count
from inventory.counts import Entry
from inventory.demo_numbers import Labels
from inventory.levels import Source
from inventory.models import StockCount, StockLevel
from inventory.serials import State

_STARTED, _COUNTED = timedelta(minutes=50), timedelta(minutes=20)  # before the count is approved
_WORK = ("associate", "lead", "manager")  # who counts, where there is such a person
_MINUTE = timedelta(minutes=1)


class Shelves:
    """Tells what happened on the shelves of each location."""

    def __init__(self, variants: Mapping[str, int], amounts: Amounts, labels: Labels) -> None:
        self._variants, self._amounts, self._labels = variants, amounts, labels

    @cached_property
    def _places(self) -> dict[str, Location]:
        return {place.code: place for place in Location.objects.all()}

    @cached_property
    def _team(self) -> dict[str, dict[str, User]]:
        """By location: one person of each role."""
        found: dict[str, dict[str, User]] = {}
        for person in User.objects.with_places().order_by("-pk"):
            for place in person.locations.all():
                found.setdefault(place.code, {})[person.role] = person
        return found

    def suffer(self, mishap: Any, at: datetime) -> None:
        """Units broke, were lost or used up, or turned up again."""
        place = self._places[mishap.location_code]
        level = StockLevel.objects.get(variant=self._variants[mishap.sku], location=place)
        change = self._amounts.of(mishap.sku, mishap.quantity)
        units = {level.variant_id: abs(change)}
        labels = self._labels
        numbers = labels.standing(place.pk, units) if change < 0 else labels.fresh(units)
        person, told = self._team[place.code]["manager"], {"reason": mishap.reason, "note": mishap.note}
        which = numbers.get(level.variant_id, ())
        adjust_stock(level.pk, **told, change=change, numbers=which, person=person, at=at)

    def count(self, counted: Any, at: datetime) -> None:
        """A part of the shelves is counted and the count is approved."""
        place = self._places[counted.location_code]
        found = {self._variants[sku]: self._amounts.of(sku, difference) for sku, difference in counted.found}
        started = counts.start(
            place,
            StockCount.Kind.CYCLE,
            variants=list(found),
            is_blind=True,
            person=self._who(place, "lead", "manager"),
            at=at - _STARTED,
        )
        self._scan(started, found, person=self._who(place, *_WORK), at=at - _COUNTED)
        finish_count(started.pk, person=self._who(place, "lead", "manager"), at=at - _COUNTED)
        approve_count(started.pk, person=self._who(place, "manager"), at=at)
        self._name(place, found, person=self._who(place, "manager"), at=at)

    def _name(self, place: Location, found: Mapping[int, int], *, person: User | None, at: datetime) -> None:
        """What was counted has its numbers read: pieces that turned up, and those that nobody finds."""
        source = Source("naming", new_uid(), person)
        more = self._labels.fresh({variant: units for variant, units in found.items() if units > 0})
        less = self._labels.standing(place.pk, {variant: -units for variant, units in found.items() if units < 0})
        serials.receive(more, place.pk, source=source, at=at)
        serials.change(less, State.IN_STOCK, State.GONE, place.pk, source=source, at=at)

    def leave_open(self, *, at: datetime) -> None:
        """One count that goes on, and one that waits for whoever reviews it."""
        self._begin(self._places["PDX-1"], at=at - 40 * _MINUTE)
        place = self._places["BKN-1"]
        lead = self._who(place, "lead", "manager")
        done = start_count(place, kind="cycle", size=20, person=lead, at=at - 90 * _MINUTE)
        lines = self._lines(done)
        differing = dict(zip(lines[3::5], (-1, 1, -1), strict=False))
        scales = dict(done.lines.values_list("variant_id", "variant__unit_scale"))
        found = {variant: differing.get(variant, 0) * scales[variant] for variant in lines[:-2] or lines}
        self._scan(done, found, person=self._who(place, *_WORK), at=at - 70 * _MINUTE)
        finish_count(done.pk, person=lead, at=at - 65 * _MINUTE)

    def _begin(self, place: Location, *, at: datetime) -> None:
        """Two people are at the drinkware, and have counted most of it."""
        there = StockLevel.objects.filter(location=place, on_hand__gt=0, variant__product__category__isnull=False)
        level = there.order_by("variant__product__category__slug", "pk").first()
        if level is None:
            return
        lead, category = self._who(place, "lead", "manager"), level.variant.product.category
        going = start_count(place, kind="category", category=category, person=lead, at=at)
        lines = self._lines(going)
        self._scan(going, dict.fromkeys(lines[::2], 0), person=lead, at=at + 6 * _MINUTE)
        self._scan(going, dict.fromkeys(lines[1::4], 0), person=self._who(place, *_WORK), at=at + 11 * _MINUTE)

    def _lines(self, count: StockCount) -> list[int]:
        return list(count.lines.order_by("pk").values_list("variant_id", flat=True))

    def _scan(self, count: StockCount, found: Mapping[int, int], *, person: User | None, at: datetime) -> None:
        """Scan what the books say there is, and so much more of it."""
        held = counts.hold(count.pk, StockCount.State.OPEN)
        levels = StockLevel.objects.filter(location=count.location, variant__in=found)
        there = dict(levels.values_list("variant_id", "on_hand"))
        entries = [Entry(new_uid(), variant, max(there.get(variant, 0) + more, 0)) for variant, more in found.items()]
        counts.scan(held, entries, person=person, at=at)

    def _who(self, place: Location, *roles: str) -> User | None:
        """The first of the location's people who has one of the roles, in their order."""
        team = self._team[place.code]
        return next((team[role] for role in roles if role in team), None)
