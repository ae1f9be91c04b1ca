"""What people take off at the till: within their limits, with a colleague's PIN beyond them, and coupons."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import expect

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.pricing.models import Coupon
from inventory.models import StockLevel
from orders.models import Order, OrderLine
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import Sale
from tests.factories.company import UserFactory
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.test_promotions_at_the_till import offer, recorded
from tests.pos.test_serial_sales import envelope
from tests.pos.test_with_no_server import offline
from tests.pos.till_page import TillPage
from tests.servers import Site
from tests.world import World


def take_off(till: TillPage, value: str, reason: str = "Damaged", *, kind: str = "percent") -> None:
    till.press("F8")
    expect(till.page.locator("#reduce")).to_be_visible()
    till.page.click(f"[data-kind={kind}]")
    till.page.fill("#reduce-value", value)
    till.page.click(f"[data-reason='{reason}']")
    till.page.click("#reduce-take")


@transaction.atomic
def coupon(code: str, **about: Any) -> Coupon:
    promotion = offer(f"for-{code.lower()}", kind="amount", scope="order", amounts={"USD": 500}, needs_coupon=True)
    return Coupon.objects.create(promotion=promotion, code=code, code_key=code, created_at=now(), **about)


def test_a_manager_takes_a_fifth_off_a_line_and_its_price_stays_in_sight(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    take_off(till, "20")
    till.expect_total("$171.94")  # 159.20 and 8 %
    line = till.page.locator("#lines > li").first
    expect(line.locator("s")).to_contain_text("$199.00")
    expect(line.locator(".line__rule")).to_contain_text("Damaged, 20% off")
    till.press("Control+z")
    till.expect_total("$214.92")
    take_off(till, "20")
    till.pay_exactly()
    order = recorded()
    assert (order.discount_minor, order.total_minor, Case.objects.count()) == (3_980, 17_194, 0)
    row = OrderLine.objects.get(order=order).discounts[0]
    assert (row["source"], row["reason"]) == ("manual", "Damaged")


def test_beyond_the_own_limit_a_colleague_enters_a_pin_without_leaving_the_sale(
    counter: Counter, site: Site, open_till: Callable[..., TillPage]
) -> None:
    till = open_till(site.url)
    till.open()
    till.pair()
    till.sign_in("mara", "123456")
    till.open_shift()
    till.expect_screen("sell")
    till.scan(TENT_CODE)
    take_off(till, "10")
    expect(till.page.locator("#approval-text")).to_contain_text("This takes off 10%")
    till.page.fill("#approval-pin", "9999")
    till.press("Enter")
    expect(till.page.locator("#approval-message")).to_contain_text("not")
    till.page.fill("#approval-pin", "4711")
    till.press("Enter")
    till.expect_total("$193.43")  # 179.10 and 8 %
    expect(till.page.locator("#status-person")).to_contain_text("Mara")
    till.pay_exactly()
    order = recorded()
    assert (order.total_minor, Case.objects.count()) == (19_343, 0)
    assert Sale.objects.get().envelope["lines"][0]["discounts"][0]["approved_by"] == "jo"


def test_a_price_by_hand_keeps_the_one_it_was(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    take_off(till, "150", "Price match", kind="price")
    till.expect_total("$162.00")
    expect(till.page.locator("#lines > li").first.locator("s")).to_contain_text("$199.00")
    till.scan(TENT_CODE)  # another one has its own price
    till.expect_lines(("1", "Alder tent"), ("1", "Alder tent"))
    till.expect_total("$376.92")
    till.pay_exactly()
    assert recorded().total_minor == 37_692
    assert Case.objects.count() == 0
    sent = Sale.objects.get().envelope["lines"]
    assert [line.get("override", {}).get("original") for line in sent] == [None, 19_900]


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("0", "percent", "Write a percentage"),
        ("101", "percent", "Write a percentage"),
        ("x", "amount", "Write an amount"),
        ("500", "amount", "At most $199.00"),
    ],
)
def test_what_cannot_be_taken_off_is_said(till: TillPage, value: str, kind: str, words: str) -> None:
    till.scan(TENT_CODE)
    till.expect_total("$214.92")
    take_off(till, value, kind=kind)
    expect(till.page.locator("#reduce-error")).to_contain_text(words)
    till.press("Escape")
    till.expect_total("$214.92")


def test_an_amount_off_the_whole_sale_is_shared_by_its_lines(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.scan(MUG_CODE)
    till.press("F8")
    till.page.click("[data-scope=sale]")
    till.page.click("[data-kind=amount]")
    till.page.fill("#reduce-value", "10")
    till.page.click("[data-reason=Goodwill]")
    till.press("Enter")
    expect(till.page.locator("#sums")).to_contain_text("Goodwill")
    till.expect_total("$219.78")  # 213.50 - 10.00, and 8 %
    till.pay_exactly()
    order = recorded()
    assert (order.total_minor, order.discounts[0]["amount"], Case.objects.count()) == (21_978, 1_000, 0)


def test_a_coupon_that_counts_once_is_asked_for_and_used_up(counter: Counter, till: TillPage) -> None:
    kept = coupon("MOSS5", max_uses=1)
    till.scan(TENT_CODE)
    till.page.fill("#search", "moss5")
    till.press("Enter")
    expect(till.page.locator("#coupons")).to_contain_text("Coupon MOSS5")
    till.expect_total("$209.52")  # 194.00 and 8 %
    till.pay_exactly()
    assert recorded().coupons == ["MOSS5"]
    kept.refresh_from_db()
    assert (kept.used, Case.objects.count()) == (1, 0)
    till.new_sale()
    till.scan(TENT_CODE)
    till.press("F8")
    till.page.fill("#coupon", "MOSS5")
    till.page.click("#coupon-use")
    expect(till.page.locator("#coupon-error")).to_contain_text("was used already")


def test_with_no_server_codes_that_need_no_counting_go_on(
    counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage]
) -> None:
    coupon("OPEN5")
    coupon("ONCE5", max_uses=1)
    site = serve()
    till = open_till(site.url)
    till.ready()
    site.kill()
    offline(till)
    till.scan(TENT_CODE)
    till.press("F8")
    till.page.fill("#coupon", "once5")
    till.page.click("#coupon-use")
    expect(till.page.locator("#coupon-error")).to_contain_text("the server has to be asked", timeout=15_000)
    till.page.fill("#coupon", "open5")
    till.page.click("#coupon-use")
    till.expect_total("$209.52")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "total", "approved_by", "kinds"),
    [
        (100_000, 1_555, "", ["discount_over_limit"]),
        (100_000, 1_555, "nobody", ["discount_over_limit"]),
        (300_000, 1_210, "mina", []),
        (310_000, 1_192, "mina", ["discount_over_limit"]),
    ],
)
def test_limits_are_checked_again_and_refuse_nothing(
    value: int, total: int, approved_by: str, kinds: list[str]
) -> None:
    world = World.make()
    UserFactory(username="mara", role="associate", locations=[world.store])
    given = {"id": "x", "kind": "percent", "value": value, "reason": "Damaged", "approved_by": approved_by}
    sent = envelope(world, [{"sku": "MUG", "quantity": 1, "discounts": [given]}], total)
    record_sale(parse_envelope({**sent, "cashier": "mara"}), at=now())
    assert Order.objects.get().total_minor == total
    assert [case.kind for case in Case.objects.all()] == kinds


@pytest.mark.django_db
@pytest.mark.parametrize(("cashier", "kinds"), [("lea", ["sold_below_cost"]), ("mina", [])])
def test_below_cost_needs_somebody_who_may(cashier: str, kinds: list[str]) -> None:
    world = World.make()
    UserFactory(username="lea", role="lead", locations=[world.store])
    StockLevel.objects.filter(variant=world.mug).update(unit_cost=1_500)
    given = {"id": "x", "kind": "percent", "value": 100_000, "reason": "Damaged", "approved_by": ""}
    sent = envelope(world, [{"sku": "MUG", "quantity": 1, "discounts": [given]}], 1_555)
    record_sale(parse_envelope({**sent, "cashier": cashier}), at=now())
    assert [case.kind for case in Case.objects.all()] == kinds


@pytest.mark.django_db
def test_a_coupon_given_once_more_than_it_may_is_a_case() -> None:
    world = World.make()
    kept = coupon("MOSS5", max_uses=1)
    taken = {"id": "for-moss5", "kind": "amount", "value": 500, "reason": "MOSS5", "source": "coupon"}
    for _sale in range(2):
        sent = envelope(world, [{"id": "a", "sku": "MUG", "quantity": 1, "unit_price": price(1_600)}], 1_188)
        more = {"order_discounts": [taken], "coupons": [{"code": "MOSS5"}]}
        record_sale(parse_envelope({**sent, **more}), at=now())
    kept.refresh_from_db()
    assert (Order.objects.count(), kept.used) == (2, 1)
    assert "coupon_overused" in {case.kind for case in Case.objects.all()}


def price(minor: int) -> dict[str, Any]:
    return {"amount": minor, "currency": "USD"}
