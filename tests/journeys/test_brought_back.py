"""She brings back what she bought on the web: one order, one stock, one set of books, and the card has its money."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from commerce.kernel.clock import now
from commerce.kernel.db import rows
from inventory.models import StockLevel
from orders import gateway
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Order, Refund, Return
from pos.models import CashMovement
from tests.concurrency.conftest import audit
from tests.factories.catalog import VariantFactory
from tests.factories.company import UserFactory
from tests.factories.stock import receive
from tests.journeys.conftest import House, check_out_for_delivery, fill_in_card, open_till, scan

pytestmark = pytest.mark.timeout(240)
LAMP_CODE = "4006381333931"


def test_she_brings_back_what_she_bought_on_the_web(house: House, page: Page, context: BrowserContext) -> None:
    lamp = VariantFactory(sku="LAMP-1", price=3_200, barcode=LAMP_CODE)
    receive(lamp, house.store, 2)
    shop, till, office = page, context.new_page(), context.new_page()
    product = f"{house.url}/products/{lamp.product.slug}/?variant={lamp.sku}"
    shop.goto(product)
    with shop.expect_response(re.compile("/cart/lines/")):
        shop.get_by_role("button", name="Add to cart").click()
    shop.goto(f"{house.url}/checkout/")
    check_out_for_delivery(shop)
    fill_in_card(shop)
    shop.get_by_role("button", name=re.compile("^Pay")).click()
    expect(shop).to_have_url(re.compile("/orders/"), timeout=20_000)
    order = Order.objects.get()
    ship_fulfillment(order.fulfillments.get().uid, carrier="", tracking="", person=None, at=now())
    shop.goto(product)
    availability = shop.locator("#availability")
    expect(availability).to_contain_text("1 at Portland Alberta")

    open_till(till, house)
    till.keyboard.press("F4")
    till.locator("#return-text").fill(str(order.number))
    till.locator("#return-text").press("Enter")
    expect(till.locator("#return-facts")).to_contain_text("bought on the web")
    scan(till, LAMP_CODE)
    expect(till.locator("#return-parts")).to_contain_text("Visa ending in 4242")
    expect(till.locator("#return-due")).to_have_text("$32.00")
    till.keyboard.press("F9")
    expect(till.locator("#return-done-label")).to_have_text(re.compile("Given back|On its way back"))
    expect(till.locator("#return-outcome")).to_contain_text("The bank shows it within 5 to 10 days")
    expect(till.locator("#return-print")).to_contain_text("Receipt printed", timeout=15_000)

    expect(availability).to_contain_text("2 at Portland Alberta", timeout=4_000)
    refund = Refund.objects.get()
    given_back = gateway.client().v1.refunds.list(params={"payment_intent": refund.payment.provider_id}).data
    assert [(one.id, one.amount) for one in given_back] == [(refund.provider_id, 3_200)]
    assert StockLevel.objects.get(variant=lamp, location=house.store).on_hand == 2
    assert not CashMovement.objects.filter(kind="refund").exists()
    record = Return.objects.get()
    paper = house.printer.receipts[-1]["lines"]
    assert any(record.number in line for line in paper)
    assert any("5 to 10 days" in line for line in paper)

    UserFactory(username="owner", is_staff=True, is_superuser=True, password="a long demo password")
    office.goto(f"{house.url}/admin/orders/order/{order.pk}/change/")
    office.get_by_label("Username").fill("owner")
    office.get_by_label("Password").fill("a long demo password")
    office.get_by_role("button", name=re.compile("Log in", re.I)).click()
    expect(office.locator("body")).to_contain_text(f"Goods came back at Portland Alberta, return {record.number}")
    assert rows("SELECT sum(amount_minor) FROM ledger_posting") == [(0,)]
    assert audit() == ""
