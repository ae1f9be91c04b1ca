"""The stockroom of the trading history: what is on hand where, and the weekly deliveries that fill it up again."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, datetime

from .catalog import variants_by_sku
from .hours import local
from .places import locations
from .records import Delivery, SaleLine, StockLine
from .stock import initial_stock, par_levels

_SUPPLIER_DAY = {"WH-1": 0, "AMS-1": 1}
_TRANSFER_DAY = {"PDX-1": 1, "BKN-1": 2, "AUS-1": 3, "MSP-1": 3}
_WAREHOUSE = "WH-1"


class Stockroom:
    """Units on hand by location and SKU. Nothing can be taken that is not there."""

    def __init__(self, dice: random.Random, scale: float) -> None:
        self.on_hand = {(line.location_code, line.sku): line.quantity for line in initial_stock(scale)}
        self.deliveries: list[Delivery] = []
        self._dice = dice
        self._levels = par_levels(scale)
        skus = variants_by_sku()
        self._late = {sku for sku in skus if dice.random() < 0.05}
        self._no_longer_made = {sku for sku, (product, _) in skus.items() if product.is_discontinued}

    def take(self, location_code: str, lines: tuple[SaleLine, ...]) -> None:
        """Remove sold units. Raises ValueError when there are fewer."""
        for line in lines:
            left = self.on_hand[location_code, line.sku] - line.quantity
            if left < 0:
                raise ValueError(f"{location_code} has too few of {line.sku}.")
            self.on_hand[location_code, line.sku] = left

    def receive(self, location_code: str, at: datetime) -> None:
        """Book the week's delivery to a location: from the makers, or for a store in the States from the warehouse."""
        if location_code in _SUPPLIER_DAY:
            self._from_suppliers(location_code, at)
        else:
            self._from_warehouse(location_code, at)

    def left(self) -> tuple[StockLine, ...]:
        """What is on hand now."""
        return tuple(StockLine(code, sku, quantity) for (code, sku), quantity in self.on_hand.items())

    def _missing(self, code: str, below: float) -> list[tuple[str, int]]:
        found = []
        for (place, sku), par in self._levels.items():
            have = self.on_hand[place, sku]
            if place == code and have <= par * below and sku not in self._no_longer_made:
                found.append((sku, par - have))
        return [(sku, units) for sku, units in found if units > 0]

    def _from_suppliers(self, code: str, at: datetime) -> None:
        parcels: dict[str, list[SaleLine]] = defaultdict(list)
        for sku, units in self._missing(code, 0.75):
            if sku not in self._late:
                parcels[variants_by_sku()[sku][0].brand].append(SaleLine(sku, units))
        for supplier, lines in sorted(parcels.items()):
            self._book(code, "", supplier, at, lines)

    def _from_warehouse(self, code: str, at: datetime) -> None:
        lines = []
        for sku, units in self._missing(code, 0.6):
            sent = min(units, self.on_hand[_WAREHOUSE, sku])
            if sent > 0 and self._dice.random() > 0.1:
                lines.append(SaleLine(sku, sent))
        self.take(_WAREHOUSE, tuple(lines))
        self._book(code, _WAREHOUSE, "", at, lines)

    def _book(self, code: str, source: str, supplier: str, at: datetime, lines: list[SaleLine]) -> None:
        for line in lines:
            self.on_hand[code, line.sku] += line.quantity
        if lines:
            number = len(self.deliveries) + 1
            self.deliveries.append(Delivery(number, at, code, source, supplier, tuple(lines)))


def delivery_moments(dice: random.Random, days: list[date]) -> list[tuple[datetime, str]]:
    """When which location receives its weekly delivery: before the store opens, on its own day of the week."""
    found: list[tuple[datetime, str]] = []
    for location in locations():
        weekday = {**_SUPPLIER_DAY, **_TRANSFER_DAY}[location.code]
        due = [day for day in days if day.weekday() == weekday]
        found += [(local(location, day, 8 * 60 + dice.randint(0, 50)), location.code) for day in due]
    return found
