"""A box from another store: unpacked by scan with a phone, one mug short; the manager finds out what became of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from commerce.cases.models import Case
from commerce.catalog.barcodes import normalize_barcode
from commerce.catalog.models import Barcode, Variant
from commerce.company.models import Location
from inventory.models import StockLevel, Transfer
from tests.concurrency.conftest import audit
from tests.factories import transfers
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.stock import receive
from tests.journeys.conftest import House, scan

pytestmark = pytest.mark.timeout(240)
PHONE = {"width": 390, "height": 844}
SIXPACK = "SIX-MUGS"


@pytest.fixture
def sender(house: House) -> Location:
    return LocationFactory(code="SEA-1", name="Seattle Ballard", position=2)


@pytest.fixture
def mug(sender: Location) -> Variant:
    made = VariantFactory(sku="MUG", product=ProductFactory(title="Enamel mug"))
    Barcode.objects.create(variant=made, code=SIXPACK, key=normalize_barcode(SIXPACK).value, units=6)
    receive(made, sender, 20)
    return made


@pytest.fixture
def tote(sender: Location) -> Variant:
    made = VariantFactory(sku="TOTE", product=ProductFactory(title="Canvas tote"))
    receive(made, sender, 5)
    return made


def desk_of(browser: Browser, house: House, role: str, page: str, size: dict[str, int]) -> Page:
    """A person's own browser, logged in, at a page of the back office."""
    person = UserFactory(username=role, role=role, password="a long demo password", locations=[house.store])
    desk = browser.new_context(viewport=size).new_page()
    desk.goto(f"{house.url}{page}")
    desk.get_by_label("Username").fill(person.username)
    desk.get_by_label("Password").fill("a long demo password")
    desk.get_by_role("button", name=re.compile("Log in", re.I)).click()
    expect(desk).to_have_url(re.compile(re.escape(page) + "$"))
    return desk


def said(phone: Page, text: str) -> None:
    expect(phone.locator("#goods-said")).to_have_text(text)


def unpack(phone: Page, mug: Variant, tote: Variant) -> None:
    """Eight mugs were sent, as a box of six and two loose ones, of which there is one; and both totes."""
    codes = {each.sku: each.barcodes.exclude(code=SIXPACK).get().code for each in (mug, tote)}
    scan(phone, SIXPACK)
    said(phone, "MUG: 6")
    scan(phone, codes["MUG"])
    said(phone, "MUG: 7")
    scan(phone, codes["TOTE"])
    said(phone, "TOTE: 1")
    phone.reload()  # the battery died
    said(phone, "What you had entered here before is back.")
    scan(phone, codes["TOTE"])
    said(phone, "TOTE: 2")
    scan(phone, codes["TOTE"])
    said(phone, "TOTE: 2, no more are expected; put the others aside")
    scan(phone, "2000000009999")
    said(phone, "Nothing has the code “2000000009999”. Check the label, or type the SKU.")
    expect(phone.locator("[data-sum]")).to_have_text("9")


def test_a_box_comes_one_short_and_its_case_is_settled(
    house: House, sender: Location, mug: Variant, tote: Variant, browser: Browser, axe: Callable[..., list[Any]]
) -> None:
    sent = transfers.shipped(sender, house.store, {mug: 8, tote: 2})
    phone = desk_of(browser, house, "lead", "/admin/inventory/transfer/", PHONE)
    phone.get_by_role("link", name=sent.number).first.click()
    phone.get_by_role("link", name="Receive", exact=True).click()
    expect(phone.get_by_label("Scan or type a code")).to_be_focused()
    unpack(phone, mug, tote)
    assert axe(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.get_by_role("button", name="Receive", exact=True).click()
    expect(phone.get_by_text("Received. 1 more are on the way.")).to_be_visible()
    expect(phone.get_by_text("9 of 10").first).to_be_visible()
    phone.get_by_role("link", name="Units are missing").click()
    phone.get_by_role("button", name="Open a case").click()
    expect(phone.get_by_role("heading", name="1 unit did not arrive")).to_be_visible()
    expect(phone.get_by_role("link", name="They are lost")).to_have_count(0)  # not a lead's to say
    case = Case.objects.get(kind="transfer_short")
    assert (case.subject, case.status, case.context["missing"]) == (sent.number, "open", ["1 × MUG"])

    office = desk_of(browser, house, "manager", "/admin/cases/case/", {"width": 1366, "height": 900})
    office.get_by_role("link", name="Less arrived than was sent").click()
    expect(office.get_by_text("1 × MUG").first).to_be_visible()
    assert axe(office) == []
    settle(office)

    sent.refresh_from_db()
    case.refresh_from_db()
    assert (sent.state, case.status) == (Transfer.State.RECEIVED, "resolved")
    on_hand = StockLevel.objects.filter(on_hand__gt=0).values_list("location__code", "variant__sku", "on_hand")
    assert set(on_hand) == {("SEA-1", "MUG", 12), ("SEA-1", "TOTE", 3), ("PDX-1", "MUG", 7), ("PDX-1", "TOTE", 2)}
    assert audit() == ""


def settle(office: Page) -> None:
    """The mug was broken on the way."""
    office.get_by_role("link", name="They are lost").click()
    office.get_by_label("How it is known").fill("The driver found the shards.")
    office.get_by_role("button", name=re.compile("They are lost|Book it")).click()
    expect(office.get_by_text("is on the way any more").first).to_be_visible()
