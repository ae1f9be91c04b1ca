"""The demo's goods on their way: what stores were sent, what was bought, and what is still open of both."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID, uuid5

from django.db.models import F

from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.units import PIECE
from commerce.company.models import Location, User
from inventory import purchases, transfers, transit
from inventory.demo_numbers import Labels
from inventory.errors import NotEnoughToSend
from inventory.models import PurchaseOrder, StockLevel, Supplier, Transfer

_NAMES = UUID("4b2d7e0c-9f35-4f0e-8d41-6a1f0a2c7d10")  # of the uids of the demo's documents
_LENGTH = 8  # meters that a store can spare: it lends half a meter less
_PATIENCE = timedelta(days=5)  # what has not come by then does not come
_OUTCOMES = (
    (transit.write_off, "The carrier cannot find the box."),
    (transit.bring_back, "It was still on the packing table."),
    (transit.write_off, "The box was open, and empty."),
)


class Goods:
    """Tells what happened with the documents of stock. A run that was stopped finds its documents by their uids."""

    def __init__(self, *, variants: Mapping[str, int], amounts: Amounts, labels: Labels, rate_ppm: int) -> None:
        self._variants, self._amounts, self._labels, self._rate_ppm = variants, amounts, labels, rate_ppm

    @cached_property
    def _places(self) -> dict[str, Location]:
        return {place.code: place for place in Location.objects.all()}

    @cached_property
    def _suppliers(self) -> dict[str, Supplier]:
        return {supplier.code: supplier for supplier in Supplier.objects.all()}

    @cached_property
    def _people(self) -> dict[str, User]:
        """Who signs at a location: its manager."""
        found = User.objects.filter(role="manager").prefetch_related("locations").order_by("-pk")
        return {place.code: person for person in found for place in person.locations.all()}

    def send(self, delivery: Any, at: datetime) -> None:
        """Goods are ordered from a supplier, or leave another location."""
        uid = uuid5(_NAMES, f"delivery {delivery.number}")
        here = self._places[delivery.location_code]
        if not delivery.source_code:
            supplier = self._suppliers[delivery.supplier]
            self._buy(supplier, here, self._units(delivery.lines), uid=uid, at=at, expected_at=delivery.due_at)
            return
        there = self._places[delivery.source_code]
        units = self._units(delivery.lines)
        transfer = self._ask(there, here, units, uid=uid, at=at, expected_at=delivery.due_at)
        self._approve(transfer, at=at)
        if transfer.state == Transfer.State.APPROVED:
            self._ship(transfer, at=at)

    def come(self, delivery: Any, at: datetime) -> None:
        """Goods arrive, now and then not all of them; what was missing for long is given up."""
        uid = uuid5(_NAMES, f"delivery {delivery.number}")
        person = self._people.get(delivery.location_code)
        units = self._units(delivery.arrived)
        if delivery.source_code:
            transfer = transfers.hold(uid)
            assert transfer is not None
            if transfer.state != Transfer.State.SHIPPED:
                return
            self._settle(transfer.destination, at=at)
            sent = {line.variant_id: line.on_the_way for line in transfers.lines_of(transfer)}
            came = {variant: min(quantity, sent[variant]) for variant, quantity in units.items()}
            if any(came.values()):
                self._receive(transfer, came, at=at)
            if transfer.state == Transfer.State.SHIPPED:
                transit.report_missing(transfer, at=at, person=person)
            return
        order = purchases.hold(uid)
        assert order is not None
        for older in PurchaseOrder.objects.filter(
            supplier=order.supplier, location=order.location, state="ordered", ordered_at__lt=order.ordered_at
        ):
            purchases.close(older, at=at, person=person, reason="It did not come with two deliveries.")
        if units:
            numbers = self._labels.fresh(units)
            purchases.receive(order, units, receipt=uid, at=at, person=person, numbers=numbers)

    def leave_open(self, *, at: datetime) -> None:
        """One document at every stage, for the visitor to go on with."""
        hour = timedelta(hours=1)
        warehouse, tomorrow = self._places["WH-1"], at + timedelta(days=1)
        self._ask(warehouse, self._places["AUS-1"], self._best(warehouse), at=at - 3 * hour, expected_at=tomorrow)
        wanted = self._best(warehouse)
        self._approve(self._ask(warehouse, self._places["MSP-1"], wanted, at=at - hour, expected_at=tomorrow), at=at)
        self._lend("PDX-1", "BKN-1", at=at)
        self._come_short(self._lend("BKN-1", "PDX-1", at=at), at=at)
        mistaken = self._ask(
            self._places["MSP-1"], self._places["BKN-1"], self._best(warehouse), at=at - 50 * hour, expected_at=tomorrow
        )
        transfers.cancel(mistaken, at=at - 49 * hour, person=self._people.get("BKN-1"))
        first, second, third = list(self._suppliers.values())[:3]
        purchases.draft(first, warehouse, self._of(first, 24), at=at, rate_ppm=self._rate(first), note="For spring")
        self._buy(second, warehouse, self._of(second, 12), at=at - 30 * hour, expected_at=at + timedelta(days=4))
        due = self._of(third, 10)
        order = self._buy(third, warehouse, due, at=at - 5 * timedelta(days=1), expected_at=at)
        some = {line.variant_id: line.ordered - 3 * line.variant.unit_scale for line in purchases.lines_of(order)[:-1]}
        purchases.receive(order, some, receipt=order.uid, at=at, person=None, numbers=self._labels.fresh(some))

    def _come_short(self, transfer: Transfer, *, at: datetime) -> None:
        """All of it arrives but one piece, for which somebody is looking."""
        person = self._people.get(transfer.destination.code)
        lines = transfers.lines_of(transfer)
        arrived = {line.variant_id: line.shipped for line in lines}
        missing = max(lines, key=lambda line: (line.variant.unit == PIECE, line.shipped))
        arrived[missing.variant_id] -= missing.variant.unit_scale
        self._receive(transfer, arrived, at=at)
        transit.report_missing(transfer, at=at, person=person)

    def _lend(self, there: str, here: str, *, at: datetime) -> Transfer:
        """Send a few units to a store: from another one or, where that has nothing to spare, from the warehouse."""
        lender, day = self._places[there], timedelta(days=1)
        units = self._best(lender)
        if not units:
            lender = self._places["WH-1"]
            units = self._best(lender)
        sent = self._ask(lender, self._places[here], units, at=at - 2 * day, expected_at=at + day)
        self._approve(sent, at=at - day)
        self._ship(sent, at=at)
        return sent

    def _ship(self, transfer: Transfer, *, at: datetime) -> None:
        """All that was approved leaves."""
        held = {line.variant_id: line.reservation for line in transfers.lines_of(transfer)}
        units = {variant: reservation.quantity for variant, reservation in held.items() if reservation}
        numbers = self._labels.standing(transfer.source_id, units)
        transit.ship(transfer, at=at, person=self._people.get(transfer.source.code), numbers=numbers)

    def _receive(self, transfer: Transfer, units: Mapping[int, int], *, at: datetime) -> None:
        person, numbers = self._people.get(transfer.destination.code), self._labels.on_the_way(transfer.uid, units)
        transit.receive(transfer, units, at=at, person=person, numbers=numbers)

    def _ask(
        self,
        there: Location,
        here: Location,
        units: Mapping[int, int],
        *,
        at: datetime,
        expected_at: datetime,
        uid: UUID | None = None,
    ) -> Transfer:
        person = self._people.get(here.code)
        day = expected_at.date()
        return transfers.request(there, here, units, at=at, person=person, expected_on=day, uid=uid)

    def _approve(self, transfer: Transfer, *, at: datetime) -> None:
        """All that is wanted or, where less is there, that; what is not there at all is not sent."""
        person = self._people.get(transfer.source.code)
        wanted = {line.variant_id: line.requested for line in transfers.lines_of(transfer)}
        try:
            transfers.approve(transfer, at=at, person=person)
        except NotEnoughToSend as short:
            for item in short.context["items"]:
                wanted[self._variants[str(item["sku"])]] = int(str(item["available"]))
            if any(wanted.values()):
                transfers.approve(transfer, wanted, at=at, person=person)
            else:
                transfers.cancel(transfer, at=at, person=person)

    def _settle(self, place: Location, *, at: datetime) -> None:
        """Say what became of units that have been missing here for days."""
        short = Transfer.objects.filter(destination=place, state="shipped", shipped_at__lt=at - _PATIENCE)
        for transfer in short.locked().select_related("source", "destination"):
            book, reason = _OUTCOMES[transfer.pk % len(_OUTCOMES)]
            left = {line.variant_id: line.on_the_way for line in transfers.lines_of(transfer) if line.on_the_way}
            book(transfer, left, at=at, person=self._people.get(place.code), reason=reason)

    def _buy(
        self,
        supplier: Supplier,
        here: Location,
        units: Mapping[int, int],
        *,
        at: datetime,
        expected_at: datetime,
        uid: UUID | None = None,
    ) -> PurchaseOrder:
        day, rate = expected_at.date(), self._rate(supplier)
        order = purchases.draft(supplier, here, units, at=at, expected_on=day, rate_ppm=rate, uid=uid)
        purchases.place(order, at=at)
        return order

    def _rate(self, supplier: Supplier) -> int:
        return self._rate_ppm if supplier.currency == "EUR" else 1_000_000

    @cached_property
    def _asked_for(self) -> set[int]:
        """Variants that the open documents have already, so that each of them shows others."""
        return set()

    def _units(self, lines: Iterable[Any]) -> dict[int, int]:
        return {self._variants[line.sku]: self._amounts.of(line.sku, line.quantity) for line in lines}

    def _best(self, place: Location) -> dict[int, int]:
        """One or two of each of three things, and a length of a fourth: what the location has most of, and nothing
        that was asked for before."""
        free = StockLevel.objects.annotate(free=F("on_hand") - F("reserved") - F("safety")).filter(free__gte=1)
        chosen = free.filter(location=place, variant__is_active=True).exclude(variant__in=self._asked_for)
        chosen = chosen.select_related("variant").order_by("-free", "pk")
        units = {level.variant_id: min(level.free, 2) for level in chosen.filter(variant__unit=PIECE)[:3]}
        long = chosen.exclude(variant__unit=PIECE).filter(free__gte=_LENGTH * F("variant__unit_scale"))
        units |= {
            level.variant_id: _LENGTH * level.variant.unit_scale - level.variant.unit_scale // 2 for level in long[:1]
        }
        self._asked_for.update(units)
        return units

    def _of(self, supplier: Supplier, units: int) -> dict[int, int]:
        """So many units of three of its things, or the next whole packs."""
        items = supplier.items.select_related("variant").order_by("variant__sku_key")[:3]
        return {item.variant_id: ceil(units / item.pack) * item.pack * item.variant.unit_scale for item in items}
