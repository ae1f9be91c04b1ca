"""Which jurisdictions a place lies in, and what is charged there."""

from datetime import date

import pytest

from commerce.pricing import places
from commerce.pricing.models import TaxArea
from commerce.pricing.places import Jurisdiction, tidy_postal_code
from commerce.pricing.queries import tax_rows, taxes_for
from commerce.pricing.taxes import Dated, TaxRow, judge, midnight, periods
from tests.factories.company import LocationFactory
from tests.factories.pricing import TaxRateFactory

OAKLAND = ["US", "US-CA", "US-CA-ALAMEDA", "US-CA-ALAMEDA/OAKLAND"]


@pytest.fixture
def areas(db: None) -> None:
    for region, prefix, localities in (
        ("CA", "946", ["ALAMEDA/OAKLAND", "ALAMEDA"]),
        ("CA", "94611", ["ALAMEDA", "ALAMEDA/PIEDMONT"]),
        ("CA", "946111234", ["ALAMEDA"]),
        ("MA", "02139", ["MIDDLESEX"]),
    ):
        TaxArea.objects.create(country="US", region=region, postal_prefix=prefix, localities=localities)
    TaxArea.objects.create(country="ES", region="", postal_prefix="35", localities=["CANARY ISLANDS"])


@pytest.mark.parametrize(
    ("country", "written", "tidy"),
    [
        ("US", "97205", "97205"),
        ("US", " 97205-1234 ", "972051234"),
        ("US", "2139", "02139"),
        ("US", "2139-1234", "021391234"),
        ("US", "501", "00501"),
        ("US", "12", "12"),
        ("NL", "1013 kh", "1013KH"),
        ("NL", "NL-1013 KH", "1013KH"),
        ("DE", "D-10115", "10115"),
        ("DE", "1067", "01067"),
        ("ES", "ES-8001", "08001"),
        ("PT", "9000-123", "9000123"),
        ("GB", "sw1a 1aa", "SW1A1AA"),
        ("US", "  ", ""),
        ("US", "—", ""),
        ("US", "9" * 90, "9" * 20),
    ],
)
def test_postal_codes_are_tidied(country: str, written: str, tidy: str) -> None:
    assert tidy_postal_code(country, written) == tidy


