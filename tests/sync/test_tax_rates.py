"""Public tables of tax rates: what is taken, what is refused with its line, and that the second run writes nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from commerce.kernel.db import rows
from commerce.kernel.errors import InvalidInput
from commerce.pricing import places
from commerce.pricing.models import TaxArea, TaxRate
from commerce.pricing.queries import taxes_for
from commerce.sync.actions.import_file import import_file
from commerce.sync.errors import FileRefused
from commerce.sync.formats.postal_patterns import prefixes
from commerce.sync.models import ImportRun
from commerce.sync.report import Report
from tests.factories.pricing import TaxRateFactory
from tests.sync.conftest import AT, FILES, kinds

TODAY = AT.date()
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "tax"
STATE = "SELECT (SELECT sum(xmin::text::bigint) FROM pricing_taxrate)"
STATE += ", (SELECT sum(xmin::text::bigint) FROM pricing_taxarea)"
OURS = {
    "us-states": "tax_us_states.csv",
    "us-jurisdictions": "tax_us_jurisdictions.csv",
    "us-zip": "tax_us_zip.csv",
    "eu": "tax_eu.json",
}
# format: file, lines that are taken or refused, refused ones, new rates, new areas
REAL = {
    "us-states": ("us_taxlocus_state_rates.csv", 46, 0, 46, 0),
    "us-jurisdictions": ("us_taxlocus_jurisdiction_rates.csv.gz", 14_337, 135, 14_050, 0),
    "us-zip": ("us_zip5_rates_avalara_2019-11_12_states.csv.gz", 15_573, 0, 4_746, 15_573),
    "eu": ("eu_vat_rates_ibericode.json", 53, 0, 165, 44),
}


def take(path: Path, name: str, *, at: datetime = AT, **asked: object) -> Report:
    options = {"valid_from": asked.pop("valid_from", "")}
    return import_file(path=path, file_format=name, options=options, person=None, at=at, **asked)


def percents(
    country: str, region: str = "", code: str = "", tax_class: str = "standard", on: date = TODAY
) -> list[float]:
    return sorted(tax["rate_ppm"] / 10_000 for tax in taxes_for(country, region, on, code)[tax_class])


@pytest.mark.django_db
@pytest.mark.parametrize("name", OURS)
def test_the_second_run_writes_nothing_on_whatever_day(name: str) -> None:
    first = take(FILES / OURS[name], name)
    assert first.outcomes["created"] > 0
    before = rows(STATE)
    again = take(FILES / OURS[name], name, at=datetime(2027, 3, 1, tzinfo=UTC))
    assert rows(STATE) == before
    assert again.outcomes["created"] == again.outcomes["updated"] == 0
    assert (again.refused, kinds(again)) == (first.refused, kinds(first))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", OURS)
def test_a_dry_run_says_the_same_and_writes_nothing(name: str) -> None:
    dry = take(FILES / OURS[name], name, dry_run=True)
    assert [model.objects.count() for model in (TaxRate, TaxArea, ImportRun)] == [0, 0, 0]
    real = take(FILES / OURS[name], name)
    assert (dry.outcomes, dry.tally) == (real.outcomes, real.tally)


@pytest.mark.django_db
def test_states_and_what_is_wrong_with_some() -> None:
    report = take(FILES / OURS["us-states"], "us-states")
    assert percents("US", "CA") == [7.25]
    assert percents("US", "OR") == []  # no row of 0 %, of which documents would speak
    refused = {note.line: note.text for kind in report.problems for note in kind.first if note.refuses}
    assert sorted(refused) == [5, 6, 7, 8, 9]
    assert "no state of the US" in refused[5]
    assert "“650” % is no rate" in refused[6]
    assert "“six” %" in refused[7]
    assert "“-1” %" in refused[8]
    assert set(TaxRate.objects.values_list("region", "valid_from")) == {("CA", TODAY), ("TX", TODAY)}


@pytest.mark.django_db
def test_a_new_rate_begins_a_period_and_the_same_day_again_corrects_it(written: Callable[..., Path]) -> None:
    take(written("state,rate\nCA,0.0725"), "us-states")
    report = take(written("state,rate\nCA,0.08"), "us-states", valid_from="2027-01-01")
    assert report.outcomes["updated"] == 1
    take(written("state,rate\nCA,0.085"), "us-states", valid_from="2027-01-01")
    assert percents("US", "CA", on=date(2026, 12, 31)) == [7.25]
    assert percents("US", "CA", on=date(2027, 1, 1)) == [8.5]
    take(written("state,rate\nCA,0"), "us-states", valid_from="2028-01-01")
    assert percents("US", "CA", on=date(2028, 1, 1)) == [0]
    assert TaxRate.objects.count() == 3


@pytest.mark.django_db
def test_jurisdictions_whose_names_do_not_tell_them_apart() -> None:
    report = take(FILES / OURS["us-jurisdictions"], "us-jurisdictions")
    found = dict(TaxRate.objects.values_list("locality", "rate_ppm"))
    assert found == {
        "CHELAN COUNTY": 20_000,
        "LEAVENWORTH": 24_000,
        "ROBY": 10_000,
        "PARISH WIDE (1900)": 50_000,
        "PARISH WIDE (3800)": 47_500,
        "ERROR TAX (TRANSIT)": 2_500,
        "HAINES BOROUGH": 55_000,
    }
    [(_kind, notes)] = [(kind.code, kind.first) for kind in report.problems]
    assert [note.line for note in notes] == [4, 5]
    assert "lines 4, 5" in notes[0].text


@pytest.mark.django_db
def test_zip_codes_lead_to_regions_and_their_shares() -> None:
    report = take(FILES / OURS["us-zip"], "us-zip")
    assert percents("US", "WA", "98001-1234") == [3.5, 6.5]
    assert percents("US", "CA", "92088") == [0.25, 1.5, 6]
    assert percents("US", "MA", "2139") == [6.25]
    assert percents("US", "NY", "00501") == [0.375, 4, 4.25]
    assert percents("US", "OR", "97205") == []
    # A region that has not the same shares everywhere.
    assert places.of("US", "TX", "75010") == ["US", "US-TX", "US-TX-COLLIN/75010"]
    assert (percents("US", "TX", "75009"), percents("US", "TX", "75010")) == ([6.25], [2, 6.25])
    refused = {note.line: kind.code for kind in report.problems for note in kind.first}
    assert refused == {11: "does_not_add_up", 12: "rate_unusable", 13: "not_a_zip_code", 14: "postal_code_repeated"}
    assert not TaxArea.objects.filter(postal_prefix__in=["75011", "75012"]).exists()


@pytest.mark.django_db
def test_what_a_state_does_not_tax_its_places_do_not_tax_either() -> None:
    for tax_class, ppm in (("food", 0), ("books", 20_000)):
        TaxRateFactory(region="CA", tax_class=tax_class, code="us-ca", rate_ppm=ppm)
    told = take(FILES / OURS["us-zip"], "us-zip", dry_run=True).tally
    report = take(FILES / OURS["us-zip"], "us-zip")
    assert report.tally["classes that the state does not tax"] == {"created": 2}  # of the county's and the district's
    assert told == report.tally
    assert percents("US", "CA", "92088", "food") == [0, 0, 0]
    assert percents("US", "CA", "92088", "books") == [0.25, 1.5, 2]
    before = rows(STATE)
    take(FILES / OURS["us-zip"], "us-zip", at=datetime(2027, 3, 1, tzinfo=UTC))
    assert rows(STATE) == before


@pytest.mark.django_db
def test_vat_with_its_periods_and_places_outside_of_it() -> None:
    report = take(FILES / OURS["eu"], "eu")
    assert (percents("ES", on=date(2026, 6, 30)), percents("ES", on=date(2026, 7, 1))) == ([21], [22])
    assert percents("ES", code="35001") == percents("ES", code="38001", tax_class="reduced") == [0]
    # A class that the new period does not have is standard from then on.
    assert (percents("ES", tax_class="parking", on=date(2026, 6, 30)), percents("ES", tax_class="parking")) == (
        [12.5],
        [22],
    )
    # Another rate for standard goods leaves the others as they are in the country.
    assert [percents("PT", code=code) for code in ("9000-123", "1000-001")] == [[22], [23]]
    assert [percents("PT", code="9000-123", tax_class=name) for name in ("reduced", "reduced_2")] == [[6], [13]]
    assert kinds(report) == {"pattern_unreadable": 1, "rate_unusable": 1}
    assert {note.line for kind in report.problems for note in kind.first} == {11, 16}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("eu", "", "is not JSON"),
        ("eu", '{"items": {', "Line 1 is not JSON"),
        ("eu", "[]", "not a table of VAT rates"),
        ("eu", '{"items": {"ES": [{"rates": {}}]}}', "not a table of VAT rates"),
        ("eu", '{"items": {"ES": [{"effective_from": "soon", "rates": {}}]}}', "“soon” is no day"),
        ("us-zip", "state,rate\nCA,0.07", "no column country, zipcode, tax_region_name"),
        ("us-states", "a,b\n1,2", "no column state, rate"),
        ("us-states", "state,rate\nCA", "does not have 2 columns"),
    ],
)
def test_files_that_are_none_of_these(written: Callable[..., Path], name: str, text: str, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        take(written(text), name)
    assert not TaxRate.objects.exists()


@pytest.mark.django_db
def test_a_day_that_is_none(written: Callable[..., Path]) -> None:
    with pytest.raises(InvalidInput):
        take(written("state,rate\nCA,0.07"), "us-states", valid_from="tomorrow")


def test_the_command(written: Callable[..., Path], db: None) -> None:
    out = StringIO()
    call_command("import_tax_rates", FILES / OURS["us-zip"], "--format", "us-zip", "--from", "2026-01-01", stdout=out)
    assert "tax areas" in out.getvalue()
    assert "line 11: The shares of ZIP code 75011 do not make its combined rate of 9.25 %." in out.getvalue()
    assert set(TaxRate.objects.values_list("valid_from", flat=True)) == {date(2026, 1, 1)}
    with pytest.raises(CommandError, match="is no day"):
        call_command("import_tax_rates", FILES / OURS["us-zip"], "--format", "us-zip", "--from", "x", stdout=out)


@pytest.mark.django_db
def test_every_real_table_twice() -> None:
    """They lie beside the repository, when they do. Codes are the same in each, so that no two of them tax twice."""
    there = {name: told for name, told in REAL.items() if (SHARED / told[0]).exists()}
    for name, (file, lines, refused, rates, areas) in there.items():
        before = TaxRate.objects.count(), TaxArea.objects.count()
        report = take(SHARED / file, name)
        assert (report.rows, report.done, report.refused) == (lines, lines, refused)
        assert TaxRate.objects.count() - before[0] == rates
        assert TaxArea.objects.count() - before[1] == areas
        state = rows(STATE)
        again = take(SHARED / file, name, at=datetime(2027, 3, 1, tzinfo=UTC))
        assert (again.outcomes["unchanged"], again.refused) == (lines - refused, refused)
        assert rows(STATE) == state
    if len(there) == len(REAL):
        assert percents("US", "CA", "94601") == [0.25, 3, 6]
        assert percents("US", "NY", "10001-0001") == [0.375, 4, 4.5]
        assert [percents("ES", code=code) for code in ("28001", "35001", "51005")] == [[21], [0], [0]]
        assert [percents("DE", on=day) for day in (date(2020, 6, 30), date(2020, 7, 1), TODAY)] == [[19], [16], [19]]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("22061", ["22061"]),
        (r"(35\d{3}|38\d{3})", ["35", "38"]),
        ("(5100[1-5]|5107[0-1]|51081)", ["51001", "51002", "51003", "51004", "51005", "51070", "51071", "51081"]),
        (r"9[0-4]\d{2,}", ["90", "91", "92", "93", "94"]),
        ("699[123]", ["6991", "6992", "6993"]),
    ],
)
def test_patterns_of_postal_codes(pattern: str, found: list[str]) -> None:
    assert prefixes(pattern) == found


@pytest.mark.parametrize("pattern", ["", r"\d{3}", "9?", "1(2", r"\d1", "[5-", "9.*", "[0-9]" * 4])
def test_patterns_that_prefixes_cannot_say(pattern: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        prefixes(pattern)
