"""What is odd about a sale is said at the till, in plain words, once; the sale is made all the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.pricing.models import Price
from orders.models import Order
from pos.actions.close_shift import close_shift
from pos.models import Sale, Shift
from tests.factories.company import LocationFactory
from tests.hardware.conftest import until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Site

_BATCH = "**/api/v1/sales/batch"


def hold_back(till: TillPage) -> None:
    """The line to the server carries no sales for a while."""
    till.page.route(_BATCH, lambda route: route.abort())


def let_go(till: TillPage) -> None:
    till.page.unroute(_BATCH)
    till.expect_all_sent(seconds=45)  # the till waits longer after every try


def dearer(till: TillPage, variant: Variant) -> None:
    """The price goes up, and the till does not hear of it before it has sold."""
    till.hear_nothing_of("/till/api/rules", "/till/api/catalog")
    Price.objects.filter(variant=variant).update(amount_minor=2_000)


def test_a_price_that_has_changed_is_said_with_the_receipt(counter: Counter, till: TillPage) -> None:
    till.scan(MUG_CODE)
    till.expect_total("$15.66")
    dearer(till, counter.mug)
    till.pay_exactly()
    expect(till.page.locator("#done-warning")).to_contain_text("A price or tax here is not that of the price list")
    expect(till.page.locator("#done-warning")).to_contain_text("the back office was told")
    till.new_sale()
    expect(till.page.locator("#toasts .toast")).to_have_count(0)  # said once
    till.scan(TENT_CODE)
    till.pay_exactly()
    expect(till.page.locator("#done-facts")).to_contain_text("000002")
    till.expect_all_sent()
    expect(till.page.locator("#done-warning")).to_be_hidden()


def test_what_comes_late_is_said_once_and_stays_under_sales(counter: Counter, till: TillPage) -> None:
    """Two sales were held back; meanwhile the shift was counted, and their cashier went to another store."""
    hold_back(till)
    for _n in range(2):
        till.scan(MUG_CODE)
        till.pay_exactly()
        till.new_sale()
    close_shift(
        counter.register,
        shift_uid=Shift.objects.get().uid,
        counted_minor=20_000,
        note="",
        person=counter.manager,
        at=now(),
    )
    counter.manager.locations.set([LocationFactory(code="SEA-2")])
    let_go(till)
    expect(till.page.locator("#toasts .toast")).to_have_count(1)
    assert till.toast().startswith("Receipt PDX-1-1-00000")
    for words in ("jo may not sell at this store any more", "came in after its shift was counted"):
        assert words in till.toast()
    assert Sale.objects.count() == 2
    till.press("F12")
    till.sign_in("mara", "123456")
    till.open_shift()
    till.expect_screen("sell")
    expect(till.page.locator("#toasts .toast")).to_have_count(0)  # nothing is said again
    till.press("F6")
    for row in range(2):
        expect(till.page.locator("#sales > li").nth(row)).to_contain_text("jo may not sell at this store any more")
        expect(till.page.locator("#sales > li").nth(row)).to_contain_text("after its shift was counted")


def test_a_wrong_clock(counter: Counter, site: Site, open_till: Callable[..., TillPage]) -> None:
    till = open_till(site.url)
    till.page.clock.install(time=now() + timedelta(days=3))
    till.ready()
    till.scan(MUG_CODE)
    till.pay_exactly()
    expect(till.page.locator("#done-warning")).to_contain_text("The clock of this computer is wrong. Set it")
    order = until(lambda: Order.objects.first())
    assert abs(order.placed_at - now()) < timedelta(minutes=5)


def test_nobody_is_told_twice_by_a_repeated_answer(counter: Counter, till: TillPage) -> None:
    """The answer is lost on the way, so the sale is sent again: it is one sale, and its warning is said once."""
    till.scan(MUG_CODE)
    till.expect_total("$15.66")
    dearer(till, counter.mug)
    lost: list[int] = []

    def lose_first(route: Any) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    till.page.route(_BATCH, lose_first)
    till.pay_exactly()
    expect(till.page.locator("#done-warning")).to_contain_text("A price or tax here", timeout=15_000)
    assert Sale.objects.count() == 1
