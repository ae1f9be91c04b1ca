"""Many buyers, few units, two web processes: never one sold too many, never one left while somebody was refused."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from orders.models import Order, OrderLine
from tests.client import Answer, Client
from tests.concurrency.conftest import audit, money
from tests.factories.stock import receive

pytestmark = pytest.mark.timeout(300)


def press_together(client: Client, carts: list[str]) -> list[Answer]:
    """Every cart is checked out and paid at the same moment."""
    barrier = threading.Barrier(len(carts))

    def press(cart: str) -> Answer:
        barrier.wait()
        checked_out = client.check_out(cart)
        return client.complete(cart) if checked_out.status == 200 else checked_out

    with ThreadPoolExecutor(len(carts)) as pool:
        return list(pool.map(press, carts))


def sold(variant: Variant) -> int:
    lines = OrderLine.objects.filter(variant=variant, order__state__in=["open", "closed"])
    return sum(lines.values_list("quantity", flat=True))


def reasons(answers: list[Answer]) -> Counter[str]:
    return Counter("sold" if answer.status == 200 else answer.body["code"] for answer in answers)


def test_400_buyers_for_100_units(
    shop: Callable[..., Client], tent: Variant, store: Location, audit_after: None
) -> None:
    receive(tent, store, 100)
    client = shop(processes=2)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _buyer: client.buy(tent.sku), range(400)))
    assert reasons(answers) == {"sold": 100, "insufficient_stock": 300}
    assert sold(tent) == 100
    assert Order.objects.placed().filter(payment_status="paid").count() == 100
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved) == (100, 100)


def test_40_prepared_buyers_press_place_together_for_20_units(
    shop: Callable[..., Client], tent: Variant, store: Location, audit_after: None
) -> None:
    receive(tent, store, 20)
    client = shop(processes=2)
    carts = [client.cart_with(tent.sku) for _buyer in range(40)]
    answers = press_together(client, carts)
    assert reasons(answers) == {"sold": 20, "insufficient_stock": 20}
    assert sold(tent) == 20


def test_units_in_two_places_are_all_sold(
    shop: Callable[..., Client], tent: Variant, store: Location, audit_after: None
) -> None:
    """Buyers who lose the race at one location get the units of the other."""
    from tests.factories.company import LocationFactory

    receive(tent, store, 6)
    receive(tent, LocationFactory(code="WH-1", warehouse=True), 6)
    client = shop(processes=2)
    answers = press_together(client, [client.cart_with(tent.sku) for _buyer in range(24)])
    assert reasons(answers) == {"sold": 12, "insufficient_stock": 12}


def test_a_till_that_sells_meanwhile_is_never_refused(
    shop: Callable[..., Client], tent: Variant, store: Location, audit_after: None
) -> None:
    """Goods at the counter have left: the web gets what remains, and is promised nothing that is gone."""
    receive(tent, store, 30)
    client = shop(processes=2)
    carts = [client.cart_with(tent.sku) for _buyer in range(30)]
    till: list[Answer] = []

    def sell_ten() -> None:
        till.extend(client.post("/sales", sale(tent, store)) for _customer in range(10))

    cashier = threading.Thread(target=sell_ten)
    cashier.start()
    web = press_together(client, carts)
    cashier.join()
    assert [answer.status for answer in till] == [201] * 10
    outcome = reasons(web)
    assert set(outcome) <= {"sold", "insufficient_stock", "hold_expired", "paid_but_gone"}
    warned = sum(bool(answer.body["warnings"]) for answer in till)
    level = StockLevel.objects.get()
    assert level.on_hand == 20
    # Whatever the web sold beyond the shelf was sold before the till took it, and the till was told.
    assert outcome["sold"] >= 20
    assert outcome["sold"] - 20 <= warned
    assert level.oversold is (outcome["sold"] > 20)


def sale(variant: Variant, store: Location, quantity: int = 1) -> dict[str, Any]:
    return {
        "id": str(new_uid()),
        "location": store.code,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": variant.sku, "quantity": quantity}],
        "tenders": [{"type": "cash", "amount": money(21_492 * quantity)}],
    }


def test_with_the_guard_off_the_same_race_oversells(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    """The negative control: without the guarded UPDATE and its CHECK these tests would fail."""
    receive(tent, store, 5)
    client = shop(processes=2, FAILPOINTS="inventory.guard:off")
    carts = [client.cart_with(tent.sku) for _buyer in range(20)]
    with without_oversell_check():
        answers = press_together(client, carts)
        assert reasons(answers)["sold"] > 5
        assert "I03 " in audit()
        StockLevel.objects.update(oversold=True)  # so that the CHECK can come back


class without_oversell_check:
    """The database without the CHECK behind the guard, for as long as the block lasts."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE inventory_stocklevel DROP CONSTRAINT stock_never_oversold")

    def __exit__(self, *args: object) -> None:
        condition = "reserved <= (on_hand + backorder_limit) OR oversold"
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE inventory_stocklevel ADD CONSTRAINT stock_never_oversold CHECK ({condition})")
