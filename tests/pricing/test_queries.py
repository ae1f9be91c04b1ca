"""Markets, unit prices and the taxes of a place on a day."""

from datetime import UTC, date, datetime

import pytest

from commerce.kernel.errors import NotFound
from commerce.pricing.queries import market_for, taxes_for, unit_prices
from tests.factories.catalog import VariantFactory
from tests.factories.pricing import MarketFactory, PriceFactory, PriceListFactory, TaxRateFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "code"), [("US", "us"), ("NL", "eu"), ("nl ", "eu"), ("JP", "us"), ("", "us"), (None, "us")]
)
def test_the_market_of_a_country(country: str | None, code: str, django_assert_num_queries: object) -> None:
    MarketFactory()
    MarketFactory(eu=True)
    with django_assert_num_queries(1):
        market = market_for(country)
        assert (market.code, market.currency) == (code, "EUR" if code == "eu" else "USD")


def test_a_country_of_its_own_goes_before_the_default() -> None:
    MarketFactory(code="world", countries=["NL"], is_default=True)
    MarketFactory(eu=True, countries=["DE"])
    assert market_for("DE").code == "eu"
    assert market_for("NL").code == "world"


def test_no_market_is_said_in_words() -> None:
    with pytest.raises(NotFound, match="no market for NL"):
        market_for("NL")


def test_unit_prices_in_one_statement(django_assert_num_queries: object) -> None:
    market = MarketFactory()
    plain, reduced, unpriced = (
        VariantFactory(price=1999),
        VariantFactory(price=(1500, 2000)),
        VariantFactory(price=False),
    )
    PriceFactory(price_list=PriceListFactory(code="eu", currency="EUR"), variant=plain, amount_minor=2199)
    with django_assert_num_queries(1):
        found = unit_prices([plain.pk, reduced.pk, unpriced.pk, 0], market=market, at=AT)
    assert found == {plain.pk: (1999, None), reduced.pk: (1500, 2000)}
    assert unit_prices([], market=market, at=AT) == {}


def rate(tax_class: str = "standard", ppm: int = 80_000, **where: object) -> None:
    TaxRateFactory(tax_class=tax_class, rate_ppm=ppm, **where)


def test_taxes_by_class_in_one_statement(django_assert_num_queries: object) -> None:
    rate(country="NL", ppm=210_000, code="nl", name="BTW 21 %")
    rate(country="NL", tax_class="food", ppm=90_000, code="nl", name="BTW 9 %")
    rate(country="DE", ppm=190_000, code="de")
    with django_assert_num_queries(1):
        taxes = taxes_for("nl", "", TODAY)
    assert taxes == {
        "standard": [{"code": "nl", "name": "BTW 21 %", "rate_ppm": 210_000}],
        "food": [{"code": "nl", "name": "BTW 9 %", "rate_ppm": 90_000}],
    }
    assert taxes["books"] == taxes["standard"]


def test_the_newest_rate_that_has_begun_counts() -> None:
    for day, ppm in ((date(2020, 1, 1), 190_000), (date(2026, 11, 20), 200_000), (date(2026, 11, 21), 210_000)):
        rate(country="NL", ppm=ppm, code="nl", valid_from=day)
    assert [taxes_for("NL", "", day)["standard"][0]["rate_ppm"] for day in (date(2026, 11, 19), TODAY)] == [
        190_000,
        200_000,
    ]
    assert taxes_for("NL", "", date(2019, 12, 31)) == {}


def test_taxes_of_country_and_region_add_up_and_the_region_overrides() -> None:
    rate(country="CA", code="gst", ppm=50_000, name="GST")
    rate(country="CA", region="BC", code="pst", ppm=70_000, name="PST")
    rate(country="CA", region="ON", code="gst", ppm=130_000, name="HST")
    assert [tax["rate_ppm"] for tax in taxes_for("CA", "bc", TODAY)["standard"]] == [50_000, 70_000]
    assert [tax["name"] for tax in taxes_for("CA", "ON", TODAY)["standard"]] == ["HST"]
    assert [tax["code"] for tax in taxes_for("CA", "", TODAY)["standard"]] == ["gst"]


def test_a_state_without_tax_and_a_class_without_tax() -> None:
    rate(country="US", region="NY", code="us-ny", ppm=40_000)
    rate("clothing", 0, country="US", region="NY", code="us-ny")
    assert taxes_for("US", "OR", TODAY) == {}
    assert taxes_for("US", "OR", TODAY)["clothing"] == []
    assert [tax["rate_ppm"] for tax in taxes_for("US", "NY", TODAY)["clothing"]] == [0]
