"""Whatever is done to stock, in whatever order: the sums hold after every step, and nothing is promised twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from inventory import audit, availability, endings, reservations, stock
from inventory.errors import HoldLost, InsufficientStock, NotOnHand
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockLevel, StockMovement
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
# Those left out are about cases and jobs.
STOCK_RULES = [rule for rule in audit.INVARIANTS if rule.code not in ("I03", "I04", "I08")]
units = st.integers(min_value=1, max_value=6)
places = st.integers(min_value=0, max_value=3)


class StockMachine(RuleBasedStateMachine):
    """Two variants at two locations, a clock that moves on, and every step that writes stock."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.at = datetime(2026, 1, 5, 12, tzinfo=UTC)
        variants = [VariantFactory(), VariantFactory()]
        stores = [LocationFactory(), LocationFactory()]
        self.pairs = [(variant.pk, store.pk) for variant in variants for store in stores]
        self.move(dict.fromkeys(self.pairs, 8))
        self.mine: list[Reservation] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def move(self, quantities: dict[tuple[int, int], int]) -> None:
        stock.move(quantities, kind=StockMovement.Kind.ADJUSTMENT, source=self.source(), at=self.at)

    def source(self) -> Source:
        return Source("test", new_uid())

    def attempt(self, step: Any, *refusals: type[Exception]) -> bool:
        """Do it in a savepoint, as an action does it in its transaction: a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                step()
        except refusals:
            return False
        return True

    def available(self) -> dict[tuple[int, int], int]:
        levels = availability.of_variants([variant for variant, _store in self.pairs], at=self.at)
        return {(level.variant, level.location): level.available for level in levels}

    @rule(wanted=st.lists(st.tuples(places, units), min_size=1, max_size=3), minutes=st.integers(1, 30))
    def reserve(self, wanted: list[tuple[int, int]], minutes: int) -> None:
        demands = [Demand(*self.pairs[place], quantity) for place, quantity in wanted]
        summed: dict[tuple[int, int], int] = {}
        for demand in demands:
            pair = (demand.variant, demand.location)
            summed[pair] = summed.get(pair, 0) + demand.quantity
        there = self.available()

        def step() -> None:
            until = self.at + timedelta(minutes=minutes)
            self.mine += reservations.reserve(demands, until=until, source=self.source(), at=self.at)

        # Refused exactly when it does not fit: never too many, and nobody is refused what is there.
        assert self.attempt(step, InsufficientStock) is all(there[pair] >= wanted for pair, wanted in summed.items())

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def allocate(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        self.attempt(lambda: reservations.allocate([chosen], at=self.at), HoldLost)

    @precondition(lambda self: self.mine)
    @rule(data=st.data(), minutes=st.integers(1, 20))
    def extend(self, data: st.DataObject, minutes: int) -> None:
        chosen = self.pick(data)
        if chosen.state != Reservation.State.ALLOCATED:
            until = self.at + timedelta(minutes=minutes)
            self.attempt(lambda: reservations.extend([chosen], until=until, at=self.at), HoldLost)

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        reservations.release([chosen], at=self.at)
        chosen.refresh_from_db()
        assert chosen.state in ("released", "expired", "consumed")

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def consume(self, data: st.DataObject) -> None:
        chosen = self.pick(data)
        gone = self.attempt(
            lambda: reservations.consume([chosen], source=self.source(), at=self.at), HoldLost, NotOnHand
        )
        if gone:
            assert chosen.state == Reservation.State.ALLOCATED

    @rule()
    def sweep(self) -> None:
        before = self.available()
        endings.expire_lapsed(sorted(StockLevel.objects.values_list("pk", flat=True)), at=self.at)
        assert self.available() == before  # tidying changes nothing that a reader could see

    @rule(place=places, quantity=units)
    def sell(self, place: int, quantity: int) -> None:
        """A till sale is never refused; what it breaks is reported, and is exactly what is missing."""
        shortages = stock.sell([Demand(*self.pairs[place], quantity)], source=self.source(), at=self.at)
        level = StockLevel.objects.get(variant_id=self.pairs[place][0], location_id=self.pairs[place][1])
        missing = max(level.reserved - max(level.on_hand, 0), 0)
        assert sum(shortage.missing for shortage in shortages) == missing
        if missing:
            held = Reservation.objects.filter(level=level, state=Reservation.State.HELD)
            assert not held.exists()  # unpaid checkouts gave way before any promise was broken

    @rule(place=places, quantity=st.integers(-5, 8).filter(bool))
    def adjust(self, place: int, quantity: int) -> None:
        self.attempt(lambda: self.move({self.pairs[place]: quantity}), NotOnHand)

    def pick(self, data: st.DataObject) -> Reservation:
        chosen = data.draw(st.sampled_from(self.mine))
        chosen.refresh_from_db()
        return chosen

    @invariant()
    def sums_hold(self) -> None:
        for wanted in STOCK_RULES:
            assert rows(wanted.sql) == [], wanted.says

    @invariant()
    def nothing_is_promised_that_is_not_there(self) -> None:
        for level in availability.of_variants([variant for variant, _store in self.pairs], at=self.at):
            assert level.available == max(level.on_hand - level.reserved, 0)


def test_stock_keeps_its_promises_whatever_happens() -> None:
    run_state_machine_as_test(
        StockMachine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None, database=None)
    )
