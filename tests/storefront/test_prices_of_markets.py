"""What shoppers read of prices: steps of quantities, what a market does not sell, and midnight."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from commerce.catalog.models import Variant
from commerce.pricing import prices
from commerce.pricing.models import Market
from commerce.pricing.timeline import ALWAYS, Days
from tests.storefront.conftest import Shop, words

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)  # of the market, whose time zone is UTC


def change(variant: Variant, amount: int, days: Days = ALWAYS, quantity: int = 1) -> None:
    with transaction.atomic():
        us = Market.objects.get(code="us").price_list_id
        prices.change(us, {(variant.pk, quantity): [(days, (amount, None))]}, at=NOON)


def test_a_page_says_from_how_many_a_piece_costs_less(client: Client, shop: Shop) -> None:
    change(shop.mug, 1_450, quantity=3)
    change(shop.mug, 1_200, quantity=12)
    text = words(client.get("/products/enamel-mug/"))
    assert "from 3: $14.50 each" in text
    assert "from 12: $12.00 each" in text
    client.post("/cart/lines/", {"sku": "MUG", "quantity": "3"})
    assert "$43.50" in words(client.get("/cart/"))


def test_what_a_market_does_not_sell_is_on_no_page_and_in_no_cart(
    client: Client, fill: Callable[..., Client], shop: Shop
) -> None:
    filled = fill("MUG", 1)
    Market.objects.get(code="us").excluded_products.add(shop.mug.product)
    assert "This is not sold here" in words(client.get("/products/enamel-mug/"))
    refused = client.post("/cart/lines/", {"sku": "MUG"})
    assert refused.status_code == 409
    assert "This is not sold any more. Remove it to go on." in words(filled.get("/cart/"))


def test_pages_change_their_prices_at_midnight(client: Client, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    change(shop.mug, 1_100, Days(date(2026, 12, 1), date(2026, 12, 2)))
    pages = ("/categories/camp/", "/search/?q=enamel", "/products/enamel-mug/")

    def at(moment: datetime) -> list[bool]:
        for module in ("browsing", "products", "carts"):
            monkeypatch.setattr(f"storefront.views.{module}.now", lambda: moment)
        return ["$11.00" in words(client.get(page, follow=True)) for page in pages]

    assert at(MIDNIGHT - timedelta(seconds=1)) == [False] * 3
    assert at(MIDNIGHT) == [True] * 3
    assert at(MIDNIGHT + timedelta(days=1)) == [False] * 3


def test_machines_get_the_price_of_the_quantity(shop: Shop, client: Client) -> None:
    change(shop.mug, 1_450, quantity=3)
    client.post("/cart/lines/", {"sku": "MUG", "quantity": "2"})
    assert "$32.00" in words(client.get("/cart/"))
    answer: Any = client.post("/cart/lines/MUG/", {"quantity": "4"})
    assert answer.status_code == 302
    assert "$58.00" in words(client.get("/cart/"))
