"""Goods and money that come back, on pages that everybody can use."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from orders.models import Return
from tests.office.conftest import Company

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
Desk = Callable[..., Page]


def test_goods_and_an_amount_go_back_from_the_page_of_an_order(
    company: Company, desk: Desk, axe_in_both_themes: Callable[..., Any]
) -> None:
    page = desk(reverse("admin:orders_order_change", args=[company.sold.pk]))
    page.get_by_role("link", name="Take back").click()
    page.get_by_label("BLU-01: how many come back").fill("1")
    page.get_by_label("Taken back at").select_option("Portland Pearl (PDX-1)")
    page.get_by_label("Note").fill("The handle is loose")
    assert axe_in_both_themes(page, ".office") == []
    page.get_by_role("button", name="Take back").click()
    record = Return.objects.get()
    expect(page.get_by_text(f"Return {record.number}: ").first).to_be_visible()
    page.get_by_role("link", name="Refund an amount").click()
    page.get_by_label("Amount").fill("1.00")
    page.get_by_label("Reason").fill("Sorry for the wait")
    assert axe_in_both_themes(page, ".office") == []
    page.get_by_role("button", name="Refund").click()
    panel = page.get_by_role("region", name="Returned and refunded")
    expect(panel).to_contain_text("The handle is loose")
    expect(panel).to_contain_text("Allowance: Sorry for the wait")
    expect(panel.get_by_text("Given back", exact=True)).to_have_count(2)
    assert axe_in_both_themes(page, ".office") == []
