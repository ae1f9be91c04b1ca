"""A store counts a shelf while it sells from it: two people with their phones, a till, and the manager at her desk."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from commerce.catalog.models import Variant
from commerce.company.models import User
from inventory.models import CountScan, StockCount, StockLevel
from tests.concurrency.conftest import audit
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import UserFactory
from tests.factories.stock import receive
from tests.journeys.conftest import House, open_till, scan

pytestmark = pytest.mark.timeout(240)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def shelf(house: House) -> dict[str, Variant]:
    """Ten mugs, five totes and four bowls, say the books. There are nine mugs; a bowl nobody will find."""
    names = {"MUG": "Enamel mug", "TOTE": "Canvas tote", "BOWL": "Stoneware bowl"}
    found = {sku: VariantFactory(sku=sku, product=ProductFactory(title=title)) for sku, title in names.items()}
    for sku, units in (("MUG", 10), ("TOTE", 5), ("BOWL", 4)):
        receive(found[sku], house.store, units)
    return found


def desk_of(browser: Browser, house: House, person: User, size: dict[str, int]) -> Page:
    """A person's own browser, logged in."""
    page = browser.new_context(viewport=size).new_page()
    page.goto(f"{house.url}/admin/inventory/stockcount/")
    page.get_by_label("Username").fill(person.username)
    page.get_by_label("Password").fill("a long demo password")
    page.get_by_role("button", name=re.compile("Log in", re.I)).click()
    expect(page).to_have_url(re.compile("/stockcount/$"))
    return page


def at_the_shelf(page: Page) -> None:
    """The screen has its script and waits for a scan."""
    expect(page.locator("[data-count-main][data-ready]")).to_be_visible()
    expect(page.get_by_label("Scan or type a code")).to_be_focused()


def wedge(page: Page, code: str, seen: str) -> None:
    """A scanner that types, wherever the focus is; then what the screen says."""
    scan(page, code)
    expect(page.locator(".count-told")).to_contain_text(seen)


def start_and_count_five(phone: Page, house: House, code: str) -> StockCount:
    """The first half of the shelf, mug by mug; and something that nobody knows."""
    phone.goto(f"{house.url}/admin/inventory/stockcount/start/")
    phone.get_by_label("What to count").select_option("full")
    phone.get_by_role("button", name="Start").click()
    phone.get_by_role("link", name="Scan", exact=True).click()
    at_the_shelf(phone)
    for n in range(1, 6):
        wedge(phone, code, "Enamel mug")
        expect(phone.locator(".count-card__total strong")).to_have_text(str(n))
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    wedge(phone, "2000000009999", "No item has the code “2000000009999”")
    expect(phone.get_by_label("Scan or type a code")).to_be_focused()
    expect(phone.get_by_label("Scan or type a code")).to_have_value("")
    return StockCount.objects.get()


def sell_one(till: Page, code: str) -> None:
    scan(till, code)
    till.locator("#pay").click()
    till.locator("#quick-cash button").first.click()
    expect(till.locator("#new-sale")).to_be_visible()
    till.locator("#new-sale").click()


def count_totes_and_the_cellar(phone: Page, code: str) -> None:
    """Typed numbers, one taken back, and the other half of the mugs, with no network for two of them."""
    at_the_shelf(phone)
    expect(phone.locator("#count-progress")).to_contain_text("1 of 3 items counted")
    total = phone.locator(".count-card__total strong")
    phone.get_by_role("button", name="There is none of BOWL").click()  # a thumb slipped: it asks first
    expect(phone.get_by_role("button", name="Really none? There is none of BOWL")).to_be_visible()
    phone.get_by_label("Units").fill("4")
    phone.get_by_label("Scan or type a code").press_sequentially("TOTE", delay=120)
    phone.keyboard.press("Enter")
    expect(total).to_have_text("4")
    phone.get_by_label("More of it").fill("2")
    phone.get_by_role("button", name="Add").click()
    expect(total).to_have_text("6")
    phone.get_by_role("button", name="Take back 2 of TOTE").click()
    expect(phone.locator(".scan-list").first).to_contain_text("taken back")
    wedge(phone, code, "Enamel mug")
    phone.context.set_offline(True)
    scan(phone, code)
    scan(phone, code)
    expect(phone.locator("#count-waiting")).to_contain_text("Scans kept on this device until the network is back: 2")
    phone.context.set_offline(False)
    expect(phone.locator("#count-waiting")).to_be_hidden(timeout=15_000)
    expect(total).to_have_text("8")


