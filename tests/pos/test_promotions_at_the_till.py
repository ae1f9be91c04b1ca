"""Promotions, fees and scheduled prices at the counter: what the till decides alone is what the server would have."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import BrowserContext, expect

from commerce.cases.models import Case
from commerce.pricing.models import Fee, Price, Promotion, PromotionItem
from orders.models import Order
from pos.models import Sale
from pos.receipts import document_of
from tests.hardware.conftest import until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Site


@transaction.atomic
def offer(code: str, select: dict[str, Any] | None = None, **about: Any) -> Promotion:
    """A promotion that counts at once; `select` names a category, a variant or a collection."""
    said = {"name": code, "label": code.replace("-", " ").capitalize(), "kind": "percent", "is_active": True}
    promotion = Promotion.objects.create(code=code, created_at="2026-01-01T00:00:00Z", **{**said, **about})
    if select:
        PromotionItem.objects.create(promotion=promotion, role="select", **select)
    return promotion


@pytest.fixture
def kitchen_sale(counter: Counter) -> Promotion:
    return offer("kitchen-week", {"category": counter.mug.product.category}, percent_ppm=200_000)


def recorded() -> Order:
    return until(lambda: Order.objects.filter(channel="pos").order_by("-id").first(), seconds=20)


def test_what_reduced_a_line_stands_under_it_on_the_screen_on_paper_and_in_the_books(
    kitchen_sale: Promotion, counter: Counter, till: TillPage
) -> None:
    till.scan(MUG_CODE)
    till.scan(MUG_CODE)
    till.scan(TENT_CODE)
    till.expect_total("$239.98")  # 199.00 + 2 x 14.50 - 20 % of that = 222.20, and 8 %
    mug = till.page.locator("#lines > li").nth(1)
    expect(mug.locator(".line__rule")).to_have_text("Kitchen week-$5.80")
    expect(mug.locator("[data-part=amount]").first).to_have_text("$23.20")
    expect(mug.locator("s")).to_contain_text("$29.00")
    expect(till.page.locator("#lines > li").nth(0).locator("s")).to_be_hidden()
    expect(till.page.locator("#saved")).to_have_text("$5.80")
    till.pay_exactly()
    order = recorded()
    assert (order.subtotal_minor, order.discount_minor, order.total_minor) == (22_800, 580, 23_998)
    assert order.rules_version
    assert Case.objects.count() == 0
    paper = str(document_of(Sale.objects.get()))
    assert "Kitchen week" in paper
    assert "-$5.80" in paper
    expect(till.page.locator("#receipt-lines")).to_contain_text("Kitchen week -$5.80")
    expect(till.page.locator("#receipt-lines")).to_contain_text("Subtotal $222.20")


def test_what_is_missing_for_an_offer_is_said_in_one_line(counter: Counter, till: TillPage) -> None:
    offer("ten-off", kind="amount", scope="order", amounts={"USD": 1_000}, min_spend={"USD": 22_000})
    till.page.reload()
    till.expect_screen("sell")
    till.scan(TENT_CODE)
    expect(till.page.locator("#sale-hint")).to_contain_text("Spend $21.00 more: Ten off")
    till.scan(MUG_CODE)
    till.scan(MUG_CODE)
    expect(till.page.locator("#sale-hint")).to_be_hidden()
    expect(till.page.locator("#sums")).to_contain_text("Ten off")
    till.expect_total("$235.44")  # 228.00 - 10.00, and 8 %
    till.pay_exactly()
    order = recorded()
    assert (order.discount_minor, order.total_minor, Case.objects.count()) == (1_000, 23_544, 0)
    assert [row["label"] for row in order.discounts] == ["Ten off"]


def test_a_deposit_is_charged_shown_and_recorded(counter: Counter, till: TillPage) -> None:
    with transaction.atomic():
        fee = Fee.objects.create(code="cup", label="Cup deposit", kind="deposit", currency="USD", amount_minor=100)
        fee.variants.add(counter.mug)
    till.page.reload()
    till.expect_screen("sell")
    till.scan(MUG_CODE)
    till.scan(MUG_CODE)
    till.expect_total("$33.32")  # 29.00 and 8 %, and 2.00 untaxed
    expect(till.page.locator("#sums")).to_have_text("Cup deposit 2 × $1.00$2.00")
    till.pay_exactly()
    order = recorded()
    assert (order.total_minor, Case.objects.count()) == (3_332, 0)
    assert [(row.kind, row.amount_minor) for row in order.adjustments.all()] == [("deposit", 200)]


def test_a_till_that_has_not_heard_of_a_change_charges_what_it_knows_and_a_case_says_so(
    kitchen_sale: Promotion, counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage]
) -> None:
    site = serve()
    till = open_till(site.url)
    till.ready()
    site.kill()
    with transaction.atomic():
        Promotion.objects.update(is_active=False)
    till.scan(MUG_CODE)
    till.pay_exactly()
    site.start()
    till.expect_all_sent(seconds=60)
    order = recorded()
    assert (order.discount_minor, order.total_minor) == (290, 1_253)
    case = Case.objects.get(kind="price_drift")
    assert "MUG-R: the till took off 290, the rules say 0" in case.text


def test_a_new_price_begins_at_the_stores_midnight_with_the_server_gone(
    counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage], context: BrowserContext
) -> None:
    counter.store.time_zone = "America/Los_Angeles"
    counter.store.save()
    with transaction.atomic():
        standing = Price.objects.get(variant=counter.tent)
        Price.objects.filter(pk=standing.pk).update(during=(None, date(2030, 7, 2)))
        Price.objects.create(
            price_list=standing.price_list, variant=counter.tent, amount_minor=14_900, during=(date(2030, 7, 2), None)
        )
    context.clock.install(time="2030-07-02T06:59:30Z")  # half a minute before midnight in Portland
    site = serve()
    till = open_till(site.url)
    till.ready()
    till.scan(TENT_CODE)
    till.expect_total("$214.92")
    expect(till.page.locator(".tile >> text=Alder tent >> xpath=ancestor::button")).to_contain_text("$199.00")
    site.kill()
    context.clock.run_for(40_000)
    till.expect_total("$160.92")
    expect(till.page.locator(".tile >> text=Alder tent >> xpath=ancestor::button")).to_contain_text("$149.00")
