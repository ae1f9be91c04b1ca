"""The page of margins: what earns too little comes first, and only who may see costs sees it."""

from collections.abc import Callable

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from commerce.pricing.models import Market, Price
from inventory.models import StockLevel
from tests.factories.catalog import VariantFactory
from tests.factories.pricing import MarketFactory, PriceFactory
from tests.office.conftest import Company
from tests.storefront.conftest import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def margins(company: Company) -> str:
    """Of 25.00 a mug leaves 5.00 (20 %), a tote 1.00 (4 %); nobody knows what a lamp cost."""
    Market.objects.update(margin_floor_ppm=150_000)
    for variant, cost in ((company.mug, 2_000), (company.tote, 2_400)):
        Price.objects.filter(variant=variant).update(amount_minor=2_500)
        StockLevel.objects.filter(variant=variant).update(unit_cost=cost, value_minor=cost * F("on_hand"))
    VariantFactory(sku="LAMP", price=1_000)
    VariantFactory(sku="REPAIR", is_open_price=True)
    return reverse("admin:margins")


def test_those_below_the_floor_come_first_and_unknown_costs_last(margins: str, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office")
    shown = browser.get(margins)
    assert [row.sku for row, _variant in shown.context["rows"]] == ["TOT-02", "BLU-01", "LAMP"]
    page = words(shown)
    assert "1 of 3 are below the floor of 15 %. The cost of 1 is not known." in page
    assert "$25.00 $24.00 4.0 % below the floor" in page.replace("4.0%", "4.0 %")
    only = browser.get(margins, {"show": "low"})
    assert [row.sku for row, _variant in only.context["rows"]] == ["TOT-02"]
    assert [row.sku for row, _variant in browser.get(margins, {"q": "blu-01"}).context["rows"]] == ["BLU-01"]
    assert "No variant found" in words(browser.get(margins, {"q": "nothing like it"}))


def test_prices_with_tax_are_judged_without_it_and_other_currencies_not_at_all(
    margins: str, company: Company, as_staff: Callable[..., Client]
) -> None:
    europe = MarketFactory(eu=True, tax=250_000)
    PriceFactory(price_list=europe.price_list, variant=company.mug, amount_minor=2_500)
    shown = as_staff("office").get(margins, {"market": "eu"})
    assert "Costs are kept in the company's own currency, and prices here are in EUR" in words(shown)
    Market.objects.filter(code="us").update(prices_include_tax=True)
    company.market.refresh_from_db()
    assert as_staff("admin").get(margins).status_code == 200


@pytest.mark.parametrize(("role", "status"), [("lead", 403), ("manager", 200), ("office", 200), ("admin", 200)])
def test_costs_are_for_those_who_may_see_them(
    margins: str, as_staff: Callable[..., Client], role: str, status: int
) -> None:
    assert as_staff(role).get(margins).status_code == status
