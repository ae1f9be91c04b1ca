"""Fifty buyers press together for what may be promised: the stock, and the limit on top of it, to the unit."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from inventory import reservations
from inventory.actions.set_components import set_components
from inventory.actions.set_policy import set_policy
from inventory.errors import InsufficientStock
from inventory.levels import Demand, Source
from inventory.models import StockLevel
from tests.client import Client
from tests.concurrency.test_last_units import press_together, reasons, sold
from tests.concurrency.test_one_effect import together
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("audit_after")]
STOCK, LIMIT, BUYERS = 5, 10, 50


@pytest.fixture
def few(tent: Variant, store: Location) -> datetime:
    """Five tents, ten more on backorder until the moment returned."""
    receive(tent, store, STOCK)
    until = now() + timedelta(hours=1)
    set_policy(tent.pk, store.pk, policy="backorder", limit=LIMIT, until=until, person=None, at=now())
    return until


@action
def reserve(variant: Variant, store: Location, at: datetime) -> None:
    demand = [Demand(variant.pk, store.pk, 1)]
    reservations.reserve(demand, until=at + timedelta(minutes=15), source=Source("order", new_uid()), at=at)


def press(variants: list[Variant], store: Location, *, at: datetime) -> Counter[str]:
    """Buyers of these variants in turn, each at work on a connection of its own."""

    def one(variant: Variant) -> Callable[[], str]:
        def attempt() -> str:
            try:
                connection.ensure_connection()
                ready.wait(60)
                reserve(variant, store, at)
            except InsufficientStock:
                return "refused"
            finally:
                connection.close()
            return "taken"

        return attempt

    ready = Barrier(BUYERS)
    return Counter(together(*(one(variants[number % len(variants)]) for number in range(BUYERS))))


def test_fifty_buyers_get_the_stock_and_the_limit(few: datetime, tent: Variant, store: Location) -> None:
    assert press([tent], store, at=now()) == {"taken": STOCK + LIMIT, "refused": BUYERS - STOCK - LIMIT}
    assert StockLevel.objects.values_list("on_hand", "reserved", "oversold").get() == (STOCK, STOCK + LIMIT, False)


def test_once_it_has_ended_they_get_the_stock(few: datetime, tent: Variant, store: Location) -> None:
    assert press([tent], store, at=few) == {"taken": STOCK, "refused": BUYERS - STOCK}


def test_kits_and_their_component_share_the_limit(few: datetime, tent: Variant, store: Location) -> None:
    """Each of the kits takes a tent and one of many pegs."""
    peg = VariantFactory(sku="PEG")
    receive(peg, store, 1_000)
    kits = [VariantFactory(sku=f"KIT-{number}") for number in range(2)]
    for kit in kits:
        set_components(kit.pk, {peg.pk: 1, tent.pk: 1}, person=None, at=now())
    assert press([tent, *kits], store, at=now()) == {"taken": STOCK + LIMIT, "refused": BUYERS - STOCK - LIMIT}
    assert StockLevel.objects.get(variant=tent).reserved == STOCK + LIMIT


def test_the_same_through_the_shop(shop: Callable[..., Client], few: datetime, tent: Variant, store: Location) -> None:
    client = shop(processes=2)
    carts = [client.cart_with(tent.sku) for _buyer in range(25)]
    assert reasons(press_together(client, carts)) == {"sold": STOCK + LIMIT, "insufficient_stock": 10}
    assert sold(tent) == STOCK + LIMIT
