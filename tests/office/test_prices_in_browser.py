"""Pages of prices in a real browser: the keyboard in the grid, accessible in both themes, no wider than a phone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Page, expect

from commerce.kernel.clock import now
from commerce.pricing import prices
from commerce.pricing.models import Price
from commerce.pricing.timeline import Days
from tests.office.conftest import Company

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]


def addresses(company: Company) -> list[str]:
    tomorrow = now().date() + timedelta(days=1)
    with transaction.atomic():
        wanted: prices.Wanted = [(Days.through(tomorrow, tomorrow), (1900, 2500))]
        prices.change(company.market.price_list_id, {(company.mug.pk, 1): wanted}, at=now())
    here = company.market.price_list_id
    history = reverse("admin:price-history", args=[company.mug.pk])
    return [
        *(reverse(f"admin:price-list-{name}", args=[here]) for name in ("grid", "schedule", "import")),
        reverse("admin:price-list-grid", args=[here]) + f"?on={tomorrow}",
        f"{history}?place=l-PDX-1&day={tomorrow}&time=14:10",
        reverse("admin:pricing_price_taking_back", args=[Price.objects.get(is_limited=True).pk]),
    ]


def test_pages_of_prices_are_accessible_and_fit_a_phone(
    desk: Callable[..., Page], company: Company, axe_in_both_themes: Callable[..., list[Any]]
) -> None:
    for address in addresses(company):
        page = desk(address)
        assert axe_in_both_themes(page) == [], address
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        page.set_viewport_size({"width": 1440, "height": 900})


def test_many_cells_are_edited_by_keyboard(desk: Callable[..., Page], company: Company) -> None:
    page = desk(reverse("admin:price-list-grid", args=[company.market.price_list_id]))
    mug, tote = page.get_by_label("Price of BLU-01", exact=True), page.get_by_label("Price of TOT-02", exact=True)
    mug.focus()
    page.keyboard.type("27.50")
    page.keyboard.press("Enter")
    expect(tote).to_be_focused()
    page.keyboard.type("9.00")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Compare-at price of TOT-02")).to_be_focused()
    page.keyboard.type("12.00")
    expect(page.get_by_text("3 cells are changed")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2 cells are changed")).to_be_visible()
    page.get_by_role("button", name="Preview changes").click()
    expect(page.get_by_role("heading", name="What will change")).to_be_visible()
    assert list(Price.objects.values_list("amount_minor", flat=True)) == [2500, 2500]
    page.get_by_role("button", name="Save these changes").click()
    expect(page.get_by_text("2 prices are changed.")).to_be_visible()
    assert set(Price.objects.values_list("amount_minor", flat=True)) == {2750, 900}


def test_a_column_from_a_spreadsheet_fills_down(desk: Callable[..., Page], company: Company) -> None:
    page = desk(reverse("admin:price-list-grid", args=[company.market.price_list_id]))
    mug = page.get_by_label("Price of BLU-01", exact=True)
    mug.focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "11.00\\t13.00\\n12.00\\n");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    expect(mug).to_have_value("11.00")
    expect(page.get_by_label("Compare-at price of BLU-01")).to_have_value("13.00")
    expect(page.get_by_label("Price of TOT-02", exact=True)).to_have_value("12.00")
