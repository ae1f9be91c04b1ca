"""Pages of the shop that follow what happens elsewhere, in a real browser: nothing is missed, whatever the moment."""

import re
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.db import transaction
from playwright.sync_api import Page, Route, expect

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.levels import Demand, Source
from tests.concurrency.conftest import audit
from tests.factories.stock import receive
from tests.servers import Site
from tests.storefront.conftest import Shop

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("audit_is_clean")]
STOCK = re.compile("/stock/")


@pytest.fixture
def audit_is_clean(transactional_db: None) -> Iterator[None]:
    yield
    assert audit() == ""


@pytest.fixture
def shop(transactional_db: None, site: Site) -> Shop:
    made = Shop()
    receive(made.moss, made.alberta, 3)
    receive(made.ochre, made.alberta, 9)
    return made


def sell(shop: Shop, quantity: int = 1) -> None:
    """Units leave the shelf over the counter."""
    with transaction.atomic():
        stock.sell([Demand(shop.moss.pk, shop.alberta.pk, quantity)], source=Source("sale", new_uid()), at=now())


def test_numbers_change_by_themselves_also_after_the_line_was_cut(page: Page, site: Site, shop: Shop) -> None:
    page.goto(f"{site.url}/products/alder-tent/?variant=TENT-MOSS")
    here = page.locator("#availability")
    expect(here).to_contain_text("3 at Alberta Street")
    with page.expect_response(re.compile("/stock/")):
        sell(shop)
    number = page.locator("[data-live=PDX-1]")
    expect(number).to_have_text("2", timeout=2_000)
    expect(number).to_have_class(re.compile("changed"))
    page.context.set_offline(True)
    site.kill()
    sell(shop)
    site.start()
    page.context.set_offline(False)
    expect(number).to_have_text("1", timeout=20_000)
    sell(shop)
    expect(here).to_contain_text("None at Alberta Street", timeout=3_000)


def test_the_last_unit_disables_the_key(page: Page, site: Site, shop: Shop) -> None:
    lamp = shop.variant(shop.product("Old lamp", category=shop.camp), "LAMP", 4_000, [])
    receive(lamp, shop.alberta, 1)
    page.goto(f"{site.url}/products/old-lamp/")
    expect(page.get_by_role("button", name="Add to cart")).to_be_enabled()
    page.wait_for_timeout(500)
    with transaction.atomic():
        stock.sell([Demand(lamp.pk, shop.alberta.pk, 1)], source=Source("sale", new_uid()), at=now())
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled(timeout=3_000)


def open_tent(page: Page, site: Site, variant: str = "TENT-MOSS") -> None:
    """The page of the tent, its stream open."""
    with page.expect_response(re.compile("/events")):
        page.goto(f"{site.url}/products/alder-tent/?variant={variant}")


def test_what_happens_while_the_answer_is_on_its_way(page: Page, site: Site, shop: Shop) -> None:
    open_tent(page, site)
    looks: list[str] = []

    def slow(route: Route) -> None:
        answer = route.fetch()  # what stood there before the second sale
        if not looks:
            sell(shop)
        looks.append(answer.text())
        route.fulfill(response=answer)

    page.route(STOCK, slow)
    sell(shop)
    expect(page.locator("[data-live=PDX-1]")).to_have_text("1")
    assert len(looks) == 2


def test_a_look_that_fails_is_repeated(page: Page, site: Site, shop: Shop) -> None:
    open_tent(page, site)
    page.route(STOCK, lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed"):
        sell(shop)
    expect(page.locator("[data-live=PDX-1]")).to_have_text("2", timeout=10_000)


def test_a_storm_of_sales_is_a_few_looks(page: Page, site: Site, shop: Shop) -> None:
    receive(shop.moss, shop.alberta, 97)
    open_tent(page, site)
    looks: list[float] = []
    page.on("request", lambda request: looks.append(time.monotonic()) if STOCK.search(request.url) else None)
    for left in range(99, 59, -1):
        sell(shop)
        page.wait_for_timeout(25)
        if left == 75:
            assert looks, "a page that waits for a pause tells nothing while an item is hot"
    expect(page.locator("[data-live=PDX-1]")).to_have_text("60")
    assert all(later - sooner > 0.2 for sooner, later in pairwise(looks))


def test_another_variant_chosen_as_its_stock_changes(page: Page, site: Site, shop: Shop) -> None:
    """The answer for the other variant is older than the sale, and comes after the look that the sale gave rise to."""
    open_tent(page, site, "TENT-OCHRE")

    def late(route: Route) -> None:
        answer = route.fetch()
        with page.expect_response(STOCK):
            sell(shop)
        route.fulfill(response=answer)

    page.route(re.compile("variant=TENT-MOSS"), late, times=1)
    page.get_by_role("link", name="Moss").click()
    expect(page.get_by_text("SKU TENT-MOSS")).to_be_visible()
    expect(page.locator("[data-live=PDX-1]")).to_have_text("2")


HIDE = """is_hidden => {
    Object.defineProperty(document, "hidden", {configurable: true, get: () => is_hidden});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_more_tabs_than_a_browser_has_connections(page: Page, site: Site, shop: Shop) -> None:
    """Tabs in the background let go of their streams, and are up to date when they are looked at again."""
    tabs = [page, *(page.context.new_page() for _more in range(7))]
    for tab in tabs:
        tab.goto(f"{site.url}/products/alder-tent/?variant=TENT-MOSS", timeout=10_000)
        expect(tab.locator("[data-live=PDX-1]")).to_have_text("3")
        tab.evaluate(HIDE, True)
    sell(shop)
    tabs[2].evaluate(HIDE, False)
    expect(tabs[2].locator("[data-live=PDX-1]")).to_have_text("2")
    sell(shop)
    expect(tabs[2].locator("[data-live=PDX-1]")).to_have_text("1")
    expect(tabs[3].locator("[data-live=PDX-1]")).to_have_text("3")
