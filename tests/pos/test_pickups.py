"""A web order for pickup, once around: task, shelf, ready, handed over to who has the code."""

from playwright.sync_api import expect

from commerce.kernel.clock import now
from commerce.pricing.models import Market
from inventory.models import StockLevel
from orders import codes
from orders.models import Fulfillment, Order
from tests.factories.trade import order_on_web
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage


def order(counter: Counter) -> Order:
    return order_on_web(
        Market.objects.get(code="us"),
        [(counter.tent, 1), (counter.mug, 2)],
        email="ada@example.com",
        name="Ada Byron",
        at=now(),
        pickup_at=counter.store,
    )


def test_pickup_once_around(counter: Counter, till: TillPage) -> None:
    placed = order(counter)
    expect(till.page.locator("#status-tasks [data-part=count]")).to_have_text(
        "1", timeout=10_000
    )  # told by the live stream
    till.press("F7")
    till.expect_screen("tasks")
    till.page.click(".task >> text=Ada Byron")
    expect(till.page.locator("#task-ready")).to_be_disabled()
    till.scan(TENT_CODE)
    till.scan(MUG_CODE)
    expect(till.page.locator("#task-ready")).to_be_disabled()
    till.scan(MUG_CODE)
    till.page.click("#task-ready")
    expect(till.page.locator("#tasks .chip")).to_have_text("Ready to collect")
    pickup = Fulfillment.objects.get(order=placed)
    assert pickup.state == "ready"
    till.press("Escape")
    till.expect_screen("sell")
    till.scan("P-AAAAA-AAAAA")
    expect(till.page.locator("#code-error")).to_be_visible()
    till.press("Escape")
    till.scan(codes.pickup_code(pickup.uid))
    expect(till.page.locator("#task-hand-over")).to_be_visible()
    till.press("a")
    till.page.click("#task-hand-over")
    expect(till.page.locator("#tasks-empty")).to_be_visible()
    pickup.refresh_from_db()
    assert pickup.state == "done"
    assert StockLevel.objects.get(variant=counter.tent, location=counter.store).on_hand == 4


def test_a_unit_that_a_shopper_was_promised_is_warned_of_and_not_refused(counter: Counter, till: TillPage) -> None:
    number = order(counter).number
    mug = till.page.locator(".tile", has_text="Trail mug").locator("[data-part=stock]")
    expect(mug).to_have_text("1 left", timeout=10_000)
    till.scan(MUG_CODE)
    expect(till.page.locator("#lines [data-part=problem]")).to_be_hidden()
    till.scan(MUG_CODE)
    problem = till.page.locator("#lines [data-part=problem]")
    expect(problem).to_have_text(f"Promised to web order {number}", timeout=10_000)
    expect(till.page.locator("#sale-warning")).to_contain_text("what a web order was promised")
    till.pay_exactly()
    expect(till.page.locator("#done-warning")).to_contain_text("A web order waits for this", timeout=10_000)
