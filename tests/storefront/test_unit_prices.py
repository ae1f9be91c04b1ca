"""Where shoppers read what a kilogram costs: on pages, in lists, in the cart and in what search engines read."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from commerce.catalog.models import Variant
from tests.factories.stock import receive
from tests.storefront.conftest import Shop, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def wax(shop: Shop) -> list[Variant]:
    product = shop.product("Cedar wax", options=["Size"], category=shop.camp)
    made = []
    for sku, price, held in (("WAX-S", 1_200, "0.2"), ("WAX-L", 2_500, "0.75")):
        variant = shop.variant(product, sku, price, [sku[-1]], content_amount=Decimal(held), content_unit="l")
        receive(variant, shop.warehouse, 5)
        made.append(variant)
    return made


def test_page_list_and_suggestions_say_it(client: Client, wax: list[Variant], shop: Shop) -> None:
    assert "$12.00 $6.00 / 100 ml" in words(client.get("/products/cedar-wax/?variant=WAX-S"))
    assert "$25.00 $33.33 / L" in words(client.get("/products/cedar-wax/?variant=WAX-L"))
    listed = words(client.get(f"/categories/{shop.camp.slug}/"))
    assert "from $12.00 $6.00 / 100 ml" in listed
    assert "$12.00 $6.00 / 100 ml" in words(client.get("/search/suggest/", {"q": "cedar"}))


def test_the_cart_says_it_under_the_name(client: Client, wax: list[Variant], fill: Callable[..., Client]) -> None:
    fill("WAX-L", 2)
    assert "L · $33.33 / L" in words(client.get("/cart/"))


def test_search_engines_read_it(client: Client, wax: list[Variant]) -> None:
    page = client.get("/products/cedar-wax/").content.decode()
    found: list[Any] = [json.loads(text) for text in re.findall(r'ld\+json">(.*?)</script>', page)]
    offers = {offer["sku"]: offer for data in found if data["@type"] == "Product" for offer in data["offers"]}
    assert offers["WAX-L"]["priceSpecification"] == {
        "@type": "UnitPriceSpecification",
        "price": "33.33",
        "priceCurrency": "USD",
        "referenceQuantity": {"@type": "QuantitativeValue", "value": 1, "unitCode": "LTR"},
    }
    assert offers["WAX-S"]["price"] == "12.00"


def test_what_is_sold_by_the_meter_or_holds_nothing_says_nothing(client: Client, shop: Shop) -> None:
    ribbon = shop.variant(shop.product("Ribbon", category=shop.camp), "RIBBON", 1_200, [], unit="m", unit_scale=100)
    page = client.get(f"/products/{ribbon.product.slug}/").content.decode()
    assert "price__base" not in page
    assert "priceSpecification" not in page