@pytest.mark.parametrize(
    ("country", "region", "code", "found"),
    [
        ("US", "CA", "94601", OAKLAND),
        ("us", " ca ", "94601-0001", OAKLAND),
        ("US", "CA", "94611", ["US", "US-CA", "US-CA-ALAMEDA", "US-CA-ALAMEDA/PIEDMONT"]),
        ("US", "CA", "94611-1234", ["US", "US-CA", "US-CA-ALAMEDA"]),
        ("US", "MA", "2139", ["US", "US-MA", "US-MA-MIDDLESEX"]),
        ("US", "OR", "94601", ["US", "US-OR"]),
        ("US", "CA", "10001", ["US", "US-CA"]),
        ("US", "CA", "", ["US", "US-CA"]),
        ("ES", "", "35001", ["ES", "ES--CANARY ISLANDS"]),
        ("ES", "TF", "35001", ["ES", "ES-TF", "ES--CANARY ISLANDS"]),
        ("NL", "", "1013 KH", ["NL"]),
        ("", "", "94601", []),
    ],
)
@pytest.mark.usefixtures("areas")
def test_jurisdictions_of_a_place(
    country: str, region: str, code: str, found: list[str], django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(1):
        assert places.of(country, region, code) == found


@pytest.mark.usefixtures("areas")
def test_jurisdictions_of_addresses_and_locations() -> None:
    oakland = {"country": "US", "state": "CA", "postal_code": "94601", "line1": "1 Broadway"}
    assert places.of_address(oakland) == OAKLAND
    assert places.of_address({"country": "US"}) == ["US"]
    assert places.of_address(None) == []
    assert places.of_location(LocationFactory(country="US", state="CA", postal_code="94601")) == OAKLAND


def test_places_as_people_say_them() -> None:
    assert places.said([*OAKLAND[::3], "US-OR", "ES--CANARY ISLANDS"]) == [
        "United States",
        "Oakland, Alameda, California, United States",
        "Oregon, United States",
        "Canary Islands, Spain",
    ]


@pytest.mark.parametrize("text", ["", "U", "USA", "1A-CA", "US-", "California"])
def test_what_is_no_jurisdiction(text: str) -> None:
    if text == "US-":
        assert str(Jurisdiction.parse(text)) == "US"
        return
    with pytest.raises(ValueError, match="is no place"):
        Jurisdiction.parse(text)


@pytest.mark.parametrize("text", [*OAKLAND, "ES--CANARY ISLANDS", "US-NY-X-Y"])
def test_a_jurisdiction_is_read_back_as_it_is_written(text: str) -> None:
    assert str(Jurisdiction.parse(text.lower())) == text


@pytest.mark.parametrize(
    ("outer", "inner", "covers"),
    [
        ("US", "US-CA-ALAMEDA", True),
        ("US-CA", "US-CA", True),
        ("US-CA", "US-OR", False),
        ("US-CA-ALAMEDA", "US-CA-ALAMEDA/OAKLAND", True),
        ("US-CA-ALAMEDA", "US-CA-ALAMEDA COUNTY", False),
        ("US-CA-ALAMEDA", "US-CA", False),
        ("CA", "US-CA", False),
    ],
)
def test_one_place_lies_in_another(outer: str, inner: str, covers: bool) -> None:
    assert Jurisdiction.parse(outer).covers(Jurisdiction.parse(inner)) is covers


def row(ppm: int, tax_class: str = "standard", code: str = "vat", jurisdiction: str = "NL") -> TaxRow:
    return TaxRow(
        jurisdiction=jurisdiction,
        tax_class=tax_class,
        code=code,
        name="",
        rate_ppm=ppm,
        compound=False,
        starts="",
        ends="",
    )


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # One that follows another ends it.
        (
            [(19, "2020-01-01", None), (21, "2026-01-01", None)],
            [(19, "2020-01-01", "2026-01-01"), (21, "2026-01-01", "")],
        ),
        # A cut for half a year gives way to the rate before.
        (
            [(19, "2020-01-01", None), (16, "2020-07-01", "2020-12-31")],
            [(19, "2020-01-01", "2020-07-01"), (16, "2020-07-01", "2021-01-01"), (19, "2021-01-01", "")],
        ),
        # The same rate again is one period; a gap stays a gap.
        ([(19, "2020-01-01", None), (19, "2024-01-01", None)], [(19, "2020-01-01", "")]),
        (
            [(19, "2020-01-01", "2020-01-31"), (19, "2021-01-01", None)],
            [(19, "2020-01-01", "2020-02-01"), (19, "2021-01-01", "")],
        ),
    ],
)
def test_periods_do_not_overlap(rows: list[tuple[int, str, str | None]], found: list[tuple[int, str, str]]) -> None:
    dated = [
        Dated(row(ppm), date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for ppm, first, last in reversed(rows)
    ]
    made = [(made["rate_ppm"], made["starts"][:10], made["ends"][:10]) for made in periods(dated)]
    assert made == found


def test_what_has_ended_is_left_out_and_what_is_planned_is_not() -> None:
    days = ((19, date(2020, 1, 1)), (20, date(2026, 1, 1)), (21, date(2027, 1, 1)))
    found = periods([Dated(row(ppm), first, None) for ppm, first in days], date(2026, 6, 1))
    assert [(one["rate_ppm"], one["starts"], one["ends"]) for one in found] == [
        (20, "2026-01-01T00:00:00", "2027-01-01T00:00:00"),
        (21, "2027-01-01T00:00:00", ""),
    ]


@pytest.mark.usefixtures("areas")
def test_state_county_and_city_add_up_in_one_statement(django_assert_num_queries: object) -> None:
    for locality, code, ppm in (
        ("", "us-ca", 60_000),
        ("ALAMEDA", "county", 2_500),
        ("ALAMEDA/OAKLAND", "city", 15_000),
    ):
        TaxRateFactory(region="CA", locality=locality, code=code, rate_ppm=ppm)
    TaxRateFactory(region="CA", locality="ALAMEDA/PIEDMONT", code="city", rate_ppm=9_000)
    TaxRateFactory(region="CA", locality="ALAMEDA/OAKLAND", code="ended", valid_until=date(2026, 1, 1))
    with django_assert_num_queries(1):
        found = tax_rows(OAKLAND, on=date(2026, 6, 1))
    assert {(one["jurisdiction"], one["code"], one["rate_ppm"]) for one in found} == {
        ("US-CA", "us-ca", 60_000),
        ("US-CA-ALAMEDA", "county", 2_500),
        ("US-CA-ALAMEDA/OAKLAND", "city", 15_000),
    }
    taxes = taxes_for("US", "CA", date(2026, 6, 1), "94601")["standard"]
    assert [tax["rate_ppm"] for tax in taxes] == [15_000, 2_500, 60_000]
    assert tax_rows([]) == []


CANARY = ["ES", "ES--CANARY ISLANDS"]
SPAIN = [
    row(210_000, jurisdiction="ES"),
    row(100_000, "reduced", jurisdiction="ES"),
    row(0, "zero", jurisdiction="ES"),
    row(0, jurisdiction="ES--CANARY ISLANDS"),
    row(70_000, code="igic", jurisdiction="ES--CANARY ISLANDS"),
]


@pytest.mark.parametrize(
    ("place", "tax_class", "charged"),
    [
        (["ES"], "standard", [("vat", 210_000, "charged")]),
        (["ES"], "reduced", [("vat", 100_000, "charged")]),
        (["ES"], "books", [("vat", 210_000, "as_standard")]),
        (["ES"], "zero", [("vat", 0, "charged")]),
        (["ES"], "exempt", []),
        # The most local jurisdiction that says a tax wins, by its standard row where the class has none there.
        (CANARY, "standard", [("igic", 70_000, "charged"), ("vat", 0, "charged")]),
        (CANARY, "reduced", [("igic", 70_000, "as_standard"), ("vat", 0, "as_standard")]),
        (CANARY, "zero", [("vat", 0, "charged")]),
    ],
)
def test_what_is_charged_and_why(place: list[str], tax_class: str, charged: list[tuple[str, int, str]]) -> None:
    verdicts = judge([{**row, "starts": "2020"} for row in SPAIN], place=place, tax_class=tax_class, at="2026")
    assert [(one.row["code"], one.row["rate_ppm"], one.why) for one in verdicts if one.is_charged] == charged


def test_what_is_not_charged_says_why() -> None:
    rows = [{**row, "starts": "2020"} for row in SPAIN]
    rows += [
        {**row(220_000, jurisdiction="ES"), "starts": "2027"},
        {**row(180_000, jurisdiction="ES"), "starts": "2010", "ends": "2020"},
    ]
    verdicts = judge(rows, place=CANARY, tax_class="reduced", at="2026")
    assert {one.row["rate_ppm"]: one.why for one in verdicts if not one.is_charged} == {
        180_000: "ended",
        100_000: "more_local",
        210_000: "class_of_its_own",
        220_000: "not_begun",
    }


@pytest.mark.django_db
def test_compound_taxes_come_last_and_zero_is_never_standard() -> None:
    TaxRateFactory(country="CA", code="gst", rate_ppm=50_000)
    TaxRateFactory(country="CA", region="QC", code="a-qst", rate_ppm=99_750, is_compound=True)
    taxes = taxes_for("CA", "QC", date(2026, 6, 1))
    assert [(tax["code"], tax.get("compound", False)) for tax in taxes["standard"]] == [("gst", False), ("a-qst", True)]
    assert taxes["books"] == taxes["standard"]
    assert taxes["zero"] == taxes["exempt"] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "ppm"), [(date(2026, 12, 31), 200_000), (date(2027, 1, 1), 210_000)])
def test_a_rate_changes_at_midnight(day: date, ppm: int) -> None:
    TaxRateFactory(country="NL", code="vat", rate_ppm=200_000, valid_until=date(2026, 12, 31))
    TaxRateFactory(country="NL", code="vat", rate_ppm=210_000, valid_from=date(2027, 1, 1))
    held = tax_rows(["NL"], on=date(2026, 11, 23))
    assert [
        one.row["rate_ppm"]
        for one in judge(held, place=["NL"], tax_class="standard", at=midnight(day))
        if one.is_charged
    ] == [ppm]
    assert taxes_for("NL", "", day)["standard"][0]["rate_ppm"] == ppm
