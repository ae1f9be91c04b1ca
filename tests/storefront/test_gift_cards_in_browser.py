"""A gift card, bought in a real browser for somebody else."""

import pytest
from playwright.sync_api import Page, expect

from commerce.kernel.clock import now
from customers.models import GiftCard
from storefront.actions.send_gift_cards import send_gift_cards
from tests.factories.gift_cards import card_for_sale
from tests.servers import Site
from tests.storefront.conftest import Shop
from tests.storefront.test_journeys import audit_is_clean, pay, shop, thanked, type_card

__all__ = ["audit_is_clean", "shop"]
pytestmark = [pytest.mark.timeout(240), pytest.mark.usefixtures("card_network", "audit_is_clean")]


def test_a_gift_card_is_bought_for_somebody_and_mailed(page: Page, site: Site, shop: Shop) -> None:
    card_for_sale()
    page.goto(f"{site.url}/products/gift-card-by-mail/")
    page.get_by_role("radio", name="Your amount").check()
    page.get_by_role("textbox", name="Your amount").fill("75")
    page.get_by_label("For", exact=True).fill("Grace")
    page.get_by_label("Their e-mail address").fill("grace@example.com")
    page.get_by_label("Your words").fill("Happy birthday")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("#cart")).to_contain_text("For Grace, grace@example.com")
    page.get_by_role("link", name="Check out").click()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Full name").fill("Ada Example")
    expect(page.get_by_label("Street and number")).to_have_count(0)
    page.get_by_role("button", name="Continue to payment").click()
    element = page.frame_locator("#payment-element iframe")
    expect(element.get_by_label("Card number")).to_be_visible(timeout=15_000)
    type_card(element, "4242424242424242")
    pay(page)
    thanked(page)
    assert GiftCard.objects.get().balance_minor == 7_500
    assert send_gift_cards(at=now()) == 1
    page.reload()
    expect(page.locator("#order")).to_contain_text(f"{GiftCard.objects.get()}, $75.00, sent to grace@example.com")
