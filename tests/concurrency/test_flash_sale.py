"""A flash sale on the web while a till sells the same item, some of it breaks, goes elsewhere and is counted.

Sixty tents: twelve leave over the counter, two break, two turn out to be stolen, eight are sent to another store. The
other forty-four belong to the web, whose seventy buyers all press at once; some of them take the tent in a kit.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from django.db import connection

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from inventory import availability, counts, levels
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.approve_count import approve_count
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.finish_count import finish_count
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.request_transfer import request_transfer
from inventory.actions.set_components import set_components
from inventory.actions.ship_transfer import ship_transfer
from inventory.actions.start_count import start_count
from inventory.counts import Entry
from inventory.errors import NotEnoughToSend, NotOnHand
from inventory.models import StockLevel
from orders.models import OrderLine
from tests.client import Answer, Client
from tests.concurrency.conftest import audit
from tests.concurrency.test_last_units import reasons, sale, without_oversell_check
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.timeout(300)
# What a buyer who gets nothing may be told: each says what happened, in words.
CLEAR = {"insufficient_stock", "hold_expired", "paid_but_gone"}


@dataclass
class FlashSale:
    """`run` lets everybody start at the same moment; afterwards `web` has every buyer's answer, `till` every sale's."""

    client: Client
    tent: Variant
    kit: Variant
    store: Location
    other: Location
    units: int
    buyers: int
    over_the_counter: int
    broken: int
    stolen: int
    sent: int
    web: list[Answer] = field(default_factory=list)
    till: list[Answer] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def run(self) -> None:
        receive(self.tent, self.store, self.units)
        everybody = [*(self.press(cart) for cart in self.carts()), self.sell, self.clerk, self.driver]
        barrier = threading.Barrier(len(everybody))

        def start(person: Callable[[], None]) -> None:
            barrier.wait(60)
            try:
                person()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(everybody)) as pool:
            for done in [pool.submit(start, person) for person in everybody]:
                done.result(120)

    def carts(self) -> list[str]:
        """Every fifth buyer wants the kit."""
        wanted = [self.kit.sku if number % 5 == 0 else self.tent.sku for number in range(self.buyers)]
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self.client.cart_with, wanted))

    def press(self, cart: str) -> Callable[[], None]:
        def check_out_and_pay() -> None:
            checked_out = self.client.check_out(cart)
            self.web.append(self.client.complete(cart) if checked_out.status == 200 else checked_out)

        return check_out_and_pay

    def sell(self) -> None:
        for _customer in range(self.over_the_counter):
            self.till.append(self.client.post("/sales", sale(self.tent, self.store)))

    def clerk(self) -> None:
        """Tents break; then the shelf is counted, in the middle of it all, and some are missing."""
        level = StockLevel.objects.get(variant=self.tent, location=self.store)
        for _tent in range(self.broken):
            self.attempt(lambda: adjust_stock(level.pk, reason="damaged", change=-1, person=None, at=now()))
        count = start_count(self.store, kind="full", person=None, at=now())
        self.count_shelf(count.pk, level)
        finish_count(count.pk, person=None, at=now())
        approve_count(count.pk, person=None, at=now())

    @action
    def count_shelf(self, count_pk: int, level: StockLevel) -> None:
        """What a person sees: nothing is sold while they look. The lock stands for that."""
        count = counts.join(count_pk)
        levels.lock([level.pk])
        level.refresh_from_db()
        seen = [Entry(new_uid(), level.variant_id, level.on_hand - self.stolen)]
        counts.scan(count, seen, person=None, at=now())

    def driver(self) -> None:
        units = {self.tent.pk: self.sent}
        transfer = request_transfer(source=self.store, destination=self.other, units=units, person=None, at=now())
        if self.attempt(lambda: approve_transfer(transfer.uid, person=None, at=now())):
            ship_transfer(transfer.uid, person=None, at=now())
            receive_transfer(transfer.uid, units, reception=new_uid(), person=None, at=now())

    def attempt(self, step: Callable[[], object]) -> bool:
        try:
            step()
        except (NotEnoughToSend, NotOnHand) as refusal:
            self.refused.append(str(refusal))
            return False
        return True

    def try_again(self) -> Counter[str]:
        """Whoever got nothing presses once more, now that nobody else is at the shelf."""
        with ThreadPoolExecutor(8) as pool:
            losers = sum(answer.status != 200 for answer in self.web)
            return reasons(list(pool.map(lambda _buyer: self.client.buy(self.tent.sku), range(losers))))

    def sold(self) -> int:
        """Tents that the web owes its customers."""
        lines = OrderLine.objects.filter(variant__in=[self.tent, self.kit], order__state__in=["open", "closed"])
        return sum(lines.filter(order__channel="web").values_list("quantity", flat=True))

    def for_the_web(self) -> int:
        return self.units - self.over_the_counter - self.broken - self.stolen

    def levels(self) -> Iterator[StockLevel]:
        yield from StockLevel.objects.filter(variant=self.tent).select_related("variant", "location")


@pytest.fixture
def kit(store: Location, tent: Variant) -> Variant:
    """A tent with two mugs, of which there are plenty."""
    mug, kit = VariantFactory(sku="MUG"), VariantFactory(sku="KIT", price=21_900)
    set_components(kit.pk, {tent.pk: 1, mug.pk: 2}, person=None, at=now())
    receive(mug, store, 1_000)
    receive(mug, LocationFactory(code="SEA-1"), 1_000)
    return kit


def test_everybody_wants_the_last_tents(
    shop: Callable[..., Client], tent: Variant, kit: Variant, store: Location
) -> None:
    other = Location.objects.get(code="SEA-1")
    fair = FlashSale(
        shop(processes=2), tent, kit, store, other, 60, 70, over_the_counter=12, broken=2, stolen=2, sent=8
    )
    fair.run()
    first, again = reasons(fair.web), fair.try_again()
    assert [answer.status for answer in fair.till] == [201] * 12
    assert all("too few to send" in text or "needed. Count the shelf" in text for text in fair.refused)
    assert set(first) | set(again) <= {"sold", *CLEAR}, (first, again)
    assert all(answer.status == 200 or len(answer.body["detail"]) > 20 for answer in fair.web)
    # None left unsold while buyers were refused.
    assert again["insufficient_stock"] > 0
    assert availability.totals([tent.pk], at=now()) == {tent.pk: 0}
    # Never more promised than was there: what the web owes beyond it was taken by facts after it was promised, and
    # each such shelf has its case.
    missing = {level.location.code: level.reserved - level.on_hand for level in fair.levels() if level.oversold}
    assert first["sold"] + again["sold"] == fair.sold() == fair.for_the_web() + sum(missing.values())
    assert sum(missing.values()) <= 12 + 2 + 2
    cases = Case.objects.filter(kind="oversell", status="open").values_list("subject", flat=True)
    assert {f"{tent.sku} at {code}" for code in missing} == set(cases)
    assert all(level.on_hand >= 0 for level in fair.levels())
    assert audit() == ""


def test_with_the_guard_off_the_flash_sale_oversells(
    shop: Callable[..., Client], tent: Variant, kit: Variant, store: Location
) -> None:
    """The negative control: without the guarded UPDATE and its CHECK the test above would fail."""
    client = shop(processes=2, FAILPOINTS="inventory.guard:off")
    other = Location.objects.get(code="SEA-1")
    fair = FlashSale(client, tent, kit, store, other, 12, 30, over_the_counter=2, broken=1, stolen=1, sent=2)
    with without_oversell_check():
        fair.run()
        assert reasons(fair.web)["sold"] > fair.for_the_web() + 2 + 1 + 1
        StockLevel.objects.update(oversold=True)  # so that the CHECK can come back
