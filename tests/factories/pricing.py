"""Markets, price lists, prices and tax rates. `MarketFactory()` is the default market, in US dollars without tax."""

from datetime import date
from typing import Any

import factory
from django.db import transaction

from commerce.kernel.clock import now
from commerce.pricing import listings
from commerce.pricing.models import Market, Price, PriceList, TaxRate


class PriceListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceList
        django_get_or_create = ("code",)

    code = "us"
    name = factory.LazyAttribute(lambda row: row.code.upper())
    currency = "USD"


class MarketFactory(factory.django.DjangoModelFactory):
    """The US by default; `MarketFactory(eu=True)` is the Netherlands and Germany in euros, prices with tax."""

    class Meta:
        model = Market
        django_get_or_create = ("code",)
        skip_postgeneration_save = True

    class Params:
        eu = factory.Trait(
            code="eu",
            countries=["NL", "DE"],
            price_list=factory.SubFactory(PriceListFactory, code="eu", currency="EUR"),
            prices_include_tax=True,
            cash_step_minor=5,
            is_default=False,
        )

    code = "us"
    name = factory.LazyAttribute(lambda row: row.code.upper())
    countries = ["US"]
    price_list = factory.SubFactory(PriceListFactory)
    prices_include_tax = False
    is_default = True

    @factory.post_generation
    def tax(self: Any, create: bool, extracted: int | None, **kwargs: Any) -> None:
        """`MarketFactory(tax=80_000)`: a standard rate of 8 % in each of its countries."""
        for country in self.countries if extracted is not None else ():
            TaxRateFactory(country=country, rate_ppm=extracted)


class TaxRateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TaxRate

    country = "US"
    region = ""
    tax_class = "standard"
    code = factory.LazyAttribute(lambda row: f"{row.country}{'-' if row.region else ''}{row.region}".lower())
    name = factory.LazyAttribute(lambda row: f"{row.region or row.country} tax")
    rate_ppm = 80_000
    valid_from = date(2020, 1, 1)


class PriceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Price
        django_get_or_create = ("price_list", "variant")

    price_list = factory.SubFactory(PriceListFactory)
    variant = factory.SubFactory("tests.factories.catalog.VariantFactory", price=False)
    amount_minor = 2500
    compare_at_minor = None

    @classmethod
    def _after_postgeneration(cls, instance: Price, create: bool, results: Any = None) -> None:
        with transaction.atomic():
            listings.refresh([instance.variant.product_id], at=now())
