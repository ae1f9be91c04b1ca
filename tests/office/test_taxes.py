"""Markets, tax rates, their areas, fees and exchange rates, as the office types and asks them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from commerce.pricing.admin.charged import together
from commerce.pricing.models import ExchangeRate, Fee, Market, TaxArea, TaxRate
from commerce.pricing.taxes import TaxRow, Verdict
from tests.factories.pricing import TaxRateFactory
from tests.office import pages
from tests.office.conftest import Company
from tests.storefront.conftest import words


@pytest.fixture
def oakland(company: Company) -> None:
    """A state, a county and a city that tax, and a state next door."""
    for locality, code, name, ppm in (
        ("", "us-ca", "California sales tax", 60_000),
        ("ALAMEDA", "county", "County tax", 2_500),
        ("ALAMEDA/OAKLAND", "city", "City tax", 15_000),
    ):
        TaxRateFactory(region="CA", locality=locality, code=code, name=name, rate_ppm=ppm)
    TaxRateFactory(region="CA", tax_class="food", code="us-ca", name="California food tax", rate_ppm=10_000)
    TaxRateFactory(region="CA", code="us-ca", name="California next year", valid_from=date(2027, 1, 1), rate_ppm=70_000)
    TaxArea.objects.create(country="US", region="CA", postal_prefix="946", localities=["ALAMEDA", "ALAMEDA/OAKLAND"])


def ask(browser: Client, **address: str) -> str:
    told = {"country": "us", "region": "ca", "postal_code": "94601", "tax_class": "standard", "day": "2026-11-23"}
    return words(browser.get(reverse("admin:tax-charged"), {**told, **address}))


@pytest.mark.parametrize(
    ("address", "says", "says_not"),
    [
        (
            {},
            [
                "Oakland, Alameda, California, United States",
                "City tax city Oakland, Alameda, California, United States The class has a rate here. 1.5 %",
                "County tax county Alameda, California, United States The class has a rate here. 0.25 %",
                "California sales tax us-ca California, United States The class has a rate here. 6 % Together 7.75 %",
                "California next year California, United States From Jan. 1, 2027 on. 7 %",
            ],
            ["no area has"],
        ),
        (
            {"tax_class": "food"},
            [
                "California food tax us-ca California, United States The class has a rate here. 1 % Together 2.75 %",
                "The class has no rate here, so it is taxed as standard goods. 1.5 %",
                "Not for this class: it has a rate of its own here. 6 %",
            ],
            [],
        ),
        ({"day": "2027-01-01"}, ["California next year", "Not since Jan. 1, 2027. 6 %", "Together 8.75 %"], []),
        ({"postal_code": "90001"}, ["No area has the postal code 90001", "Together 6 %"], ["City tax"]),
        ({"region": "NV"}, ["No tax No rate is in force here on that day"], ["Together"]),
        ({"tax_class": "zero"}, ["never taxed as standard goods"], ["Together"]),
    ],
)
@pytest.mark.usefixtures("oakland")
def test_what_is_charged_at_an_address_and_why(
    address: dict[str, str], says: list[str], says_not: list[str], as_staff: Callable[..., Client]
) -> None:
    TaxRateFactory(region="WA", tax_class="zero", code="us-wa", rate_ppm=0)
    page = ask(as_staff("manager"), **address)
    assert [text for text in says if text not in page] == []
    assert [text for text in says_not if text in page] == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ({"country": "QQ"}, "“QQ” is no country"),
        ({"region": "XX"}, "“XX” is no state there"),
        ({"day": "31.31.2026"}, "Enter a valid date"),
        ({"tax_class": "weapons"}, "Select a valid choice"),
    ],
)
def test_addresses_that_are_none(
    address: dict[str, str], says: str, company: Company, as_staff: Callable[..., Client]
) -> None:
    assert says in ask(as_staff("office"), **address)


def test_a_class_without_a_rate_is_told(company: Company, as_staff: Callable[..., Client]) -> None:
    Market.objects.update(countries=["US", "NO"])
    TaxRateFactory(country="US", region="WA", rate_ppm=65_000)
    browser = as_staff("office")
    said = "Norway has no rate in force for the tax class standard: such goods are sold there without tax."
    for page in (
        words(browser.get(reverse("admin:tax-charged"))),
        words(browser.get(pages.lists()["pricing.taxrate"])),
    ):
        assert said in page
        assert "United States has no rate" not in page
    TaxRateFactory(country="NO", rate_ppm=250_000, valid_until=date(2026, 1, 1))
    assert said in words(browser.get(reverse("admin:tax-charged")))
    TaxRateFactory(country="NO", rate_ppm=250_000, valid_from=date(2026, 1, 2))
    assert said not in words(browser.get(reverse("admin:tax-charged")))


def test_taxes_on_taxes() -> None:
    def verdict(ppm: int, compound: bool) -> Verdict:
        row = TaxRow(
            jurisdiction="CA",
            tax_class="standard",
            code="",
            name="",
            rate_ppm=ppm,
            compound=compound,
            starts="",
            ends="",
        )
        return Verdict(row, "charged")

    assert together([]) == 0
    assert together([verdict(50_000, False), verdict(70_000, False)]) == 120_000
    # 5 % and 9.975 % on 105 %: 5 + 10.47375
    assert together([verdict(50_000, False), verdict(99_750, True)]) == 154_738


@pytest.mark.usefixtures("oakland")
def test_the_list_of_rates_by_size_and_day(as_staff: Callable[..., Client]) -> None:
    browser, address = as_staff("office"), pages.lists()["pricing.taxrate"]
    assert "Oakland, Alameda, California, United States" in words(browser.get(address))
    local = words(browser.get(address, {"place": "local"}))
    assert "City tax" in local
    assert "California food tax" not in local
    assert "County tax" not in words(browser.get(address, {"place": "state"}))
    TaxRateFactory(region="CA", locality="ALAMEDA", code="county", name="County tax again", valid_from=date(2024, 1, 1))
    assert "County tax county" not in words(browser.get(address, {"in_force": "now"})).replace("County tax again", "")
    assert "Jan. 1, 2020 – Dec. 31, 2023" in words(browser.get(address, {"in_force": "ended"}))
    later = words(browser.get(address, {"in_force": "later"}))
    assert "California next year" in later
    assert "City tax" not in later


def rate_form(**fields: str) -> dict[str, str]:
    told = {"name": "City tax", "code": "city", "country": "us", "region": "ca", "locality": " alameda/oakland "}
    days = {"valid_from": "2026-01-01", "valid_until": ""}
    return {**told, **days, "tax_class": "standard", "percent": "1.5", **fields}


def test_a_rate_of_a_city(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, add = as_staff("office"), reverse("admin:pricing_taxrate_add")
    assert browser.post(add, rate_form()).status_code == 302
    rate = TaxRate.objects.get(code="city")
    assert (rate.region, rate.locality, rate.rate_ppm) == ("CA", "ALAMEDA/OAKLAND", 15_000)
    for fields, says in (
        ({"percent": "100.1"}, "less than or equal to 100"),
        ({"percent": "-1"}, "greater than or equal to 0"),
        ({"percent": "six"}, "Enter a number"),
        ({"region": "QQ"}, "is no state there"),
        ({"valid_until": "2025-01-01"}, "before the first"),
        ({}, "already exists"),
    ):
        assert says in browser.post(add, rate_form(**fields)).content.decode(), fields
    assert TaxRate.objects.filter(code="city").count() == 1


def test_an_area_of_postal_codes(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, add = as_staff("office"), reverse("admin:pricing_taxarea_add")
    form = {"country": "us", "region": "ca", "postal_prefix": " 946-01 ", "localities": "alameda/oakland, Alameda"}
    assert browser.post(add, form).status_code == 302
    area = TaxArea.objects.get()
    assert (area.postal_prefix, area.localities) == ("94601", ["ALAMEDA", "ALAMEDA/OAKLAND"])
    assert "No local tax" in words(browser.get(pages.lists()["pricing.taxarea"]))
    TaxRateFactory(region="CA", locality="ALAMEDA", code="county")
    assert "1 of 2 have rates" in words(browser.get(pages.lists()["pricing.taxarea"], {"q": "946"}))
    assert "Enter a postal code" in browser.post(add, {**form, "postal_prefix": "–"}).content.decode()


def market_form(company: Company, **fields: Any) -> dict[str, Any]:
    return {
        "name": "US", "code": "us", "countries": "US", "is_default": "on", "price_list": company.market.price_list_id,
        "coin": "0.01", "shipping": "", "free_from": "", "tax_rounding": "line", "time_zone": "America/New_York",
        "languages": ["en", "de"], "tenders": ["cash", "card_online"], "fulfillment_types": ["pickup"],
        "card_capture": "automatic", "margin_floor": "12.5", "excluded_products": [company.tote.product_id],
        "gift_card_offers": "50; 25", "gift_cards_most": "$500.00", **fields,
    }  # fmt: skip


def test_everything_that_a_market_says(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, page = as_staff("office"), pages.row_of(company.market)
    assert 'value="store_credit"' in (asked := browser.get(page).content.decode())
    assert "bank_transfer" not in asked  # money goes back by it, nobody pays by it
    assert browser.post(page, market_form(company)).status_code == 302
    market = Market.objects.get()
    assert (market.tax_rounding, market.time_zone, market.margin_floor_ppm) == ("line", "America/New_York", 125_000)
    assert (market.gift_card_amounts, market.gift_cards_most_minor) == ([2_500, 5_000], 50_000)
    assert (market.languages, market.tenders) == (["en", "de"], ["cash", "card_online"])
    assert (market.fulfillment_types, list(market.excluded_products.all())) == (["pickup"], [company.tote.product])
    assert "Cash, Card on the web, Pickup in store" in words(browser.get(pages.lists()["pricing.market"]))
    for fields, says in (
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"tenders": ["shells"]}, "Select a valid choice"),
        ({"tenders": ["card_online"]}, "choose what is taken there, too"),
        ({"fulfillment_types": ["counter"]}, "Select a valid choice"),
        ({"margin_floor": "100"}, "less than or equal to 99"),
        ({"coin": "0"}, "at least one minor unit"),
        ({"gift_card_offers": "25; lots"}, "is not an amount"),
        ({"gift_card_offers": "25; -5"}, "each more than nothing"),
    ):
        assert says in browser.post(page, market_form(company, **fields)).content.decode(), fields
    assert browser.post(page, market_form(company, tenders=[], fulfillment_types=[])).status_code == 302
    assert Market.objects.get().tenders == []


def test_an_exchange_rate(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, add = as_staff("office"), reverse("admin:pricing_exchangerate_add")
    form = {"currency": "eur", "rate": "1.0843", "valid_from": "2026-01-01"}
    assert browser.post(add, form).status_code == 302
    assert ExchangeRate.objects.get().rate == Decimal("1.0843")
    assert "1 EUR = 1.0843" in words(browser.get(pages.lists()["pricing.exchangerate"]))
    for fields, says in (
        ({"currency": "USD"}, "own currency"),
        ({"currency": "XYZW"[:3]}, "is no currency"),
        ({"rate": "0"}, "worth more than nothing"),
        ({}, "already exists"),
    ):
        assert says in browser.post(add, {**form, **fields}).content.decode(), fields


def test_a_deposit(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, add = as_staff("office"), reverse("admin:pricing_fee_add")
    form = {
        "label": "Bottle deposit", "code": "bottle", "kind": "deposit", "currency": "usd", "each": "0.10",
        "tax_class": "", "country": "us", "region": "or", "variants": [company.mug.pk], "is_active": "on",
    }  # fmt: skip
    assert browser.post(add, form).status_code == 302
    fee = Fee.objects.get()
    assert (fee.amount_minor, fee.currency, fee.country, fee.region) == (10, "USD", "US", "OR")
    shown = words(browser.get(pages.lists()["pricing.fee"]))
    assert "Deposit $0.10 1 variant Oregon, United States Not taxed Active" in shown
    for fields, says in (
        ({"variants": []}, "Choose the variants or categories"),
        ({"each": "-1"}, "cannot be negative"),
        ({"each": "a lot"}, "a lot"),
        ({"country": ""}, "in which country"),
        ({"currency": "ZZZ"}, "is no currency"),
    ):
        answer = browser.post(add, {**form, "code": "other", **fields})
        assert answer.status_code == 200, fields
        assert says in answer.content.decode(), fields
    assert Fee.objects.count() == 1


@pytest.mark.usefixtures("oakland")
def test_the_pages_of_taxes_are_accessible(
    desk: Callable[..., Page], company: Company, axe_in_both_themes: Callable[..., list[Any]]
) -> None:
    asked = "country=US&region=CA&postal_code=94601&tax_class=food&day=2026-11-23"
    addresses = [
        f"{reverse('admin:tax-charged')}?{asked}",
        pages.row_of(company.market),
        reverse("admin:pricing_fee_add"),
        reverse("admin:pricing_exchangerate_add"),
        reverse("admin:pricing_taxarea_add"),
        pages.lists()["pricing.taxrate"],
        pages.rows()["customers.customer"],
    ]
    broken = {address: found for address in addresses if (found := axe_in_both_themes(desk(address)))}
    assert broken == {}
