"""A repair and a bottle of wax at the till: the price that is asked for, and what a liter costs."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from commerce.pricing.models import OpenPriceLimit
from pos.models import OpenPriceSale
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.hardware.conftest import until
from tests.pos.conftest import Counter
from tests.pos.till_page import TillPage
from tests.pricing.test_unit_prices import TABLE
from tests.servers import Site

WAX_CODE = "5901234123457"


@pytest.fixture
def counter(counter: Counter) -> Counter:
    repair = VariantFactory(
        product=ProductFactory(title="Repair"),
        sku="REPAIR",
        price=False,
        is_open_price=True,
        is_open_to_all=True,
        needs_note=True,
    )
    OpenPriceLimit.objects.create(variant=repair, currency="USD", least_minor=1_000, most_minor=9_000)
    wax = VariantFactory(
        product=ProductFactory(title="Cedar wax"),
        sku="WAX",
        price=1_200,
        barcode=WAX_CODE,
        content_amount=Decimal("0.75"),
        content_unit="l",
    )
    receive(wax, counter.store, 5)
    return counter


def test_a_price_is_asked_for_within_its_limits(till: TillPage, site: Site, counter: Counter) -> None:
    page = till.page
    page.fill("#search", "REPAIR")
    page.locator(".tile", has_text="Repair").click()
    pad = page.locator("#open-price")
    expect(pad).to_contain_text("Between $10.00 and $90.00")
    page.fill("#open-price-field", "9.99")
    expect(page.locator("#open-price-add")).to_be_disabled()
    page.fill("#open-price-note", "New zipper")
    page.locator("#open-price-add").click()
    expect(page.locator("#open-price-error")).to_contain_text("Between $10.00 and $90.00")
    page.fill("#open-price-field", "42.50")
    page.locator("#open-price-add").click()
    expect(pad).to_be_hidden()
    expect(page.locator("#lines .line__options")).to_have_text("New zipper")
    till.expect_total("$45.90")  # and 8 % of tax
    till.pay_exactly()
    until(lambda: OpenPriceSale.objects.first())
    kept = OpenPriceSale.objects.select_related("order_line").get()
    assert (kept.order_line.unit_minor, kept.note) == (4_250, "New zipper")


def test_what_a_liter_costs_stands_on_tile_and_line(till: TillPage, site: Site, counter: Counter) -> None:
    expect(till.page.locator(".tile", has_text="Cedar wax").locator(".tile__base")).to_have_text("$16.00 / L")
    till.scan(WAX_CODE)
    expect(till.page.locator("#lines .line__options")).to_have_text("$16.00 / L")


def test_the_till_reckons_like_the_server(till: TillPage, site: Site) -> None:
    asked = [[minor, [int(Decimal(amount) * 1000), unit]] for minor, amount, unit, _expected in TABLE]
    script = "async (rows) => { const {unitPrice} = await import('/static/js/till/unit_price.js');"
    script += " return rows.map(([minor, held]) => unitPrice(minor, held)); }"
    assert [tuple(row) for row in till.page.evaluate(script, asked)] == [expected for *_asked, expected in TABLE]
