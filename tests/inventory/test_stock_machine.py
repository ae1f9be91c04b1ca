"""Whatever is done to stock, in whatever order: it does what the model says, and the audit finds nothing wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from commerce.kernel.db import action, rows
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from inventory import audit, availability, reservations, stock
from inventory.actions.approve_count import approve_count
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.cancel_transfer import cancel_transfer
from inventory.actions.count_item import count_item
from inventory.actions.expire_holds import expire_holds
from inventory.actions.finish_count import finish_count
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.request_transfer import request_transfer
from inventory.actions.set_components import set_components
from inventory.actions.set_policy import set_policy
from inventory.actions.ship_transfer import ship_transfer
from inventory.actions.start_count import start_count
from inventory.errors import HoldLost, InsufficientStock, NotEnoughToSend, NotOnHand, PromisedBeyondStock
from inventory.levels import Change, Demand, Source
from inventory.models import Reservation, StockLevel, StockMovement
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.inventory import stock_model as model

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
KINDS = StockMovement.Kind
# Those left out are about cases and jobs, which the steps here do not run.
RULES = [rule for rule in audit.INVARIANTS if rule.code not in ("I03", "I04", "I08")]
PLAIN, PLACES = ("A", "B", "C"), ("east", "west")
units = st.integers(min_value=1, max_value=6)
items, plain, places = st.sampled_from([*PLAIN, *model.KITS]), st.sampled_from(PLAIN), st.sampled_from(PLACES)


@dataclass
class Sent:
    """A transfer that is not over: what was set aside, and what is on the way."""

    uid: UUID
    item: str
    to: str
    hold: model.Hold
    units: int
    has_left: bool = False


class StockMachine(RuleBasedStateMachine):
    """Three items and two kits at two places, a clock that moves on, and every step that writes stock."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # type: ignore[attr-defined]  # so that actions may open theirs
        self.undo.__enter__()
        self.at = datetime(2026, 1, 5, 12, tzinfo=UTC)
        self.places = {name: LocationFactory(code=name) for name in PLACES}
        self.items = {name: VariantFactory(sku=name, barcode=False, price=False) for name in (*PLAIN, *model.KITS)}
        for kit, parts in model.KITS.items():
            made_of = {self.items[part].pk: number for part, number in parts.items()}
            set_components(self.items[kit].pk, made_of, person=None, at=self.at)
        self.model = model.Stock({(item, place): model.Level(8) for item in PLAIN for place in PLACES})
        self.on_the_way = dict.fromkeys(PLAIN, 0)
        self.put({self.pair(*shelf): Change(8, value_minor=801) for shelf in self.model.levels}, KINDS.RECEIPT)
        self.mine: list[tuple[model.Hold, Reservation]] = []
        self.sent: list[Sent] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def pair(self, item: str, place: str) -> tuple[int, int]:
        return self.items[item].pk, self.places[place].pk

    def source(self) -> Source:
        return Source("test", new_uid())

    def demands(self, lines: list[tuple[str, str, int]]) -> list[Demand]:
        return [Demand(*self.pair(item, place), quantity) for item, place, quantity in lines]

    def put(self, moves: dict[tuple[int, int], Change], kind: StockMovement.Kind) -> None:
        with transaction.atomic():
            stock.correct(moves, kind=kind, source=self.source(), at=self.at)

    def same(self, expected: Callable[[], Any], step: Callable[[], Any], *refusals: type[DomainError]) -> Any:
        """Do it in both worlds: both refuse it, and then nothing has changed, or both do it."""
        try:
            foreseen = expected()
        except model.Refused:
            with pytest.raises(refusals):
                step()
            return None
        return foreseen, step()

    @rule(lines=st.lists(st.tuples(items, places, units), min_size=1, max_size=3), minutes=st.integers(1, 30))
    def reserve(self, lines: list[tuple[str, str, int]], minutes: int) -> None:
        until = self.at + timedelta(minutes=minutes)
        made = self.same(
            lambda: self.model.reserve(lines, until=until, at=self.at),
            action(lambda: reservations.reserve(self.demands(lines), until=until, source=self.source(), at=self.at)),
            InsufficientStock,
        )
        self.mine += zip(*made, strict=True) if made else ()

    @rule(minutes=st.integers(1, 40))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    def pick(self, data: st.DataObject) -> tuple[model.Hold, Reservation]:
        hold, row = data.draw(st.sampled_from(self.mine))
        row.refresh_from_db()
        return hold, row

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def allocate(self, data: st.DataObject) -> None:
        hold, row = self.pick(data)
        self.same(
            lambda: self.model.allocate(hold, at=self.at),
            action(lambda: reservations.allocate([row], at=self.at)),
            HoldLost,
        )

    @precondition(lambda self: self.mine)
    @rule(data=st.data(), minutes=st.integers(1, 20))
    def extend(self, data: st.DataObject, minutes: int) -> None:
        hold, row = self.pick(data)
        until = self.at + timedelta(minutes=minutes)
        self.same(
            lambda: self.model.extend(hold, until=until, at=self.at),
            action(lambda: reservations.extend([row], until=until, at=self.at)),
            HoldLost,
        )

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        hold, row = self.pick(data)
        self.same(lambda: self.model.release(hold, at=self.at), action(lambda: reservations.release([row], at=self.at)))

    @precondition(lambda self: self.mine)
    @rule(data=st.data())
    def consume(self, data: st.DataObject) -> None:
        hold, row = self.pick(data)
        self.same(
            lambda: self.model.consume(hold, at=self.at),
            action(lambda: reservations.consume([row], source=self.source(), at=self.at)),
            HoldLost,
            NotOnHand,
        )

    @rule()
    def sweep(self) -> None:
        before = self.promisable()
        self.same(lambda: self.model.sweep(at=self.at), lambda: expire_holds(at=self.at))
        after = self.promisable()
        assert all(after[shelf] >= before[shelf] for shelf in before)

    @rule(lines=st.lists(st.tuples(items, places, units), min_size=1, max_size=2))
    def sell(self, lines: list[tuple[str, str, int]]) -> None:
        """A till sale is never refused; what it breaks is reported, and is exactly what is missing."""
        short, shortages = self.same(
            lambda: self.model.sell(lines, at=self.at),
            action(lambda: stock.sell(self.demands(lines), source=self.source(), at=self.at)),
        )
        told = {(row.sku, row.location_code): row.missing for row in shortages}
        assert told == short
        for shelf in short:  # unpaid checkouts gave way before any promise was broken
            assert not any(part.state == "held" for part in self.model.parts(shelf))

    @rule(item=plain, place=places, quantity=st.integers(-5, 8).filter(bool), value=st.integers(0, 5_000))
    def move(self, item: str, place: str, quantity: int, value: int) -> None:
        """Received with a value, or taken out."""
        pair = self.pair(item, place)
        worth = {pair: value} if quantity > 0 else None
        self.same(
            lambda: self.model.move((item, place), quantity),
            action(
                lambda: stock.move(
                    {pair: quantity}, kind=KINDS.ADJUSTMENT, source=self.source(), at=self.at, values=worth
                )
            ),
            NotOnHand,
        )

    @rule(item=plain, place=places, quantity=units)
    def come_back(self, item: str, place: str, quantity: int) -> None:
        pair = self.pair(item, place)
        self.same(
            lambda: self.model.move((item, place), quantity),
            action(lambda: stock.move({pair: quantity}, kind=KINDS.RETURN, source=self.source(), at=self.at)),
        )

    @rule(item=plain, place=places, quantity=units)
    def damage(self, item: str, place: str, quantity: int) -> None:
        moves = {self.pair(item, place): Change(-quantity, damaged=quantity)}
        self.same(
            lambda: self.model.damage((item, place), quantity, at=self.at),
            lambda: self.put(moves, KINDS.ADJUSTMENT),
            NotOnHand,
        )

    @rule(item=plain, place=places, seen=st.integers(0, 12))
    def count(self, item: str, place: str, seen: int) -> None:
        def step() -> None:
            count = start_count(self.places[place], kind="full", person=None, at=self.at)
            count_item(count.pk, uid=new_uid(), code=item, quantity=seen, person=None, at=self.at)
            finish_count(count.pk, person=None, at=self.at)
            approve_count(count.pk, person=None, at=self.at)

        self.same(lambda: self.model.counted((item, place), seen, at=self.at), step)

    @rule(item=plain, place=places, limit=st.integers(0, 4), minutes=st.none() | st.integers(1, 90))
    def policy(self, item: str, place: str, limit: int, minutes: int | None) -> None:
        until = self.at + timedelta(minutes=minutes) if minutes and limit else None
        terms = {"policy": "backorder" if limit else "deny", "limit": limit, "until": until}
        self.same(
            lambda: self.model.set_policy((item, place), limit, until, at=self.at),
            lambda: set_policy(*self.pair(item, place), **terms, person=None, at=self.at),
            PromisedBeyondStock,
        )

    @rule(item=plain, place=places, quantity=units)
    def send(self, item: str, place: str, quantity: int) -> None:
        to = next(other for other in PLACES if other != place)
        transfer = request_transfer(
            source=self.places[place],
            destination=self.places[to],
            units={self.items[item].pk: quantity},
            person=None,
            at=self.at,
        )
        done = self.same(
            lambda: self.model.set_aside((item, place), quantity, at=self.at),
            lambda: approve_transfer(transfer.uid, person=None, at=self.at),
            NotEnoughToSend,
        )
        if done:
            self.sent.append(Sent(transfer.uid, item, to, done[0], quantity))
        else:
            cancel_transfer(transfer.uid, person=None, at=self.at)

    @precondition(lambda self: any(not sent.has_left for sent in self.sent))
    @rule(data=st.data(), is_called_off=st.booleans())
    def leave(self, data: st.DataObject, is_called_off: bool) -> None:
        sent = data.draw(st.sampled_from([sent for sent in self.sent if not sent.has_left]))
        if is_called_off:
            self.same(
                lambda: self.model.release(sent.hold, at=self.at),
                lambda: cancel_transfer(sent.uid, person=None, at=self.at),
            )
            self.sent.remove(sent)
        elif self.same(
            lambda: self.model.consume(sent.hold, at=self.at),
            lambda: ship_transfer(sent.uid, person=None, at=self.at),
            NotOnHand,
        ):
            sent.has_left = True
            self.on_the_way[sent.item] += sent.units

    @precondition(lambda self: any(sent.has_left for sent in self.sent))
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        sent = data.draw(st.sampled_from([sent for sent in self.sent if sent.has_left]))
        quantity = data.draw(st.integers(1, sent.units))
        came = {self.items[sent.item].pk: quantity}
        self.same(
            lambda: self.model.move((sent.item, sent.to), quantity),
            lambda: receive_transfer(sent.uid, came, reception=new_uid(), person=None, at=self.at),
        )
        sent.units -= quantity
        self.on_the_way[sent.item] -= quantity
        self.sent = [each for each in self.sent if each.units]

    def promisable(self) -> dict[tuple[str, str], int]:
        called = {variant.pk: name for name, variant in self.items.items()}
        found = {place.pk: name for name, place in self.places.items()}
        levels = availability.of_variants(list(called), at=self.at)
        return {(called[level.variant], found[level.location]): level.promisable for level in levels}

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        for wanted in RULES:
            assert rows(wanted.sql) == [], wanted.says

    @invariant()
    def shelves_and_reservations_are_those_of_the_model(self) -> None:
        found = StockLevel.objects.exclude(location__kind="transit").values_list(
            "variant__sku", "location__code", "on_hand", "damaged", "reserved"
        )
        assert {(item, place): tuple(rest) for item, place, *rest in found} == {
            shelf: (level.on_hand, level.damaged, self.model.reserved(shelf))
            for shelf, level in self.model.levels.items()
        }
        states = Reservation.objects.order_by("pk").values_list("state", flat=True)
        parts = sorted((part for hold in self.model.holds for part in hold.parts), key=lambda part: part.number)
        assert list(states) == [part.state for part in parts]

    @invariant()
    def exactly_that_is_offered(self) -> None:
        assert self.promisable() == {
            (item, place): self.model.promisable(item, place, self.at) for item in self.items for place in PLACES
        }

    @invariant()
    def what_is_on_the_way_is_nowhere_else(self) -> None:
        found = StockLevel.objects.filter(location__kind="transit").values_list("variant__sku", "on_hand")
        assert dict.fromkeys(PLAIN, 0) | dict(found) == self.on_the_way

    @invariant()
    def an_empty_shelf_is_worth_nothing(self) -> None:
        assert not StockLevel.objects.filter(on_hand=0).exclude(value_minor=0).exists()


def test_stock_does_what_the_model_says() -> None:
    run_state_machine_as_test(
        StockMachine, settings=settings(max_examples=60, stateful_step_count=30, deadline=None, database=None)
    )
