"""One number in many hands at once: it leaves with one of them, and the others are told."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.errors import DomainError
from commerce.pricing.models import Market
from inventory import audit
from inventory.actions.ship_transfer import ship_transfer
from inventory.models import SerialMove, SerialUnit, StockLevel
from orders import audit as orders_audit
from orders.actions.change_serials import change_serials
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.models import OrderLine
from orders.serial_numbers import sold_with
from tests.factories import transfers
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.factories.trade import order_on_web
from tests.orders.test_serial_numbers import sell
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]
HANDS = 6
NUMBERS = tuple(f"A-{n}" for n in range(1, HANDS + 1))


@pytest.fixture
def world(transactional_db: None) -> World:
    return World.make()


@pytest.fixture
def stove(world: World) -> Variant:
    made: Variant = VariantFactory(sku="STOVE", price=5_000, tracks_serials=True)
    receive(made, world.store, HANDS, numbers=NUMBERS)
    return made


def at_once(deeds: list[Callable[[], Any]]) -> Counter[str]:
    """What came of each deed: "done", or the code of the refusal."""
    barrier = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> str:
        try:
            barrier.wait()
            deed()
        except DomainError as error:
            return error.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(one, deeds))


def clean() -> bool:
    return all(rows(one.sql) == [] for one in [*audit.INVARIANTS, *orders_audit.INVARIANTS])


def test_many_pickups_are_handed_over_with_one_number(world: World, stove: Variant) -> None:
    market = Market.objects.get(code="us")
    pickups = []
    for n in range(HANDS):
        order = order_on_web(market, [(stove, 1)], email=f"{n}@example.com", pickup_at=world.store, at=now())
        pickups.append(order.fulfillments.get().uid)
        prepare_pickup(pickups[-1], person=None, at=now())
    numbers = {stove.pk: ["A-1"]}
    came = at_once([partial(hand_over, uid, numbers=numbers, person=None, at=now()) for uid in pickups])
    assert came == {"done": 1, "serial_not_here": HANDS - 1}
    assert SerialMove.objects.filter(state="sold").count() == 1
    assert StockLevel.objects.get(variant=stove).on_hand == HANDS - 1
    assert OrderLine.objects.filter(variant=stove, serials=["A-1"]).count() == 1
    assert clean()


def test_a_piece_is_sold_while_it_is_packed(world: World, stove: Variant) -> None:
    """The sale is a fact. The van either has the piece already, which is a case, or is refused."""
    transfer = transfers.approved(world.store, world.warehouse, {stove: 1})
    numbers = {stove.pk: ["A-1"]}
    came = at_once(
        [
            lambda: sell(world, ["A-1"]),
            partial(ship_transfer, transfer.uid, numbers=numbers, person=None, at=now()),
        ]
    )
    assert came["done"] == 2 or came == {"done": 1, "serial_not_here": 1}
    assert SerialUnit.objects.get(serial="A-1").state == "sold"
    assert clean()


def test_two_corrections_swap_their_numbers(world: World, stove: Variant) -> None:
    """Each wants what the other has: both get it, and neither waits for the other for ever."""
    first, second = sell(world, ["A-1"]), sell(world, ["A-2"])
    for mine, yours in [("A-2", "A-1"), ("A-1", "A-2")] * 3:
        came = at_once([partial(correct, first, mine), partial(correct, second, yours)])
        assert came == {"done": 2}
        sold = {unit.serial: sold_with(unit) for unit in SerialUnit.objects.filter(state="sold")}
        assert sold == {mine: first.order.number, yours: second.order.number}
        assert not Case.objects.filter(status="open").exists()
        assert clean()


def correct(line: OrderLine, number: str) -> None:
    change_serials(line.order_id, line.pk, [number], person=None, at=now())
