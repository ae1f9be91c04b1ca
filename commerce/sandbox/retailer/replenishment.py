"""The stockroom of the trading history: what is on hand where, and the weekly deliveries that fill it up again.

What is missing is ordered from the makers some days before it comes; what stores in the States need is sent from the
warehouse on the day before.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from .catalog import parts_of, variants_by_sku
from .hours import local
from .measures import from_maker, from_warehouse
from .places import locations
from .records import Delivery, Quantity, SaleLine, StockLine
from .stock import initial_stock, par_levels
from .suppliers import LEAD_DAYS, suppliers

_SUPPLIER_DAY = {"WH-1": 0, "AMS-1": 1}
_TRANSFER_DAY = {"PDX-1": 1, "BKN-1": 2, "AUS-1": 3, "MSP-1": 3}
_WAREHOUSE = "WH-1"
_SHORT_TRANSFERS, _SHORT_ORDERS, _GENEROUS_ORDERS = 0.12, 0.1, 0.05
Step = tuple[datetime, str, datetime | None]


class Stockroom:
    """Pieces and meters on hand by location and SKU. Nothing can be taken that is not there."""

    def __init__(self, dice: random.Random, scale: float) -> None:
        self.on_hand = {(line.location_code, line.sku): line.quantity for line in initial_stock(scale)}
        self.deliveries: list[Delivery] = []
        self._dice = dice
        self._levels = par_levels(scale)
        skus = variants_by_sku()
        self._late = {sku for sku in skus if dice.random() < 0.05}
        self._no_longer_made = {sku for sku, (product, _) in skus.items() if product.is_discontinued}

    def take(self, location_code: str, lines: tuple[SaleLine, ...]) -> None:
        """Remove what was sold, of kits their components. Raises ValueError when there is less."""
        for line in lines:
            for sku, quantity in parts_of(line.sku, line.quantity):
                left = self.on_hand[location_code, sku] - quantity
                if left < 0:
                    raise ValueError(f"{location_code} has too few of {sku}.")
                self.on_hand[location_code, sku] = left

    def free(self, location_code: str, sku: str, basket: Mapping[str, Quantity], kept: int = 0) -> Quantity:
        """How much of a SKU is there beyond what is in somebody's basket and the `kept` of each that must stay."""
        used: dict[str, Quantity] = defaultdict(int)
        for chosen, quantity in basket.items():
            for part, units in parts_of(chosen, quantity):
                used[part] += units
        parts = variants_by_sku()[sku][1].parts
        if not parts:
            return self.on_hand[location_code, sku] - kept - used[sku]
        return min(int((self.on_hand[location_code, part] - kept - used[part]) / each) for part, each in parts)

    def carries(self, location_code: str, sku: str) -> bool:
        """Whether a location means to have a SKU at all."""
        return self._levels[location_code, sku] > 0

    def send(self, location_code: str, due_at: datetime, at: datetime) -> None:
        """Order the week's goods for a location from the makers, or send them to a store from the warehouse."""
        if location_code in _SUPPLIER_DAY:
            self._from_suppliers(location_code, due_at, at)
        else:
            self._from_warehouse(location_code, due_at, at)

    def receive(self, location_code: str, at: datetime) -> None:
        """Book what was sent to a location and has not come yet."""
        for turn, delivery in enumerate(self.deliveries):
            if delivery.location_code == location_code and delivery.at is None:
                arrived = self._unpacked(delivery)
                self.deliveries[turn] = replace(delivery, at=at, arrived=arrived)
                for line in arrived:
                    self.on_hand[location_code, line.sku] += line.quantity

    def left(self) -> tuple[StockLine, ...]:
        """What is on hand now."""
        return tuple(StockLine(code, sku, quantity) for (code, sku), quantity in self.on_hand.items())

    def _missing(self, code: str, below: float) -> list[tuple[str, Quantity]]:
        due: dict[str, Quantity] = defaultdict(int)
        for delivery in self.deliveries:
            if delivery.location_code == code and delivery.at is None:
                for line in delivery.lines:
                    due[line.sku] += line.quantity
        found = []
        for (place, sku), par in self._levels.items():
            have = self.on_hand[place, sku] + due[sku]
            if place == code and have <= par * below and sku not in self._no_longer_made:
                found.append((sku, par - have))
        return [(sku, units) for sku, units in found if units > 0]

    def _from_suppliers(self, code: str, due_at: datetime, at: datetime) -> None:
        parcels: dict[str, list[SaleLine]] = defaultdict(list)
        for sku, units in self._missing(code, 0.75):
            if sku not in self._late:
                product, variant = variants_by_sku()[sku]
                parcels[product.brand].append(SaleLine(sku, from_maker(units, variant)))
        for supplier in suppliers():
            self._note(code, "", supplier.code, due_at, at, parcels[supplier.brand])

    def _from_warehouse(self, code: str, due_at: datetime, at: datetime) -> None:
        lines = []
        for sku, units in self._missing(code, 0.6):
            sent = from_warehouse(min(units, self.on_hand[_WAREHOUSE, sku]), variants_by_sku()[sku][1])
            if sent > 0 and self._dice.random() > 0.1:
                lines.append(SaleLine(sku, sent))
        self.take(_WAREHOUSE, tuple(lines))
        self._note(code, _WAREHOUSE, "", due_at, at, lines)

    def _note(
        self, code: str, source: str, supplier: str, due_at: datetime, at: datetime, lines: list[SaleLine]
    ) -> None:
        if lines:
            number = len(self.deliveries) + 1
            self.deliveries.append(Delivery(number, at, due_at, None, code, source, supplier, tuple(lines), ()))

    def _unpacked(self, delivery: Delivery) -> tuple[SaleLine, ...]:
        """What is in the boxes: as a rule what was sent; now and then a line is short, or has a unit more. Lines are of
        whole pieces and meters."""
        lines, chance = list(delivery.lines), self._dice.random()
        turn = self._dice.randrange(len(lines))
        line = lines[turn]
        is_short = chance < (_SHORT_TRANSFERS if delivery.source_code else _SHORT_ORDERS)
        if is_short:
            lines[turn] = replace(line, quantity=line.quantity - self._dice.randint(1, min(2, int(line.quantity))))
        elif not delivery.source_code and chance < _SHORT_ORDERS + _GENEROUS_ORDERS:
            lines[turn] = replace(line, quantity=line.quantity + 1)
        return tuple(line for line in lines if line.quantity)


def delivery_steps(dice: random.Random, days: list[date]) -> Iterator[Step]:
    """The weekly deliveries of every location, as (moment, location code, when it is due or None): one step sends it,
    another, before the store opens on its own day of the week, is its arrival."""
    places = {location.code: location for location in locations()}
    for location in locations():
        is_bought = location.code in _SUPPLIER_DAY
        weekday = {**_SUPPLIER_DAY, **_TRANSFER_DAY}[location.code]
        later = [days[-1] + timedelta(days=offset) for offset in range(1, LEAD_DAYS + 1)]
        for day in (day for day in [*days, *later] if day.weekday() == weekday):
            before = day - timedelta(days=LEAD_DAYS if is_bought else 1)
            due_at = local(location, day, 8 * 60 + dice.randint(0, 50))
            if days[0] <= before <= days[-1]:
                sender = location if is_bought else places[_WAREHOUSE]
                yield local(sender, before, (10 if is_bought else 15) * 60 + dice.randint(0, 50)), location.code, due_at
                yield due_at, location.code, None
