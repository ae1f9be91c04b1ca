import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commerce.catalog.models import Product, Variant
from storefront import frame
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory, PriceFactory, PriceListFactory, TaxRateFactory
from tests.factories.stock import receive


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Pages keep the shop's frame for a while; a test starts with none."""
    cache.clear()
    frame.forget()


class Shop:
    """A small shop: two stores and a warehouse in Oregon, one store in Amsterdam, a few products on two shelves."""

    def __init__(self) -> None:
        self.us = MarketFactory(name="United States", shipping_minor=700, free_shipping_from_minor=9900)
        self.eu = MarketFactory(eu=True, name="Europe", shipping_minor=500, free_shipping_from_minor=None)
        TaxRateFactory(country="US", region="", rate_ppm=0, name="No tax", code="us-none")
        TaxRateFactory(country="US", region="TX", rate_ppm=82_500, name="Texas sales tax", code="us-tx")
        TaxRateFactory(country="NL", region="", rate_ppm=210_000, name="VAT NL", code="nl")
        self.warehouse = LocationFactory(code="WH-1", name="Sparks warehouse", warehouse=True)
        self.alberta = LocationFactory(code="PDX-1", name="Alberta Street")
        self.burnside = LocationFactory(code="PDX-2", name="Burnside")
        self.amsterdam = LocationFactory(
            code="AMS-1", name="Haarlemmerdijk", country="NL", state="", time_zone="Europe/Amsterdam"
        )
        self.camp = CategoryFactory(name="Camp", slug="camp")
        self.tents = CategoryFactory(name="Tents", slug="tents", parent=self.camp)
        self.tent = self.product("Alder tent", options=["Color"], category=self.tents)
        self.moss = self.variant(self.tent, "TENT-MOSS", 28_900, ["Moss"], swatch="#5f6f43")
        self.ochre = self.variant(self.tent, "TENT-OCHRE", 28_900, ["Ochre"], swatch="#d79c2d")
        self.mug = self.variant(self.product("Enamel mug", category=self.camp), "MUG", 1_600, [])

    def product(self, title: str, **more: Any) -> Product:
        made = ProductFactory(title=title, **more)
        MediaFactory(product=made, path=f"products/{made.slug}.svg", alt=title)
        return made

    def variant(self, product: Product, sku: str, price: int, values: list[str], **more: Any) -> Variant:
        made = VariantFactory(product=product, sku=sku, price=price, option_values=values, **more)
        PriceFactory(variant=made, price_list=PriceListFactory(code="eu", currency="EUR"), amount_minor=price + 100)
        self.list(product)
        return made

    def list(self, product: Product) -> None:
        """Put a product into search and lists."""
        from django.db import transaction

        from commerce.catalog import lexicon, search
        from commerce.kernel.clock import now
        from commerce.pricing import listings

        with transaction.atomic():
            search.refresh([product.pk])
            listings.refresh([product.pk], at=now())
            lexicon.rebuild()


@pytest.fixture
def shop(db: None) -> Shop:
    made = Shop()
    for variant in (made.moss, made.ochre, made.mug):
        receive(variant, made.warehouse, 20)
        receive(variant, made.alberta, 3)
    return made


DETAILS = {
    "email": "ada@example.com",
    "name": "Ada Example",
    "method": "ship",
    "line1": "12 Alder Street",
    "city": "Austin",
    "state": "TX",
    "postal_code": "78704",
    "country": "US",
}


def words(response: Any) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"(?s)<(script|style|template).*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.fixture
def fill(client: Client) -> Callable[..., Client]:
    """`fill("MUG", 2)` puts units into this browser's cart."""

    def put(sku: str, quantity: int = 1) -> Client:
        answer = client.post("/cart/lines/", {"sku": sku, "quantity": quantity})
        assert answer.status_code == 302, answer.content
        return client

    return put
