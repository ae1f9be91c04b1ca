"""What happens to goods beside trade: some break, some are lost or used up, and whoever counts the shelves finds out.

Every location counts a part of its shelves every second week, before it opens, and measures one of its reels.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from .catalog import variants_by_sku
from .hours import local
from .measures import is_cut, slip, spoiled
from .places import locations
from .records import Mishap, Quantity, SaleLine, Stocktake
from .replenishment import Stockroom

_COUNT_EVERY, _MISHAP_EVERY = 14, 9
_COUNTED = 16
_MISSING, _SURPLUS = 0.11, 0.04  # of the lines of a count
_IMPRECISE = 3  # times as often a reel differs: nobody cuts to the millimeter
_BOX = "The box was torn open in the stockroom."
# How often, why, what was written to it, and how many units at most.
_MISHAPS = (
    (8, "damaged", _BOX, 2),
    (5, "damaged", "Fell off the shelf.", 1),
    (5, "lost", "The hanger was empty, and nobody sold it.", 1),
    (4, "internal_use", "Opened for customers to try.", 1),
    (2, "gift", "For the raffle of the neighborhood festival.", 2),
)
_EATEN, _SHELF_LIFE = ("coffee-tea", "snacks"), ("expired", "Past its date.")
_FOUND = ("found", "Behind the radiator.")
_CUT_MISHAPS = (
    (6, "damaged", "The outer turns of the reel were frayed."),
    (5, "internal_use", "Cut for the repair bench."),
    (3, "lost", "The reel ended sooner than its label says."),
)
_FOUND_CUT = ("found", "A cut piece lay behind the reel.")
Step = tuple[datetime, str, str]


class Stockkeeper:
    """Counts, and writes down what broke. Nothing is taken that is not there."""

    def __init__(self, dice: random.Random, room: Stockroom) -> None:
        self.counts: list[Stocktake] = []
        self.mishaps: list[Mishap] = []
        self._dice, self._room = dice, room

    def count(self, location_code: str, at: datetime) -> None:
        """Count some shelves, and believe what was found."""
        carried = self._carried(location_code, 0)
        chosen = self._dice.sample([sku for sku in carried if not _is_cut(sku)], _COUNTED)
        chosen.append(self._dice.choice([sku for sku in carried if _is_cut(sku)]))
        found = [(sku, self._difference(sku, self._room.on_hand[location_code, sku])) for sku in chosen]
        for sku, difference in found:
            self._room.on_hand[location_code, sku] += difference
        self.counts.append(Stocktake(len(self.counts) + 1, at, location_code, tuple(found)))

    def _difference(self, sku: str, there: Quantity) -> Quantity:
        chance = self._dice.random() / (_IMPRECISE if _is_cut(sku) else 1)
        if chance >= _MISSING + _SURPLUS or not there:
            return 0
        size: Quantity = slip(self._dice) if _is_cut(sku) else 1
        return -min(size, there) if chance < _MISSING else size

    def suffer(self, location_code: str, at: datetime) -> None:
        """Something breaks or is lost; now and then something lost turns up."""
        sku = self._dice.choice(self._carried(location_code, 2))
        if self._dice.random() < 0.12:
            more: Quantity = slip(self._dice) if _is_cut(sku) else 1
            told = _FOUND_CUT if _is_cut(sku) else _FOUND
            self._room.on_hand[location_code, sku] += more
            self.mishaps.append(Mishap(at, location_code, sku, more, *told))
            return
        units, reason, note = self._spoil() if _is_cut(sku) else self._break(sku)
        self._room.take(location_code, (SaleLine(sku, units),))
        self.mishaps.append(Mishap(at, location_code, sku, -units, reason, note))

    def _spoil(self) -> tuple[Quantity, str, str]:
        _weight, reason, note = self._dice.choices(_CUT_MISHAPS, [each[0] for each in _CUT_MISHAPS])[0]
        return spoiled(self._dice), reason, note

    def _break(self, sku: str) -> tuple[Quantity, str, str]:
        _weight, reason, note, most = self._dice.choices(_MISHAPS, [each[0] for each in _MISHAPS])[0]
        if variants_by_sku()[sku][0].category in _EATEN and reason == "lost":
            reason, note = _SHELF_LIFE
        return self._dice.randint(1, most), reason, note

    def _carried(self, location_code: str, least: int) -> list[str]:
        """SKUs of which a location has so many or, where it has none now, carries any."""
        there = (sku for (code, sku), units in self._room.on_hand.items() if code == location_code and units >= least)
        return sorted(sku for sku in there if least or self._room.carries(location_code, sku))


def _is_cut(sku: str) -> bool:
    return is_cut(variants_by_sku()[sku][1])


def shelf_steps(dice: random.Random, days: list[date]) -> Iterator[Step]:
    """(moment, "count" or "mishap", location code). Deliveries come on the minute, these some seconds after one."""
    for turn, location in enumerate(locations()):
        for offset, day in enumerate(days):
            if (offset + 2 * turn) % _COUNT_EVERY == 3:
                before_opening = local(location, day, 6 * 60 + dice.randint(10, 50))
                yield before_opening + timedelta(seconds=13), "count", location.code
            if (offset + 4 * turn) % _MISHAP_EVERY == 5:
                afternoon = local(location, day, 15 * 60 + dice.randint(0, 90))
                yield afternoon + timedelta(seconds=7), "mishap", location.code