def doubt(office: Page, house: House, count: StockCount) -> None:
    """The manager ends the count, sees what nobody can judge, and has it counted again."""
    office.goto(f"{house.url}/admin/inventory/stockcount/{count.pk}/change/")
    office.get_by_role("link", name="Finish counting").click()
    expect(office.get_by_text("1 item has not been scanned.")).to_be_visible()
    office.get_by_role("button", name="Finish counting").click()
    expect(office.get_by_role("row", name=re.compile("Enamel mug"))).to_contain_text("it moved between two scans")
    office.get_by_role("checkbox", name="MUG").check()
    office.get_by_role("button", name="Count the ticked ones again").click()
    expect(office.get_by_text("1 line is counted again.").first).to_be_visible()


def recount(phone: Page, house: House, count: StockCount, codes: dict[str, str]) -> None:
    phone.goto(f"{house.url}/admin/inventory/stockcount/{count.pk}/scan/")
    at_the_shelf(phone)
    expect(phone.locator("#main")).to_contain_text("count again from the beginning")
    wedge(phone, codes["TOTE"], "TOTE was counted before and is not to be counted again now.")
    phone.get_by_label("Units").fill("8")
    wedge(phone, codes["MUG"], "+8")
    phone.get_by_role("link", name="Finish").click()
    phone.get_by_role("button", name="Finish counting").click()


def decide(office: Page) -> None:
    """There is no bowl, and the rest is believed."""
    office.reload()
    office.get_by_role("link", name=re.compile("Not scanned")).click()
    office.get_by_role("checkbox", name="BOWL").check()
    office.get_by_role("button", name="There is none of them").click()
    expect(office.get_by_text("1 line is counted as none.").first).to_be_visible()
    office.get_by_role("link", name="Approve", exact=True).click()
    office.get_by_role("button", name="Approve").click()
    expect(office.get_by_text("3 lines are counted, 3 of them corrected").first).to_be_visible()


def test_a_store_counts_a_shelf_while_it_sells_from_it(
    house: House, shelf: dict[str, Variant], page: Page, browser: Browser, axe: Callable[..., list[Any]]
) -> None:
    ida, ben, manager = (
        UserFactory(username=name, first_name=name.capitalize(), role=role, password="a long demo password")
        for name, role in (("ida", "lead"), ("ben", "lead"), ("rosa", "manager"))
    )
    codes = {sku: variant.barcodes.get().code for sku, variant in shelf.items()}
    open_till(page, house)
    first = desk_of(browser, house, ida, PHONE)
    count = start_and_count_five(first, house, codes["MUG"])
    assert axe(first) == []
    sell_one(page, codes["MUG"])
    second = desk_of(browser, house, ben, PHONE)
    second.goto(f"{house.url}/admin/inventory/stockcount/{count.pk}/scan/")
    count_totes_and_the_cellar(second, codes["MUG"])
    office = desk_of(browser, house, manager, {"width": 1440, "height": 900})
    doubt(office, house, count)
    recount(first, house, count, codes)
    decide(office)
    assert axe(office) == []

    on_hand = dict(StockLevel.objects.values_list("variant__sku", "on_hand"))
    assert on_hand == {"MUG": 8, "TOTE": 4, "BOWL": 0}  # nine mugs were there, and one was sold
    assert CountScan.objects.filter(counted_by=ben).count() == 6
    assert audit() == ""
