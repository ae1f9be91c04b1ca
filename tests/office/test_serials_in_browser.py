"""Serial numbers in the back office with a scanner in hand, on pages that everybody can use."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from commerce.catalog.models import Variant
from inventory.models import SerialUnit, StockLevel
from tests.factories import purchases, transfers
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.journeys.conftest import scan
from tests.office import pages
from tests.office.conftest import Company
from tests.office.test_serial_stock import sheet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
CODE = "4006381333955"
Desk = Callable[..., Page]


@pytest.fixture
def stove(company: Company) -> Variant:
    """Three stoves in Pearl, of which two are known by number: CS-1 and CS-2."""
    made = VariantFactory(product=ProductFactory(title="Cinder Stove"), sku="STOVE", barcode=CODE, tracks_serials=True)
    receive(made, company.pearl, 3, numbers=["CS-1", "CS-2"])
    return made


def test_a_scanned_number_is_the_piece_that_is_packed(company: Company, stove: Variant, desk: Desk) -> None:
    transfer = transfers.approved(company.pearl, company.ballard, {stove: 2, company.mug: 1})
    page = desk(sheet("ship", transfer))
    units, numbers = page.locator(f"[name=units-{stove.pk}]"), page.locator(f"[name=numbers-{stove.pk}]")
    scan(page, CODE)
    expect(units).to_have_value("1")
    scan(page, "CS-2")  # the number of the piece that was scanned before
    expect(numbers).to_have_value("CS-2")
    expect(units).to_have_value("1")
    scan(page, "cs-2")
    expect(page.locator("#goods-said")).to_have_text("CS-2 is on the sheet already")
    scan(page, "CS-1")
    expect(units).to_have_value("2")
    scan(page, "BLU-01")
    page.reload()  # what was scanned is kept
    expect(numbers).to_have_value("CS-2\nCS-1")
    page.get_by_role("button", name="Ship").click()
    expect(page.get_by_text("is on the way.").first).to_be_visible()
    assert set(SerialUnit.objects.values_list("state", flat=True)) == {"in_transit"}


def test_a_delivery_learns_its_numbers_from_the_labels(company: Company, stove: Variant, desk: Desk) -> None:
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, stove, 4_000)
    order = purchases.placed(supplier, company.pearl, {stove: 4})
    page = desk(sheet("receive", order))
    units, numbers = page.locator(f"[name=units-{stove.pk}]"), page.locator(f"[name=numbers-{stove.pk}]")
    scan(page, "NEW-77")
    expect(page.locator("#goods-said")).to_contain_text("Nothing has the code “NEW-77”.")
    scan(page, CODE)
    expect(units).to_have_value("1")
    scan(page, "NEW-77")
    expect(numbers).to_have_value("NEW-77")
    numbers.fill("NEW-77\nNEW-78\nNEW-79")
    expect(units).to_have_value("3")
    page.get_by_role("button", name="Receive").click()
    expect(page.get_by_text("Received. The rest stays due.").first).to_be_visible()
    assert SerialUnit.objects.filter(serial__startswith="NEW", location=company.pearl).count() == 3


def test_the_pages_are_accessible_and_fit_a_phone(
    company: Company,
    stove: Variant,
    desk: Desk,
    axe_in_both_themes: Callable[..., list[Any]],
    axe_light_and_dark: Callable[..., list[Any]],
) -> None:
    transfer = transfers.approved(company.pearl, company.ballard, {stove: 2})
    level = StockLevel.objects.get(variant=stove)
    for address in (
        pages.lists()["inventory.serialunit"],
        pages.row_of(SerialUnit.objects.first()),
        pages.row_of(level),
        reverse("admin:serial-naming", args=[level.pk]),
        reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk]),
        sheet("ship", transfer),
    ):
        page = desk(address)
        axe = axe_light_and_dark if address == sheet("ship", transfer) else axe_in_both_themes
        assert axe(page) == [], address  # sheets have the system's theme
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        page.set_viewport_size({"width": 1440, "height": 900})
