"""F22 and the order of locks, on real rows: expiry against payment, and many carts at once."""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from psycopg import errors as pg

from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.errors import Busy, DomainError
from commerce.kernel.ids import new_uid
from inventory import endings, levels, reservations, stock
from inventory.errors import HoldLost, InsufficientStock
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockLevel
from tests.concurrency.conftest import audit
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.world import World

pytestmark = [pytest.mark.timeout(120)]

ROUNDS = 200


@action
def hold_one(world: World, uid: UUID) -> Reservation:
    demand = [Demand(world.tent.pk, world.store.pk, 1)]
    return reservations.reserve(demand, until=now() + timedelta(seconds=1), source=Source("order", uid), at=now())[0]


@action
def pay(held: Reservation) -> str:
    try:
        reservations.allocate([held], at=now())
    except HoldLost:
        return "lost"
    return "paid"


@action
def expire(held: Reservation) -> str:
    """The sweeper, at a time at which the hold has lapsed; another buyer takes the unit at once."""
    later = now() + timedelta(minutes=1)
    endings.expire_lapsed([held.level_id], at=later)
    try:
        wanted = [Demand(*StockLevel.objects.values_list("variant_id", "location_id").get(pk=held.level_id), 1)]
        reservations.reserve(wanted, until=later, source=Source("order", new_uid()), at=later)
    except InsufficientStock:
        return "nothing left"
    return "taken"


def test_expiry_against_payment_has_one_winner_each_time(world: World) -> None:
    """The last unit, 200 times: it is paid for, or somebody else has it; never both, never neither."""
    StockLevel.objects.filter(variant=world.tent).update(safety=0)
    take_all_but_one(world)
    outcomes: Counter[tuple[str, str]] = Counter()
    barrier = threading.Barrier(2)

    def at_once(work: object, held: Reservation) -> str:
        barrier.wait(30)
        return str(work(held))  # type: ignore[operator]

    with ThreadPoolExecutor(2) as pool:
        for _round in range(ROUNDS):
            held = hold_one(world, new_uid())
            paying, expiring = pool.submit(at_once, pay, held), pool.submit(at_once, expire, held)
            outcomes[paying.result(30), expiring.result(30)] += 1
            assert Reservation.objects.filter(level=held.level_id, state__in=["held", "allocated"]).count() == 1
            free_all(held.level_id)
        list(pool.map(lambda _thread: connection.close(), range(2)))
    assert set(outcomes) == {("paid", "nothing left"), ("lost", "taken")}, outcomes
    assert min(outcomes.values()) > 5, outcomes  # a race that only one ever wins would prove nothing
    assert "BROKEN" not in audit()


@action
def take_all_but_one(world: World) -> None:
    stock.sell([Demand(world.tent.pk, world.store.pk, 4)], source=Source("order", new_uid()), at=now())


@action
def free_all(level: int) -> None:
    levels.lock([level])
    endings.end("level_id = %s AND state IN ('held', 'allocated')", [level], state="released", at=now())


@pytest.fixture
def shelves(world: World) -> list[int]:
    """Twenty variants, plenty of each."""
    variants = [VariantFactory(sku=f"V-{number}") for number in range(20)]
    for variant in variants:
        receive(variant, world.store, 100_000)
    return [variant.pk for variant in variants]


def trade(location: int, shelves: list[int], seed: int, transactions: int) -> Iterator[str]:
    """Carts of up to ten random lines in random order: reserved, released, sold, paid; the refusals."""
    dice = random.Random(seed)
    held: list[Reservation] = []

    @action
    def one() -> None:
        nonlocal held
        variants = dice.sample(shelves, dice.randint(1, 10))
        demands = [Demand(variant, location, dice.randint(1, 3)) for variant in variants]
        source, what = Source("order", new_uid()), dice.choice(["reserve", "reserve", "sell", "allocate", "release"])
        if what == "sell":
            stock.sell(demands, source=source, at=now())
        elif what == "reserve" or not held:
            held = reservations.reserve(demands, until=now() + timedelta(minutes=5), source=source, at=now())
        elif what == "allocate":
            reservations.allocate(dice.sample(held, len(held)), at=now())
            held = []
        else:
            reservations.release(dice.sample(held, len(held)), at=now())
            held = []

    try:
        for _number in range(transactions):
            try:
                one()
            except OperationalError as error:
                yield type(error.__cause__).__name__
            except DomainError as error:
                yield f"{error.code} {type(error.__cause__ and error.__cause__.__cause__).__name__}"
    finally:
        connection.close()


def refusals(world: World, shelves: list[int], *, transactions: int) -> list[str]:
    with ThreadPoolExecutor(8) as pool:
        work = [
            pool.submit(lambda seed=seed: list(trade(world.store.pk, shelves, seed, transactions))) for seed in range(8)
        ]
        return [text for thread in work for text in thread.result(100)]


def test_eight_threads_of_mixed_carts_never_deadlock(world: World, shelves: list[int]) -> None:
    assert refusals(world, shelves, transactions=55) == []
    assert Reservation.objects.count() > 100
    assert "BROKEN" not in audit()


def test_without_the_order_of_locks_the_same_carts_deadlock(
    world: World, shelves: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control. The callers still get an answer that says "again", and nothing is half done."""

    def lock_as_it_comes(keys: object) -> None:
        for key in random.sample(sorted(set(keys)), len(set(keys))):  # type: ignore[call-overload, arg-type]
            rows("SELECT 1 FROM inventory_stocklevel WHERE id = %s FOR UPDATE", [key])

    in_order = levels.level_keys

    def keys_as_they_come(pairs: object, *, locked: bool = False) -> dict[tuple[int, int], int]:
        found = in_order(pairs)  # type: ignore[arg-type]
        if locked:
            lock_as_it_comes(found.values())
        return found

    for room in (reservations, stock):
        monkeypatch.setattr(room, "level_keys", keys_as_they_come)
    monkeypatch.setattr(reservations, "lock", lock_as_it_comes)
    found = refusals(world, shelves, transactions=4)
    assert f"{Busy.code} {pg.DeadlockDetected.__name__}" in found, found
    assert set(found) <= {f"{Busy.code} {kind.__name__}" for kind in (pg.DeadlockDetected, pg.LockNotAvailable)}
    assert "BROKEN" not in audit()
