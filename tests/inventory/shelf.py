"""A store with articles on its shelf, people who count it, and a day's trade going on."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from inventory import reservations, stock, tallies
from inventory.actions.approve_count import Approved, approve_count
from inventory.actions.count_item import Counted, count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.start_count import start_count
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockCount, StockLevel, StockMovement
from inventory.variances import Tally
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass
class Shelf:
    store: Location = field(default_factory=lambda: LocationFactory(code="PDX-1", name="Portland Pearl"))
    ida: User = field(default_factory=lambda: UserFactory(username="ida", role="lead"))
    ben: User = field(default_factory=lambda: UserFactory(username="ben", role="lead"))
    mina: User = field(default_factory=lambda: UserFactory(username="mina", role="manager"))
    minutes: int = 0

    @property
    def at(self) -> datetime:
        """Every deed a minute after the one before."""
        self.minutes += 1
        return AT + timedelta(minutes=self.minutes)

    def put(self, sku: str, units: int, *, cost: int = 0, location: Location | None = None, **more: Any) -> Variant:
        variant = VariantFactory(sku=sku, **more)
        self.receive(variant, units, cost=cost, location=location)
        return variant

    @action
    def receive(self, variant: Variant, units: int, *, cost: int = 0, location: Location | None = None) -> None:
        pair = (variant.pk, (location or self.store).pk)
        source = Source("goods_receipt", new_uid())
        kind = StockMovement.Kind.RECEIPT
        stock.move({pair: units}, kind=kind, source=source, at=self.at, values={pair: cost * units})

    @action
    def send(self, variant: Variant, units: int, to: Location) -> None:
        moves = {(variant.pk, self.store.pk): -units, (variant.pk, to.pk): units}
        stock.move(moves, kind=StockMovement.Kind.TRANSFER, source=Source("transfer", new_uid()), at=self.at)

    @action
    def sell(self, variant: Variant, units: int = 1) -> None:
        stock.sell([Demand(variant.pk, self.store.pk, units)], source=Source("order", new_uid()), at=self.at)

    @action
    def promise(self, variant: Variant, units: int) -> Reservation:
        source = Source("order", new_uid())
        return reservations.reserve([Demand(variant.pk, self.store.pk, units)], until=None, source=source, at=self.at)[
            0
        ]

    def start(self, kind: str = "full", **more: Any) -> StockCount:
        return start_count(self.store, kind=kind, person=self.mina, at=self.at, **more)

    def scan(
        self, count: StockCount, code: str, quantity: int | str = "", *, by: User | None = None, **more: Any
    ) -> Counted:
        given = {"uid": new_uid(), **more}
        return count_item(count.pk, code=code, quantity=quantity, person=by or self.ida, at=self.at, **given)

    def finish(self, count: StockCount) -> None:
        finish_count(count.pk, person=self.ida, at=self.at)

    def approve(self, count: StockCount, **more: Any) -> Approved:
        return approve_count(count.pk, **{"person": self.mina, "at": self.at, **more})

    def tally(self, count: StockCount, variant: Variant) -> Tally:
        return next(tally for tally in tallies.of_count(count) if tally.variant == variant.pk)

    def level(self, variant: Variant) -> StockLevel:
        return StockLevel.objects.get(variant=variant, location=self.store)
