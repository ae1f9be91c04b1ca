"""Carts of many lines in any order, kits that share components, eight processes: nobody ever waits in a circle."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from django.db import OperationalError

from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from inventory import reservations, stock
from inventory.actions.expire_holds import expire_holds
from inventory.actions.set_components import set_components
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockMovement
from tests.concurrency.conftest import audit
from tests.factories.catalog import VariantFactory
from tests.processes import in_processes

pytestmark = pytest.mark.timeout(300)
PROCESSES, CHECKOUTS, LINES = 8, 2_000, 10
KITS = {0: {4: 1, 9: 2}, 1: {4: 2, 15: 1, 18: 1}, 2: {5: 1, 6: 1, 7: 1, 8: 1}, 3: {18: 3, 5: 1}}


@pytest.fixture
def shelves(store: Location) -> list[int]:
    """Twenty SKUs (variants' primary keys): the first four are kits of others, of the last there are too few."""
    variants = [VariantFactory(sku=f"V-{number:02}", barcode=False, price=False).pk for number in range(20)]
    for kit, parts in KITS.items():
        set_components(variants[kit], {variants[part]: units for part, units in parts.items()}, person=None, at=now())
    units = {(variant, store.pk): 100_000 for variant in variants[len(KITS) :]}
    stock_up({**units, (variants[-1], store.pk): 1_200})
    return variants


@action
def stock_up(units: dict[tuple[int, int], int]) -> None:
    stock.move(units, kind=StockMovement.Kind.RECEIPT, source=Source("goods_receipt", new_uid()), at=now())


class Shopper:
    """The transactions of a checkout as the shop makes them one after the other, and of the till next to it."""

    def __init__(self, location: int, shelves: list[int], seed: int) -> None:
        self.location, self.shelves, self.dice = location, shelves, random.Random(seed)

    def cart(self) -> list[Demand]:
        chosen = self.dice.sample(self.shelves, LINES)
        return [Demand(variant, self.location, self.dice.randint(1, 3)) for variant in chosen]

    def shuffled(self, held: list[Reservation]) -> list[Reservation]:
        return self.dice.sample(held, len(held))

    @action
    def hold(self) -> list[Reservation]:
        until = now() + timedelta(seconds=self.dice.choice([0.05, 900]))  # some lapse before they are paid
        return reservations.reserve(self.cart(), until=until, source=Source("order", new_uid()), at=now())

    @action
    def start_payment(self, held: list[Reservation]) -> None:
        reservations.extend(self.shuffled(held), until=now() + timedelta(minutes=20), at=now())

    @action
    def place(self, held: list[Reservation]) -> None:
        reservations.allocate(self.shuffled(held), at=now())

    @action
    def give_up(self, held: list[Reservation]) -> None:
        reservations.release(self.shuffled(held), at=now())

    @action
    def hand_over(self, held: list[Reservation]) -> None:
        reservations.consume(self.shuffled(held), source=Source("fulfillment", new_uid()), at=now())

    @action
    def sell(self) -> None:
        goods = [demand for demand in self.cart() if demand.variant != self.shelves[-1]]
        stock.sell(goods, source=Source("order", new_uid()), at=now())

    def check_out(self) -> str:
        held = self.hold()
        if self.dice.random() < 0.2:
            self.give_up(held)
            return "given up"
        self.start_payment(held)
        self.place(held)
        if self.dice.random() < 0.2:
            self.hand_over(held)
        return "placed"


def shop(location: int, shelves: list[int], checkouts: int, seed: int) -> dict[str, int]:
    """What became of so many checkouts."""
    shopper = Shopper(location, shelves, seed)

    def outcomes() -> Iterator[str]:
        for number in range(checkouts):
            try:
                yield shopper.check_out()
                if number % 10 == 0:
                    shopper.sell()
                if number % 25 == 0:
                    expire_holds(at=now())
            except OperationalError as error:
                yield type(error.__cause__).__name__
            except DomainError as error:
                yield type(error.__cause__.__cause__).__name__ if error.__cause__ else error.code

    return Counter(outcomes())


def all_shop(store: Location, shelves: list[int], checkouts: int, **failpoints: str) -> Counter[str]:
    works = [partial(shop, store.pk, shelves, checkouts, seed) for seed in range(PROCESSES)]
    found = in_processes(works, failpoints={name.replace("__", "."): effect for name, effect in failpoints.items()})
    return sum((Counter(each) for each in found), Counter())


def test_two_thousand_checkouts_never_deadlock(store: Location, shelves: list[int]) -> None:
    found = all_shop(store, shelves, CHECKOUTS // PROCESSES)
    assert set(found) <= {"placed", "given up", "insufficient_stock", "hold_expired"}, found
    assert found.total() == CHECKOUTS
    assert found["placed"] > CHECKOUTS / 2, found
    assert min(found["given up"], found["insufficient_stock"]) > CHECKOUTS / 100, found
    assert audit() == ""
    assert Reservation.objects.exclude(kit_uid=None).filter(state="allocated").exists()


def test_without_the_order_of_locks_the_same_checkouts_deadlock(store: Location, shelves: list[int]) -> None:
    """The negative control. The callers still get an answer that says "again", and nothing is half done."""
    found = all_shop(store, shelves, 2, inventory__order="off")
    assert found["DeadlockDetected"] > 0, found
    assert set(found) <= {"placed", "given up", "insufficient_stock", "DeadlockDetected", "LockNotAvailable"}
    assert audit() == ""
