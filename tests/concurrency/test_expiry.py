"""F22: a hold lapses while it is paid for and another buyer wants its unit. One of the two has it, every time."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.ids import new_uid
from inventory import endings, reservations, stock
from inventory.errors import HoldLost, InsufficientStock
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockLevel, StockMovement
from tests.concurrency.conftest import audit
from tests.factories.catalog import ProductFactory
from tests.processes import in_processes

pytestmark = pytest.mark.timeout(300)
ROUNDS = 1_000


@action
def hold_last_units(store: Location, *, until: datetime) -> list[int]:
    """So many variants of which there is one unit each, and it is held; the reservations' primary keys."""
    product = ProductFactory()
    variants = Variant.objects.bulk_create(
        Variant(product=product, sku=f"LAST-{number:04}", sku_key=f"LAST-{number:04}", title="", option_values=[])
        for number in range(ROUNDS)
    )
    units = {(variant.pk, store.pk): 1 for variant in variants}
    source = Source("goods_receipt", new_uid())
    stock.move(units, kind=StockMovement.Kind.RECEIPT, source=source, at=until - timedelta(minutes=15))
    wanted = [Demand(variant, place, 1) for variant, place in units]
    held = reservations.reserve(
        wanted, until=until, source=Source("order", new_uid()), at=until - timedelta(minutes=15)
    )
    return [row.pk for row in held]


@action
def pay(held: Reservation, at: datetime) -> str:
    try:
        reservations.allocate([held], at=at)
    except HoldLost:
        return "lost"
    return "paid"


@action
def buy(held: Reservation, at: datetime) -> str:
    """What another buyer's checkout does with a unit whose hold has lapsed."""
    wanted = [Demand(held.level.variant_id, held.level.location_id, 1)]
    try:
        reservations.reserve(wanted, until=at + timedelta(hours=2), source=Source("order", new_uid()), at=at)
    except InsufficientStock:
        return "refused"
    return "bought"


@action
def sweep(held: Reservation, at: datetime) -> str:
    return "swept" if endings.expire_lapsed([held.level_id], at=at) else "nothing"


def rounds(act: Callable[[Reservation, datetime], str], keys: list[int], start: object, at: datetime) -> list[str]:
    """The outcome of each round; all start it at the same moment, give or take a little."""
    found = Reservation.objects.select_related("level").in_bulk(keys)
    outcomes = []
    dice = random.Random(act.__name__)
    for key in keys:
        start.wait(60)  # type: ignore[attr-defined]
        time.sleep(dice.random() * 0.004)
        outcomes.append(act(found[key], at))
    return outcomes


def test_a_thousand_times_the_last_unit_has_one_winner(store: Location) -> None:
    lapses = now()
    keys = hold_last_units(store, until=lapses)
    start = multiprocessing.get_context("fork").Barrier(3)
    works = [partial(rounds, act, keys, start, lapses) for act in (pay, buy, sweep)]
    paid, bought, swept = in_processes(works)
    outcomes = Counter(zip(paid, bought, strict=True))
    assert set(outcomes) == {("paid", "refused"), ("lost", "bought")}, outcomes
    assert outcomes.total() == ROUNDS
    # A race that only one ever wins would prove nothing; nor one in which the sweeper never was there.
    assert min(outcomes.values()) > ROUNDS / 50, outcomes
    assert swept.count("swept") > ROUNDS / 50
    assert open_units() == [1] * ROUNDS
    assert set(StockLevel.objects.values_list("on_hand", "reserved", "oversold")) == {(1, 1, False)}
    assert audit() == ""


def open_units() -> list[int]:
    """How many units of each level are spoken for by its reservations."""
    found = rows(
        "SELECT sum(quantity) FILTER (WHERE state IN ('held', 'allocated'))::int FROM inventory_reservation"
        " GROUP BY level_id"
    )
    return [units for (units,) in found]
