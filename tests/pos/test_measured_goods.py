"""Ribbon by the meter and nails by the case at the till: in the browser, on paper, and in the books."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from commerce.catalog.models import Barcode
from inventory.models import StockLevel
from orders.models import OrderLine
from pos import receipts
from pos.models import Sale
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.hardware.conftest import until
from tests.pos.conftest import MUG_CODE, Counter
from tests.pos.test_with_no_server import offline
from tests.pos.till_page import TillPage
from tests.servers import Site

RIBBON_CODE, CASE_CODE, ROLL_CODE = "5901234123457", "9501101530003", "7351353000005"


@pytest.fixture
def counter(counter: Counter) -> Counter:
    """The store has 10 m of ribbon at 12.00 too, and its mugs come in cases of twelve."""
    ribbon = VariantFactory(
        product=ProductFactory(title="Cotton ribbon"),
        sku="RIBBON", price=1_200, unit="m", unit_scale=100, barcode=RIBBON_CODE,
    )  # fmt: skip
    receive(ribbon, counter.store, 1_000)
    receive(counter.mug, counter.store, 30)
    Barcode.objects.create(variant=counter.mug, code=CASE_CODE, key=f"0{CASE_CODE}", units=12)
    Barcode.objects.create(variant=ribbon, code=ROLL_CODE, key=f"0{ROLL_CODE}", units=250)
    return counter


def amounts_of(till: TillPage) -> list[str]:
    return till.page.locator("#lines [data-part=unit]").all_inner_texts()


def test_a_length_is_asked_for_priced_printed_and_booked(till: TillPage, site: Site, counter: Counter) -> None:
    till.scan(RIBBON_CODE)
    pad = till.page.locator("#amount")
    expect(pad).to_be_visible()
    expect(pad).to_contain_text("$12.00 / m")
    till.page.locator("#amount-field").press_sequentially("0.355", delay=150)
    till.press("Enter")
    expect(till.page.locator("#amount-error")).to_contain_text("Cotton ribbon is sold in steps of 0.01 m.")
    till.page.fill("#amount-field", "0.35")
    expect(till.page.locator("#amount-sum")).to_have_text("$4.20")
    till.page.locator("#amount-add").click()
    expect(pad).to_be_hidden()
    till.expect_lines(("0.35", "Cotton ribbon"))
    assert amounts_of(till) == ["0.35 m × $12.00/m"]
    till.expect_total("$4.54")  # and 8 % of tax
    till.scan(MUG_CODE)
    till.expect_lines(("1", "Trail mug"), ("0.35", "Cotton ribbon"))
    till.pay_exactly()
    until(lambda: Sale.objects.first())
    line = OrderLine.objects.get(sku="RIBBON")
    assert (line.quantity, line.unit, line.unit_scale, line.gross_minor) == (35, "m", 100, 420)
    assert StockLevel.objects.get(variant__sku="RIBBON").on_hand == 965
    blocks = receipts.document_of(Sale.objects.select_related("order").get())["blocks"]
    items = [block for block in blocks if block["type"] == "line_item"]
    assert [(item["name"], item.get("detail"), item["amount"]) for item in items if "ribbon" in item["name"]] == [
        ("Cotton ribbon", "0.35 m × $12.00/m", "$4.20")
    ]
    assert any(block.get("text") == "2 items" for block in blocks)


def test_what_was_typed_before_the_scan_is_the_length(till: TillPage, site: Site) -> None:
    till.page.fill("#search", "1,5")
    till.scan(RIBBON_CODE)
    till.expect_lines(("1.5", "Cotton ribbon"))
    till.page.fill("#search", "0.35")
    till.scan(RIBBON_CODE)
    till.expect_lines(("0.35", "Cotton ribbon"), ("1.5", "Cotton ribbon"))
    till.expect_total("$23.98")
    expect(till.page.locator("#sale-count")).to_have_text("2 items")


def test_a_length_is_changed_on_its_line(till: TillPage, site: Site) -> None:
    till.page.fill("#search", "1.5")
    till.scan(RIBBON_CODE)
    till.page.locator("#lines [data-part=input]").click()
    expect(till.page.locator("#amount-field")).to_have_value("1.5")
    till.page.fill("#amount-field", "2")
    till.page.locator("#amount-add").click()
    till.expect_lines(("2", "Cotton ribbon"))
    assert amounts_of(till) == ["2 m × $12.00/m"]


def test_a_case_adds_what_is_in_it(till: TillPage, site: Site) -> None:
    till.scan(MUG_CODE)
    till.scan(CASE_CODE)
    till.expect_lines(("13", "Trail mug"))
    expect(till.page.locator(".toast")).to_contain_text("12 × Trail mug – Rust")


def test_a_roll_adds_its_length(till: TillPage, site: Site) -> None:
    till.scan(ROLL_CODE)
    till.expect_lines(("2.5", "Cotton ribbon"))
    expect(till.page.locator(".toast")).to_contain_text("2.5 m × Cotton ribbon")
    assert amounts_of(till) == ["2.5 m × $12.00/m"]


def test_lengths_are_sold_and_printed_with_no_server(
    counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage]
) -> None:
    site = serve()
    till = open_till(site.url)
    till.ready()
    site.kill()
    offline(till)
    till.page.fill("#search", "0.35")
    till.scan(RIBBON_CODE)
    till.expect_total("$4.54")
    till.pay_exactly()
    expect(till.page.locator("#receipt-lines")).to_contain_text("0.35 m × $12.00/m")
    site.start()
    till.expect_all_sent(seconds=60)
    assert StockLevel.objects.get(variant__sku="RIBBON").on_hand == 965
