"""The tax tables are complete, in order, and agree with what others publish."""

import csv
import json
import re
from collections.abc import Iterable
from datetime import date

from commerce.pricing import engine, rates
from commerce.pricing.cash import CASH, cash_of, suggested_from
from commerce.pricing.models import TaxRate
from commerce.pricing.rates import Rate
from commerce.runtime.paths import PROJECT

SHARED = PROJECT.parent / "shared" / "data" / "tax"
TODAY = date(2026, 6, 1)
NO_SALES_TAX = {"AK", "DE", "MT", "NH", "OR"}
# What the published list of European rates, older than some laws, says otherwise: (ours, theirs).
NEWER_LAW = {
    ("FI", 135_000, 140_000),  # 14 % became 13.5 % on 1 January 2026
    ("LT", 120_000, 90_000),  # 9 % became 12 % on 1 January 2026
}


def in_force(found: Iterable[Rate], on: date = TODAY) -> dict[tuple[str, str, str], int]:
    """The rate of each (country, region, class) on a day: the newest that has begun."""
    begun = sorted((row for row in found if row.valid_from <= on), key=lambda row: row.valid_from)
    return {(row.country, row.region, row.tax_class): row.rate_ppm for row in begun}


def test_every_state_and_country_has_a_standard_rate() -> None:
    states = {region: rate for (_, region, kind), rate in in_force(rates.us_states()).items() if kind == "standard"}
    assert len(states) == 51
    assert "DC" in states
    assert {state for state, rate in states.items() if rate == 0} == NO_SALES_TAX
    countries = {country: rate for (country, _, kind), rate in in_force(rates.eu_vat()).items() if kind == "standard"}
    assert len(countries) == 28
    assert all(150_000 <= rate <= 270_000 for rate in countries.values())


def test_rows_are_ready_for_the_table_of_rates() -> None:
    found = [*rates.us_states(), *rates.eu_vat()]
    assert len({(row.country, row.region, row.tax_class, row.code, row.valid_from) for row in found}) == len(found)
    for row in found:
        TaxRate(**row._asdict()).clean_fields(exclude=["id"])
        assert 0 <= row.rate_ppm <= 300_000
        assert re.fullmatch(r"[a-z]{2}-[a-z]{2,3}", row.code)
    for table in (rates.us_states(), rates.eu_vat()):
        assert table == sorted(table)
        classes = in_force(table)
        places = {(country, region) for country, region, _ in classes}
        for place in places:
            assert classes[*place, "zero"] == classes[*place, "exempt"] == 0
            assert classes.get((*place, "reduced"), 0) <= classes[*place, "standard"]


def test_names_and_rates_known_to_everybody() -> None:
    named = {
        (row.country, row.region, row.tax_class, row.name): row.rate_ppm for row in rates.us_states() + rates.eu_vat()
    }
    assert named["US", "NY", "standard", "NY sales tax"] == 40_000
    assert named["NL", "", "standard", "VAT 21%"] == 210_000
    assert named["FR", "", "reduced", "VAT 5.5%"] == 55_000
    assert named["DE", "", "exempt", "VAT exempt"] == 0
    classes = in_force(rates.us_states())
    assert classes["US", "NJ", "clothing"] == 0
    assert ("US", "CA", "clothing") not in classes
    assert (classes["US", "TN", "reduced"], classes["US", "CA", "reduced"]) == (40_000, 0)


def test_a_change_of_rate_happens_at_midnight() -> None:
    for country, day, before, after in (
        ("EE", date(2025, 7, 1), 220_000, 240_000),
        ("SK", date(2025, 1, 1), 200_000, 230_000),
        ("RO", date(2025, 8, 1), 190_000, 210_000),
    ):
        key = (country, "", "standard")
        assert in_force(rates.eu_vat(), date.fromordinal(day.toordinal() - 1))[key] == before
        assert in_force(rates.eu_vat(), day)[key] == after


def test_cash_of_a_currency() -> None:
    for cash in [*CASH.values(), cash_of("XXX")]:
        assert list(cash.coins + cash.notes) == sorted(set(cash.coins + cash.notes))
        assert cash.coins[0] >= cash.smallest_coin
    assert cash_of("CHF").smallest_coin == 5
    assert engine.quick_cash(1732, suggested_from("EUR")) == [1732, 1800, 2000, 5000, 10_000, 20_000]
    assert engine.quick_cash(1732, suggested_from("USD")) == [1732, 1800, 2000, 5000, 10_000]
    assert engine.quick_cash(1780, suggested_from("JPY")) == [1780, 2000, 5000, 10_000]


if SHARED.exists():  # real data beside the checkout, not part of it

    def test_state_rates_agree_with_the_published_table() -> None:
        with (SHARED / "us_taxlocus_state_rates.csv").open() as file:
            published = {row["state"]: round(float(row["rate"]) * 1_000_000) for row in csv.DictReader(file)}
        classes = in_force(rates.us_states())
        ours = {region: rate for (_, region, kind), rate in classes.items() if kind == "standard"}
        assert len(published) == 46
        assert {state: rate for state, rate in ours.items() if state not in NO_SALES_TAX} == published

    def test_european_rates_agree_with_the_published_table() -> None:
        published = json.loads((SHARED / "eu_vat_rates_ibericode.json").read_text())["items"]
        classes = in_force(rates.eu_vat())
        assert {country for country, _, _ in classes} == set(published)
        differences = set()
        for country, periods in published.items():
            newest = max(periods, key=lambda period: period["effective_from"])["rates"]
            theirs = {round(rate * 10_000) for kind, rate in newest.items() if kind not in ("standard", "parking")}
            ours = {
                rate
                for (place, _, kind), rate in classes.items()
                if place == country and kind in ("reduced", "reduced_2", "super_reduced")
            }
            assert classes[country, "", "standard"] == round(newest["standard"] * 10_000), country
            differences |= (
                {(country, tuple(sorted(ours - theirs)), tuple(sorted(theirs - ours)))} if ours != theirs else set()
            )
        assert differences == {(country, (our,), (their,)) for country, our, their in NEWER_LAW}
