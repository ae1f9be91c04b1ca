"""Serial numbers at the till: asked for, picked, scanned, doubted, offline too; and when a pickup is collected."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.pricing.models import Market
from inventory.models import SerialUnit
from orders import codes
from orders.actions.prepare_pickup import prepare_pickup
from orders.models import Fulfillment, OrderLine
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.factories.trade import order_on_web
from tests.hardware.conftest import RunningBridge, SimulatedPrinter, until
from tests.pos.conftest import Counter
from tests.pos.test_with_no_server import offline, worker_ready
from tests.pos.till_page import TillPage
from tests.servers import Site

STOVE_CODE = "4006381333955"
ASK = "#lines [data-do=numbers]"


@pytest.fixture
def stove(counter: Counter) -> Variant:
    """Three stoves in the store: CS-1001 to CS-1003."""
    made = VariantFactory(
        product=ProductFactory(title="Cinder stove"), sku="STOVE", price=5_000, barcode=STOVE_CODE, tracks_serials=True
    )
    receive(made, counter.store, 3, numbers=["CS-1001", "CS-1002", "CS-1003"])
    return made


@pytest.fixture
def selling(stove: Variant, site: Site, open_till: Callable[..., TillPage]) -> TillPage:
    """A till that knows the stoves, ready to sell."""
    till = open_till(site.url)
    till.ready()
    return till


def test_a_line_is_paid_when_each_of_its_units_has_a_number(selling: TillPage, stove: Variant) -> None:
    till, page = selling, selling.page
    till.scan(STOVE_CODE)
    expect(page.locator("#numbers")).to_be_visible()
    expect(page.locator("#numbers-text")).to_have_text("1 serial number is missing")
    expect(page.locator("#pay")).to_be_disabled()
    till.scan(STOVE_CODE)  # another one: two numbers are needed
    expect(page.locator("#numbers-text")).to_have_text("2 serial numbers are missing")
    page.click("[data-number=CS-1002]")
    expect(page.locator("#number")).to_be_focused()
    page.fill("#number", " cs-1002")
    page.press("#number", "Enter")
    expect(page.locator("#number-error")).to_contain_text("CS-1002 is in this sale already")
    expect(page.locator("#pay")).to_be_disabled()
    page.fill("#number", "1003")
    expect(page.locator("#numbers-here [data-number]")).to_have_text(["CS-1003"])
    page.fill("#number", "cs-1001")
    page.press("#number", "Enter")
    expect(page.locator("#numbers")).to_be_hidden()
    expect(page.locator("#lines [data-part=numbers]")).to_have_text("CS-1002, CS-1001")
    till.pay_exactly()
    line = until(lambda: OrderLine.objects.filter(variant=stove).first())
    assert line.serials == ["CS-1002", "CS-1001"]
    till.expect_all_sent()
    till.new_sale()
    till.scan(STOVE_CODE)
    expect(page.locator("#numbers-here [data-number]")).to_have_text(["CS-1003"])


def test_a_scanned_number_is_the_product_and_its_number(selling: TillPage) -> None:
    till, page = selling, selling.page
    till.scan("CS-1001")
    till.expect_lines(("1", "Cinder stove"))
    expect(page.locator("#lines [data-part=numbers]")).to_have_text("CS-1001")
    expect(page.locator("#pay")).to_be_enabled()
    till.scan("CS-1001")
    assert "is in this sale already" in till.toast()
    till.expect_lines(("1", "Cinder stove"))
    till.scan(STOVE_CODE)
    till.scan("CS-1003")
    expect(page.locator("#numbers")).to_be_hidden()
    till.expect_lines(("2", "Cinder stove"))


def test_fewer_units_than_numbers_asks_which_one_stays(selling: TillPage) -> None:
    till, page = selling, selling.page
    till.scan("CS-1001")
    till.scan("CS-1002")
    till.press("-")
    expect(page.locator(ASK)).to_contain_text("1 serial number too many")
    expect(page.locator("#pay")).to_be_disabled()
    page.click(ASK)
    page.click("#numbers-chosen [data-number=CS-1001]")
    expect(page.locator("#pay")).to_be_enabled()
    expect(page.locator("#lines [data-part=numbers]")).to_have_text("CS-1002")


def test_an_unknown_or_sold_number_warns_and_goes_on(selling: TillPage, stove: Variant) -> None:
    till, page = selling, selling.page
    till.scan("CS-1001")
    till.pay_exactly()
    till.expect_all_sent()
    till.new_sale()
    till.scan(STOVE_CODE)
    till.scan("CS-1001")
    expect(page.locator("#number-warning")).to_contain_text("CS-1001 is sold already: order", timeout=10_000)
    page.fill("#number", "cs-9999")
    expect(page.locator("#number-warning")).to_be_hidden()
    page.press("#number", "Enter")
    expect(page.locator("#number-warning")).to_contain_text("Nobody has received CS-9999", timeout=10_000)
    expect(page.locator("#pay")).to_be_disabled()
    page.click("#number-anyway")
    till.pay_exactly()
    expect(page.locator("#done-warning")).to_contain_text(
        "The books do not have STOVE CS-9999 for sale here", timeout=10_000
    )
    assert SerialUnit.objects.get(serial="CS-9999").state == "sold"


def test_with_no_server_it_asks_and_prints_the_same(
    stove: Variant,
    serve: Callable[..., Site],
    start_bridge: Callable[..., RunningBridge],
    printer: SimulatedPrinter,
    open_till: Callable[..., TillPage],
) -> None:
    site = serve()
    start_bridge(site.url, BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}")
    till = open_till(site.url)
    till.ready()
    worker_ready(till)
    page = till.page
    site.kill()
    offline(till)
    page.reload()  # what it knows of numbers is on its own disk
    till.expect_screen("sell")
    till.scan(STOVE_CODE)
    expect(page.locator("#pay")).to_be_disabled()
    till.scan("CS-7777")
    expect(page.locator("#number-warning")).to_contain_text("CS-7777 is not in stock here")
    page.fill("#number", "CS-1003")
    page.press("#number", "Enter")
    till.pay_exactly()
    expect(page.locator("#print-state")).to_contain_text("Receipt printed", timeout=20_000)
    assert any("No. CS-1003" in row for row in printer.receipts[0]["lines"])
    till.new_sale()
    till.scan(STOVE_CODE)
    expect(page.locator("#numbers-here [data-number]")).to_have_text(["CS-1001", "CS-1002"])
    site.start()
    till.expect_all_sent(seconds=60)
    assert OrderLine.objects.get(variant=stove).serials == ["CS-1003"]


def test_a_pickup_is_handed_over_with_its_number(selling: TillPage, counter: Counter, stove: Variant) -> None:
    till, page = selling, selling.page
    lines = [(stove, 1), (counter.tent, 1)]
    market = Market.objects.get(code="us")
    placed = order_on_web(market, lines, email="ada@example.com", name="Ada Byron", at=now(), pickup_at=counter.store)
    pickup = Fulfillment.objects.get(order=placed)
    prepare_pickup(pickup.uid, person=counter.manager, at=now())
    till.scan(codes.pickup_code(pickup.uid))
    expect(page.locator("#task-title")).to_have_text("Ada Byron")
    page.click("#task-all")
    expect(page.locator("#task-hand-over")).to_be_disabled()
    expect(page.locator("#task-hint")).to_have_text("Scan or type the serial number of each piece.")
    page.fill("[data-unit='0']", "CS-9999")
    page.click("#task-hand-over")
    expect(page.locator("#task-error")).to_contain_text(
        "STOVE with the serial number CS-9999: nobody has received it. Check the label."
    )
    page.fill("[data-unit='0']", "")
    till.scan("CS-1002")
    expect(page.locator("[data-unit='0']")).to_have_value("CS-1002")
    page.click("#task-hand-over")
    expect(page.locator("#tasks-empty")).to_be_visible()
    assert OrderLine.objects.get(order=placed, variant=stove).serials == ["CS-1002"]
    assert SerialUnit.objects.get(serial="CS-1002").state == "sold"


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}, {"width": 390, "height": 844}])
def test_the_panel_is_accessible_and_fits(selling: TillPage, axe_light_and_dark: Callable[..., list[Any]]) -> None:
    till, page = selling, selling.page
    till.scan(STOVE_CODE)
    till.scan("CS-1001")
    till.scan(STOVE_CODE)
    page.fill("#number", "CS-9999")
    page.press("#number", "Enter")
    expect(page.locator("#number-warning")).to_contain_text("Nobody has received", timeout=10_000)
    page.emulate_media(reduced_motion="reduce")
    assert axe_light_and_dark(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for key in page.locator("#numbers button:visible").all():
        box = key.bounding_box()
        assert box
        assert box["height"] >= 44
