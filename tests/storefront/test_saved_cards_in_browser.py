"""A shopper ticks the box, saves another card on their page, and takes one away: by the network's own form."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, SavedCard
from orders import codes, tasks
from orders.models import Order
from tests.servers import Site
from tests.storefront import test_journeys
from tests.storefront.conftest import Shop
from tests.storefront.test_journeys import fits, pay, thanked, to_cart, to_payment, type_card

pytestmark = test_journeys.pytestmark
audit_is_clean, shop = test_journeys.audit_is_clean, test_journeys.shop


def keep() -> Customer:
    """What the subscriber of `order.placed` does."""
    order = Order.objects.get()

    class Told:
        payload = {"order": str(order.uid)}

    tasks.keep_card(Told())  # type: ignore[arg-type]
    assert order.customer
    return order.customer


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_from_the_box_to_the_page(
    page: Page, site: Site, shop: Shop, axe: Callable[..., list[Any]], width: int, theme: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    to_cart(page, site)
    element = to_payment(page, site)
    page.get_by_label("Save this card for next time").check()
    colors = page.evaluate("import('/static/js/shop/card_form.js').then(({appearance}) => appearance().variables)")
    assert len({colors["colorPrimary"], colors["colorBackground"], colors["colorText"]}) == 3
    type_card(element, "4242424242424242")
    pay(page)
    thanked(page)
    customer = keep()
    page.goto(f"{site.url}/cards/{codes.cards_token(customer.uid)}/")
    expect(page.get_by_text("Visa ending in 4242")).to_be_visible()
    page.get_by_role("button", name="Save a card").click()
    type_card(page.frame_locator("#card-element iframe"), "5555555555554444")
    page.get_by_role("button", name="Save this card").click()
    expect(page.get_by_text("Mastercard ending in 4444")).to_be_visible(timeout=15_000)
    fits(page, axe, "cards")
    page.get_by_role("button", name="Remove Visa ··4242").click()
    expect(page.get_by_text("Visa ··4242 is removed.")).to_be_visible()
    assert [card.last4 for card in SavedCard.objects.filter(removed_at=None)] == ["4444"]


def test_a_refused_card_is_not_saved_and_says_so(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site), "4242424242424242")
    pay(page)
    thanked(page)
    page.goto(f"{site.url}/cards/{codes.cards_token(keep().uid)}/")
    expect(page.get_by_role("heading", name="No card is saved")).to_be_visible()
    page.get_by_role("button", name="Save a card").click()
    element = page.frame_locator("#card-element iframe")
    type_card(element, "4000000000000002")
    page.get_by_role("button", name="Save this card").click()
    expect(page.locator("#card-problem")).to_contain_text("The card was not saved. Nothing was charged; try again.")
    assert not SavedCard.objects.exists()
