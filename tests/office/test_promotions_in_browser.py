"""An offer made, tried and let run with the keyboard alone, in a real browser under its real policy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from commerce.catalog.models import Collection
from commerce.pricing.models import CustomerGroup, Promotion
from customers.models import Customer
from tests.factories.offers import promotion
from tests.office.conftest import Company

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is on something."""
    for _press in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by the keyboard")


def test_an_offer_is_made_and_tried_by_keyboard(
    desk: Callable[..., Page], company: Company, axe: Callable[..., list[Any]]
) -> None:
    page = desk(reverse("admin:pricing_promotion_add"))
    assert axe(page) == []
    reach(page, 'a[href="?offer=buy_get"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("offer=buy_get"))
    for field, text in (("name", "Three mugs"), ("label", "3 for 2"), ("buy_quantity", "2"), ("get_quantity", "1")):
        reach(page, f"#id_{field}")
        page.keyboard.type(text)
    reach(page, "#find-select")
    page.keyboard.type("mug")
    found = page.locator("#promotion-picker-select .picker__found")
    expect(found).to_contain_text("Enamel Mug")
    reach(page, "#promotion-picker-select input[type=checkbox]")
    page.keyboard.press("Space")
    expect(page.locator("#promotion-summary")).to_contain_text("Buy 2, get 1 free in Enamel Mug")
    assert axe(page) == []
    reach(page, 'button[value="try"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("simulator"))
    row = Promotion.objects.get()
    assert not row.is_active
    reach(page, "#id_cart")
    page.keyboard.type("BLU-01 3")
    reach(page, "#content-main button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".simulator__sums")).to_contain_text("Three mugs")
    expect(page.locator(".simulator__offer.is-fired")).to_contain_text("$25.00")
    assert axe(page) == []


def test_every_page_of_offers_is_accessible(
    desk: Callable[..., Page], company: Company, axe_in_both_themes: Callable[..., list[Any]]
) -> None:
    row = promotion(items=[company.mug], is_exclusive=True)
    promotion(items=[company.mug], is_exclusive=True, needs_coupon=True, name="Another")
    fall = Collection.objects.create(name="Fall", slug="fall")
    fall.products.add(company.mug.product)
    members = CustomerGroup.objects.create(name="Members", code="members")
    members.customers.add(*Customer.objects.all())
    addresses = [
        *(reverse("admin:pricing_promotion_add") + f"?offer={offer}" for offer in ("tiers", "bundle", "gift")),
        reverse("admin:pricing_promotion_changelist"),
        reverse("admin:pricing_promotion_change", args=[row.pk]),
        reverse("admin:coupons", args=[row.pk]),
        reverse("admin:catalog_collection_change", args=[fall.pk]),
        reverse("admin:pricing_customergroup_change", args=[members.pk]),
        reverse("admin:promotion-simulator") + f"?cart=BLU-01+2&beside={row.pk}&market=us&channel=web",
    ]
    broken = {address: found for address in addresses if (found := axe_in_both_themes(desk(address)))}
    assert broken == {}, "\n".join(f"{address} {found}" for address, found in broken.items())
