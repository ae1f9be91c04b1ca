"""What a cart is taxed with, from the tables to the engine: several rates on a line, exempt customers, midnights."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from commerce.catalog.models import Variant
from commerce.pricing.models import Market, TaxArea
from commerce.pricing.queries import tax_rows
from commerce.pricing.taxes import judge, midnight
from orders import drafts
from orders.quotes import Place, quote
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.pricing import MarketFactory, PriceFactory, TaxRateFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 20, tzinfo=UTC)
OAKLAND, EUGENE = Place("US", "CA", postal_code="94601"), Place("US", "OR", postal_code="97401")
LOS_ANGELES, AMSTERDAM = "America/Los_Angeles", "Europe/Amsterdam"
Exempt = dict[str, Any] | None
ALL_THREE = {"us-ca": 120, "county": 5, "city": 30}


@pytest.fixture
def us() -> Market:
    """Without tax in its prices. California taxes 6 %, Alameda 0.25 %, Oakland 1.5 %; food by the county alone."""
    for locality, code, ppm in (
        ("", "us-ca", 60_000),
        ("ALAMEDA", "county", 2_500),
        ("ALAMEDA/OAKLAND", "city", 15_000),
    ):
        TaxRateFactory(region="CA", locality=locality, code=code, name=code, rate_ppm=ppm)
    TaxRateFactory(region="CA", tax_class="food", code="us-ca", rate_ppm=0)
    TaxRateFactory(region="CA", locality="ALAMEDA/OAKLAND", tax_class="food", code="city", rate_ppm=0)
    TaxArea.objects.create(country="US", region="CA", postal_prefix="946", localities=["ALAMEDA", "ALAMEDA/OAKLAND"])
    return MarketFactory(time_zone=LOS_ANGELES)


@pytest.fixture
def goods(us: Market) -> Callable[[str], Variant]:
    """`goods("food")`: something of the class for 20.00."""
    return lambda tax_class: VariantFactory(product=ProductFactory(tax_class=tax_class), price=2000)


def taxed(
    market: Market, variant: Variant, place: Place, *, at: datetime = NOON, exempt: Exempt = None
) -> dict[str, Any]:
    return quote([(variant, 1)], market=market, place=place, ships=False, at=at, exempt=exempt)


@pytest.mark.parametrize(
    ("tax_class", "place", "exempt", "taxes"),
    [
        # 20.00 × 6 %, 0.25 %, 1.5 %
        ("standard", OAKLAND, None, ALL_THREE),
        ("standard", Place("US", "CA", postal_code="90001"), None, {"us-ca": 120}),
        ("standard", EUGENE, None, {}),
        ("food", OAKLAND, None, {"us-ca": 0, "county": 5, "city": 0}),
        ("exempt", OAKLAND, None, {}),
        ("standard", OAKLAND, {"certificate": "A-1", "jurisdictions": []}, {}),
        ("standard", OAKLAND, {"certificate": "A-1", "jurisdictions": ["US-CA"]}, {}),
        (
            "standard",
            OAKLAND,
            {"certificate": "A-1", "jurisdictions": ["US-OR"]},
            {"us-ca": 120, "county": 5, "city": 30},
        ),
        # The county's and the city's taxes only; the state's is paid.
        ("standard", OAKLAND, {"certificate": "A-1", "jurisdictions": ["US-CA-ALAMEDA"]}, {"us-ca": 120}),
    ],
)
def test_rates_of_a_place_on_one_line(
    tax_class: str, place: Place, exempt: Exempt, taxes: dict[str, int], us: Market, goods: Callable[[str], Variant]
) -> None:
    priced = taxed(us, goods(tax_class), place, exempt=exempt)
    assert {tax["code"]: tax["amount"] for tax in priced["lines"][0]["taxes"]} == taxes
    assert priced["total"] == 2000 + sum(taxes.values())


@pytest.mark.parametrize(
    ("tax_class", "exempt", "net", "tax", "total"),
    [
        # 12.10 holds 21 %: 10.00 and 2.10. 9 %: 12.10 / 1.09 = 11.10.
        ("standard", None, 1000, 210, 1210),
        ("food", None, 1110, 100, 1210),
        ("standard", {"certificate": "A-1", "jurisdictions": []}, 1000, 0, 1000),
        ("standard", {"certificate": "A-1", "jurisdictions": ["DE"]}, 1000, 210, 1210),
    ],
)
def test_prices_that_hold_the_tax(tax_class: str, exempt: Exempt, net: int, tax: int, total: int) -> None:
    market = MarketFactory(eu=True, time_zone=AMSTERDAM)
    TaxRateFactory(country="NL", code="nl-vat", rate_ppm=210_000)
    TaxRateFactory(country="NL", code="nl-vat", tax_class="food", rate_ppm=90_000)
    variant = VariantFactory(product=ProductFactory(tax_class=tax_class), price=False)
    PriceFactory(variant=variant, price_list=market.price_list, amount_minor=1210)
    priced = taxed(market, variant, Place("NL"), exempt=exempt)
    assert (priced["net_total"], priced["tax_total"], priced["total"]) == (net, tax, total)


@pytest.mark.parametrize(
    ("at", "rate"),
    [
        (datetime(2027, 1, 1, 7, 59, 59, tzinfo=UTC), 60_000),  # 23:59:59 in Los Angeles
        (datetime(2027, 1, 1, 8, 0, tzinfo=UTC), 70_000),
        (datetime(2027, 7, 1, 6, 59, 59, tzinfo=UTC), 70_000),  # summer time
        (datetime(2027, 7, 1, 7, 0, tzinfo=UTC), 60_000),  # the rise was for half a year
    ],
)
def test_a_rate_changes_at_the_market_s_own_midnight(
    at: datetime, rate: int, us: Market, goods: Callable[[str], Variant]
) -> None:
    TaxRateFactory(
        region="CA", code="us-ca", rate_ppm=70_000, valid_from=date(2027, 1, 1), valid_until=date(2027, 6, 30)
    )
    variant = goods("standard")
    [line] = taxed(us, variant, Place("US", "CA"), at=at)["lines"]
    assert [tax["rate_ppm"] for tax in line["taxes"]] == [rate]


@pytest.mark.parametrize("tax_class", ["standard", "food", "books", "zero"])
@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 1, 1), date(2027, 8, 1)])
def test_the_page_that_explains_says_what_the_engine_charges(
    tax_class: str, day: date, us: Market, goods: Callable[[str], Variant]
) -> None:
    TaxRateFactory(region="CA", tax_class="books", code="county", rate_ppm=1_000, valid_from=date(2027, 1, 1))
    TaxRateFactory(region="CA", tax_class="zero", code="us-ca", rate_ppm=0, valid_from=date(2027, 6, 1))
    TaxRateFactory(region="CA", code="us-ca", rate_ppm=70_000, valid_from=date(2027, 1, 1), is_compound=True)
    place = ["US", "US-CA", "US-CA-ALAMEDA", "US-CA-ALAMEDA/OAKLAND"]
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    verdicts = judge(tax_rows(place), place=place, tax_class=tax_class, at=midnight(day))
    explained = [(one.row["code"], one.row["rate_ppm"]) for one in verdicts if one.is_charged]
    [line] = taxed(us, goods(tax_class), OAKLAND, at=at)["lines"]
    assert [(tax["code"], tax["rate_ppm"]) for tax in line["taxes"]] == explained


@pytest.mark.parametrize(
    ("place", "jurisdictions", "number"),
    [
        (OAKLAND, ["US-CA"], "A-1"),
        (OAKLAND, [], "A-1"),
        (OAKLAND, ["US-OR"], ""),
        (EUGENE, ["US-CA"], ""),
    ],
)
def test_an_order_keeps_the_certificate_that_counted(
    place: Place, jurisdictions: list[str], number: str, us: Market, goods: Callable[[str], Variant]
) -> None:
    exempt = {"certificate": "A-1", "jurisdictions": jurisdictions}
    priced = taxed(us, goods("standard"), place, exempt=exempt)
    assert drafts.money_of(priced)["tax_certificate"] == number
    assert drafts.money_of(taxed(us, goods("standard"), place))["tax_certificate"] == ""
