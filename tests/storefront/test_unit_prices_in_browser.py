"""The price per liter follows the variant that a shopper chooses, and the cart keeps it."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.servers import Site
from tests.storefront.conftest import Shop

pytestmark = pytest.mark.timeout(240)


def test_it_follows_the_chosen_variant(page: Page, site: Site, transactional_db: None) -> None:
    shop = Shop()
    product = shop.product("Cedar wax", options=["Size"], category=shop.camp)
    for size, price, held in (("Small", (1_200, 1_500), "0.2"), ("Large", 2_500, "0.75")):
        made = VariantFactory(
            product=product,
            sku=f"WAX-{size}",
            option_values=[size],
            price=price,
            content_amount=Decimal(held),
            content_unit="l",
        )
        receive(made, shop.warehouse, 5)
    shop.list(product)
    page.goto(f"{site.url}/products/cedar-wax/?variant=WAX-Small")
    unit_price = page.locator("#product .price__base")
    expect(unit_price).to_have_text("$6.00 / 100 ml")
    expect(page.locator("#product .price__was")).to_contain_text("$15.00")
    page.locator("#product .pick", has_text="Large").click()
    expect(unit_price).to_have_text("$33.33 / L")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog", name="In your cart").get_by_text("Large · $33.33 / L")).to_be_visible()
