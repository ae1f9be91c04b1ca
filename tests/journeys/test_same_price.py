"""The same cart costs the same everywhere: in the shop, by the API, on the phone and at the till."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client as Browser
from playwright.sync_api import BrowserContext, Page, expect

from commerce.catalog.models import Variant
from commerce.pricing.models import CustomerGroup
from orders.models import Order
from tests.client import Client, new_token
from tests.concurrency.conftest import audit
from tests.factories.catalog import VariantFactory
from tests.factories.company import UserFactory
from tests.factories.pricing import PriceFactory, PriceListFactory
from tests.factories.promotions import coupon, promotion
from tests.factories.stock import receive
from tests.journeys.conftest import House, open_till, scan
from tests.pos.till_page import TillPage

pytestmark = pytest.mark.timeout(300)
Goods = dict[str, Variant]
# 3 mugs at 16.00 for the price of 2, a tent at 289.00, 5.00 off from 100.00, then 10 % off what is left:
#   48.00 - 16.00 + 289.00 = 321.00; - 5.00 = 316.00; - 31.60 = 284.40
TOTAL = "284.40"


@pytest.fixture
def goods(house: House) -> Goods:
    """Two articles, three offers, and a list of prices for people who are in a group: nobody here is."""
    made = {}
    for sku, price, code in (("MUG", 1_600, "4006381333931"), ("TENT", 28_900, "5901234123457")):
        made[sku] = VariantFactory(sku=sku, price=price, barcode=code)
        receive(made[sku], house.store, 40)
    promotion("three-for-two", kind="buy_get", buy_quantity=2, get_quantity=1, items=(made["MUG"],), label="3 for 2")
    promotion(
        "five-off", kind="amount", scope="order", amounts={"USD": 500}, min_spend={"USD": 10_000}, label="5 off",
        priority=50,
    )  # fmt: skip
    coupon("TEN", promotion("ten", scope="order", percent_ppm=100_000, needs_coupon=True, label="Ten percent"))
    club = PriceListFactory(code="club", rank=5)
    club.only_groups.add(CustomerGroup.objects.create(code="club", name="Club"))
    PriceFactory(price_list=club, variant=made["TENT"], amount_minor=10_000)
    return made


def test_the_same_cart_costs_the_same_everywhere(
    house: House, goods: Goods, page: Page, context: BrowserContext
) -> None:
    by_api = api_cart(house)
    assert by_api["total"]["amount"] == 28_440
    for bought in (in_shop, on_the_phone, at_the_till):
        bought(house, context.new_page())
    web, phone, till = (Order.objects.filter(channel=channel).get() for channel in ("web", "phone", "pos"))
    expected = [per_line(line["discounts"]) for line in sorted(by_api["lines"], key=lambda line: str(line["sku"]))]
    for order in (web, phone, till):
        found = [per_line(line.discounts) for line in order.lines.order_by("sku")]
        assert (order.total_minor, order.coupons, found) == (28_440, ["TEN"], expected), order.channel
    assert audit() == ""


def per_line(discounts: list[dict[str, Any]]) -> dict[str, int]:
    """What each offer took off a line, as documents and as the API say it."""
    amounts = ((row["id"], row["amount"]) for row in discounts)
    return {name: amount["amount"] if isinstance(amount, dict) else amount for name, amount in amounts if amount}


def api_cart(house: House) -> dict[str, Any]:
    client = Client(house.url, new_token())
    cart = client.cart_with("MUG", 3)
    client.post(f"/carts/{cart}/lines", {"sku": "TENT", "quantity": 1})
    body: dict[str, Any] = client.post(f"/carts/{cart}/coupons", {"code": "ten"}).body
    return body


def in_shop(house: House, page: Page) -> None:
    for sku, quantity in (("MUG", "3"), ("TENT", "1")):
        variant = Variant.objects.select_related("product").get(sku=sku)
        page.goto(f"{house.url}/products/{variant.product.slug}/?variant={sku}")
        page.locator("#quantity").fill(quantity)
        page.get_by_role("button", name="Add to cart").click()
        expect(page.locator("#cart-drawer")).to_be_visible()
    page.goto(f"{house.url}/cart/")
    page.locator(".coupons__open").click()
    page.get_by_label("Coupon code").fill("ten")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".cart__summary")).to_contain_text(TOTAL)
    expect(page.locator("#cart")).to_contain_text("3 for 2")
    check_out_for_pickup(page, house)


def check_out_for_pickup(page: Page, house: House) -> None:
    """To the payment step, where the draft holds what was agreed."""
    page.goto(f"{house.url}/checkout/")
    for name, answer in (("email", "ada@example.com"), ("name", "Ada Example")):
        page.locator(f"input[name={name}]").fill(answer)
    page.locator("#method-pickup").check()
    page.locator(f"#store-{house.store.code}").check()
    page.get_by_role("button", name="Continue to payment").click()
    page.wait_for_url("**/checkout/payment/")
    expect(page.locator(".checkout__aside")).to_contain_text(TOTAL)


def on_the_phone(house: House, page: Page) -> None:
    browser = Browser()
    browser.force_login(UserFactory(username="olga", role="office"))
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": house.url}])
    page.goto(f"{house.url}/admin/orders/order/phone/")
    page.get_by_label("E-mail").fill("bea@example.com")
    page.get_by_role("button", name="Begin the order").click()
    for sku, quantity in (("MUG", "3"), ("TENT", "1")):
        page.locator("#phone-search").fill(sku)
        page.get_by_role("button", name="Find").click()
        page.locator(".phone__hit").filter(has_text=sku).get_by_role("button").first.click()
        line = page.locator(".phone__line").filter(has_text=sku).locator("input[name=quantity]")
        expect(line).to_be_visible()
        line.fill(quantity)
        if quantity != "1":
            line.press("Tab")
            expect(page.locator(".phone__told")).to_contain_text("is changed.")
        expect(page.locator(".phone__line").filter(has_text=sku).locator("input[name=quantity]")).to_have_value(
            quantity
        )
    page.get_by_label("Coupon code").fill("TEN")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".phone__told")).to_contain_text("The coupon is in.")
    page.get_by_label("Way").select_option("pickup")
    page.get_by_label("Store").select_option(house.store.code)
    page.locator("#phone-way").locator("xpath=..").get_by_role("button", name="Keep").click()
    expect(page.locator(".phone__told")).to_contain_text("The way is kept.")
    expect(page.get_by_label("Way")).to_have_value("pickup")
    expect(page.locator("#phone-order .summary__row--total")).to_contain_text(TOTAL)
    page.get_by_role("button", name="Send payment link").click()
    page.get_by_role("link", name="What the customer sees").click()
    expect(page.locator(".phone-order")).to_contain_text(TOTAL)
    page.get_by_role("button", name="Check out and pay").click()
    page.wait_for_url("**/checkout/")
    check_out_for_pickup(page, house)


def at_the_till(house: House, page: Page) -> None:
    open_till(page, house)
    for code in ("4006381333931",) * 3 + ("5901234123457",):
        scan(page, code)
    expect(page.locator("#lines li")).to_have_count(2)
    page.keyboard.press("F8")
    page.fill("#coupon", "TEN")
    page.click("#coupon-use")
    expect(page.locator("#coupons")).to_contain_text("TEN")
    page.locator("#pay").click()
    page.locator("#quick-cash button").first.click()
    expect(page.locator("#new-sale")).to_be_visible()
    TillPage(page, house.url).expect_all_sent()
