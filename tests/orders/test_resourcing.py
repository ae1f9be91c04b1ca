"""A till sells what a web order was promised: the order is sent from elsewhere, or a case tells whom it waits for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from commerce.cases import resolutions
from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.pricing.models import Market
from inventory.models import StockLevel
from orders.errors import StillMissing
from orders.models import Order
from orders.timeline import words
from pos.models import Sale, Shift
from tests.factories import trade
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db


@dataclass
class Two:
    """Two stores, a mug of which Pearl has 3 and Ballard 5, and a till open in each."""

    market: Market
    pearl: Location
    ballard: Location
    mug: Variant
    cashier: User
    shift: Shift
    other_shift: Shift

    def __post_init__(self) -> None:
        receive(self.mug, self.pearl, 3)
        receive(self.mug, self.ballard, 5)

    def order(self, quantity: int = 1, *, more: list[tuple[Variant, int]] | None = None, **how) -> Order:
        return trade.order_on_web(
            self.market, [(self.mug, quantity), *(more or [])], email="ada@example.com", at=now(), **how
        )

    def sell(self, quantity: int, *, at_ballard: bool = False) -> Sale:
        sale = trade.sell(
            self.other_shift if at_ballard else self.shift,
            [(self.mug, quantity)],
            2_500 * quantity,
            cashier=self.cashier,
            at=now(),
        )
        return Sale.objects.get(order=sale)

    def level(self, place: Location) -> tuple[int, int]:
        level = StockLevel.objects.get(variant=self.mug, location=place)
        return level.on_hand, level.reserved


def build() -> Two:
    market = MarketFactory(name="United States")
    pearl = LocationFactory(code="PDX-1", name="Pearl", position=1)
    ballard = LocationFactory(code="SEA-1", name="Ballard", position=2)
    cashier = UserFactory(username="cashier")
    shifts = [trade.open_till(trade.register_at(place), cashier, at=now()) for place in (pearl, ballard)]
    return Two(market, pearl, ballard, VariantFactory(sku="MUG", price=2_500), cashier, *shifts)


@pytest.fixture
def two() -> Two:
    return build()


def findings() -> list[str]:
    return [finding.invariant.code for finding in audit.run() if finding.count]


def parcels(order: Order) -> list[tuple[str, str]]:
    return sorted((part.location.name, part.state) for part in order.fulfillments.select_related("location"))


def test_the_order_is_sent_from_the_other_store_and_nobody_has_to_do_anything(two: Two) -> None:
    order = two.order()
    assert parcels(order) == [("Pearl", "pending")]
    sale = two.sell(3)
    assert parcels(order) == [("Ballard", "pending"), ("Pearl", "canceled")]
    assert sale.answer["warnings"] == [
        {"code": "sent_from_elsewhere", "sku": "MUG", "order": order.number, "location": "Ballard"}
    ]
    assert (two.level(two.pearl), two.level(two.ballard)) == ((0, 0), (5, 1))
    assert not Case.objects.exists()
    assert words(order.timeline.get(kind="resourced")) == "MUG: sent from Ballard instead of Pearl."
    assert findings() == []


def test_where_no_other_store_has_it_a_case_names_the_order(two: Two) -> None:
    two.sell(5, at_ballard=True)
    order = two.order(2)
    sale = two.sell(2)
    (warning,) = sale.answer["warnings"]
    assert (warning["code"], warning["orders"], warning["missing"]) == ("promised_to_web", [order.number], 1)
    assert Case.objects.get().kind == "oversell"
    assert parcels(order) == [("Pearl", "pending")]
    assert findings() == []


def test_the_youngest_promise_moves_and_only_as_many_as_it_takes(two: Two) -> None:
    old, young = two.order(), two.order()
    two.sell(2)
    assert parcels(old) == [("Pearl", "pending")]
    assert parcels(young) == [("Ballard", "pending"), ("Pearl", "canceled")]
    assert findings() == []


def test_who_collects_has_chosen_the_store(two: Two) -> None:
    order = two.order(pickup_at=two.pearl)
    sale = two.sell(3)
    assert [warning["code"] for warning in sale.answer["warnings"]] == ["promised_to_web"]
    assert parcels(order) == [("Pearl", "pending")]


def test_a_parcel_stays_one_parcel_where_one_store_has_all_of_it(two: Two) -> None:
    tote = VariantFactory(sku="TOTE", price=1_000)
    receive(tote, two.pearl, 4)
    receive(tote, two.ballard, 4)
    order = two.order(more=[(tote, 2)])
    two.sell(3)
    assert parcels(order) == [("Ballard", "pending"), ("Pearl", "canceled")]
    assert StockLevel.objects.get(variant=tote, location=two.pearl).reserved == 0
    assert findings() == []


def test_a_parcel_is_split_where_nobody_has_all_of_it(two: Two) -> None:
    tote = VariantFactory(sku="TOTE", price=1_000)
    receive(tote, two.pearl, 4)
    order = two.order(more=[(tote, 2)])
    two.sell(3)
    assert parcels(order) == [("Ballard", "pending"), ("Pearl", "pending")]
    assert findings() == []


def test_one_click_sends_what_has_turned_up_elsewhere_since(two: Two) -> None:
    two.sell(5, at_ballard=True)
    order = two.order(2)
    two.sell(2)
    case = Case.objects.get(kind="oversell")
    with pytest.raises(StillMissing, match="1 of MUG are still missing, and no other location can send them now"):
        resolutions.run(case, "send_from_elsewhere", person=None, at=now())
    receive(two.mug, two.ballard, 2)
    said = resolutions.run(case, "send_from_elsewhere", person=None, at=now())
    assert said == f"Order {order.number} is sent from Ballard now."
    case.refresh_from_db()
    assert (case.status, case.context["sent"]) == ("resolved", [{"order": order.number, "location": "Ballard"}])
    assert findings() == []
    with pytest.raises(CaseClosed):
        resolutions.run(case, "send_from_elsewhere", person=None, at=now())


def test_units_that_are_found_after_all_close_the_case(two: Two) -> None:
    two.sell(5, at_ballard=True)
    two.order(2)
    two.sell(2)
    receive(two.mug, two.pearl, 1)
    case = Case.objects.get(kind="oversell")
    assert resolutions.run(case, "send_from_elsewhere", person=None, at=now()) == "Nothing is missing any more."
    case.refresh_from_db()
    assert case.status == "resolved"


def test_books_that_stay_below_zero_are_a_case_although_the_order_is_helped(two: Two) -> None:
    order = two.order()
    sale = two.sell(4)
    assert [warning["code"] for warning in sale.answer["warnings"]] == ["sent_from_elsewhere"]
    assert parcels(order) == [("Ballard", "pending"), ("Pearl", "canceled")]
    assert two.level(two.pearl) == (-1, 0)
    case = Case.objects.get()
    assert (case.kind, case.subject) == ("negative_stock", "MUG at PDX-1")
    assert case.text == "The books say -1 of MUG at PDX-1. Count the shelf, then adjust."
    assert findings() == []


def test_the_click_that_helps_the_order_leaves_a_case_about_the_books(two: Two) -> None:
    two.sell(5, at_ballard=True)
    order = two.order(2)
    sale = two.sell(4)
    case = Case.objects.get(kind="oversell")
    assert case.text == f"Sale {sale.order.number} took MUG. Missing for orders: 2."
    assert case.context == {
        "sku": "MUG",
        "level": StockLevel.objects.get(location=two.pearl).pk,
        "missing": 2,
        "orders": [order.number],
        "sale": sale.order.number,
    }
    receive(two.mug, two.ballard, 2)
    resolutions.run(case, "send_from_elsewhere", person=None, at=now())
    assert [row.kind for row in Case.objects.filter(status="open")] == ["negative_stock"]
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_an_order_that_somebody_works_on_is_passed_over_and_not_waited_for() -> None:
    two = build()
    order = two.order()
    held, done = threading.Event(), threading.Event()

    def work_on_it() -> None:
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=order.pk)
            held.set()
            done.wait(20)
        connection.close()

    worker = threading.Thread(target=work_on_it)
    worker.start()
    held.wait(20)
    sale = two.sell(3)
    assert worker.is_alive()
    done.set()
    worker.join()
    assert [warning["code"] for warning in sale.answer["warnings"]] == ["promised_to_web"]
    assert parcels(order) == [("Pearl", "pending")]
    assert findings() == []


@pytest.mark.django_db(transaction=True)
def test_two_stores_that_rescue_from_each_other_never_wait_in_a_circle() -> None:
    two = build()
    receive(two.mug, two.pearl, 20)
    receive(two.mug, two.ballard, 20)
    for _ in range(20):
        two.order()
    together = threading.Barrier(2)

    def sell_all(at_ballard: bool) -> list[int]:
        warned = []
        for _ in range(10):
            together.wait(30)
            warned.append(len(two.sell(2, at_ballard=at_ballard).answer["warnings"]))
        connection.close()
        return warned

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sell_all, (False, True)))
    assert two.level(two.pearl)[0] + two.level(two.ballard)[0] == 48 - 40
    assert findings() == []
    assert StockLevel.objects.filter(oversold=True).exists() == Case.objects.filter(kind="oversell").exists()
