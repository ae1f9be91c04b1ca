"""Price lists as files: what is written and read again changes nothing, and what is wrong is named by its row."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput
from commerce.pricing import price_files, prices
from commerce.pricing.drafts import Draft, Step, differences, scheduled
from commerce.pricing.models import Price, PriceList
from commerce.pricing.timeline import ALWAYS, Days
from tests.factories.catalog import VariantFactory
from tests.factories.pricing import MarketFactory, PriceListFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 19, tzinfo=UTC)
CHRISTMAS = Days(date(2026, 12, 1), date(2026, 12, 25))
HEAD = "sku,price,compare_at,from_quantity,from,until\n"


@pytest.fixture
def us() -> PriceList:
    return MarketFactory().price_list  # type: ignore[no-any-return]


@pytest.fixture
def mug(us: PriceList) -> Variant:
    return VariantFactory(sku="MUG", price=(5900, 6900))  # type: ignore[no-any-return]


def change(us: PriceList, variant: Variant, amount: int, days: Days = ALWAYS, quantity: int = 1) -> None:
    with transaction.atomic():
        prices.change(us.pk, {(variant.pk, quantity): [(days, (amount, None))]}, at=AT)


def written(us: PriceList) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=price_files.delimiter()).writerows(price_files.lines_of(us))
    return text.getvalue().encode()


def judged(us: PriceList, content: bytes | str, **more: Any) -> tuple[Draft, list[Any]]:
    draft = price_files.read(content.encode() if isinstance(content, str) else content, us, **more)
    return draft, differences(us, draft, at=AT)


def test_a_list_as_a_file(us: PriceList, mug: Variant) -> None:
    change(us, mug, 4900, CHRISTMAS)
    change(us, mug, 5500, quantity=3)
    change(us, VariantFactory(sku="RIBBON", unit="m", unit_scale=100, price=1250), 1000, quantity=250)
    assert written(us).decode().splitlines() == [
        "sku,price,compare_at,from_quantity,from,until",
        "MUG,59.00,69.00,,,2026-11-30",
        "MUG,49.00,,,2026-12-01,2026-12-24",
        "MUG,59.00,69.00,,2026-12-25,",
        "MUG,55.00,,3,,",
        "RIBBON,12.50,,,,",
        "RIBBON,10.00,,2.5,,",
    ]


@pytest.mark.parametrize("language", ["en", "de", "nl"])
def test_what_is_written_and_read_again_changes_nothing(language: str, us: PriceList, mug: Variant) -> None:
    change(us, mug, 4900, CHRISTMAS)
    change(us, mug, 123_456_00, quantity=3)
    change(us, VariantFactory(sku="RIBBON", unit="m", unit_scale=100, price=1250), 1000, quantity=250)
    change(us, VariantFactory(sku="=cmd", price=False), 7000, Days(date(2027, 1, 1)))
    before = list(Price.history.order_by("pk").values())
    with translation.override(language):
        content = written(us)
        assert (b";" in content) == (b"59,00" in content) == (language != "en")
        draft, changed = judged(us, content)
    assert (draft.faults, changed) == ([], [])
    with transaction.atomic():
        assert prices.change(us.pk, draft.wanted, at=AT) == prices.Written(frozenset(), frozenset())
    assert list(Price.history.order_by("pk").values()) == before


def test_what_a_file_would_change(us: PriceList, mug: Variant) -> None:
    change(us, mug, 4900, CHRISTMAS)
    draft, changed = judged(us, HEAD + "mug,61.00\nMUG,45.00,59.00,,2026-12-01,2026-12-24\nMUG,52,,6,,\n")
    assert draft.faults == []
    assert [(one.from_quantity, one.days, one.before, one.after, one.percent) for one in changed] == [
        (1, Days(None, CHRISTMAS.first), (5900, 6900), (6100, None), 3),
        (1, CHRISTMAS, (4900, None), (4500, 5900), -8),
        (1, Days(CHRISTMAS.end), (5900, 6900), (6100, None), 3),
        (6, ALWAYS, None, (5200, None), None),
    ]


def test_rows_without_days_get_those_of_the_whole_file(us: PriceList, mug: Variant) -> None:
    draft, changed = judged(us, HEAD + "MUG,49.00\nMUG,45.00,,6,2026-12-24,2026-12-24\n", days=CHRISTMAS)
    assert draft.faults == []
    assert [(one.from_quantity, one.days) for one in changed] == [
        (1, CHRISTMAS),
        (6, Days(date(2026, 12, 24), CHRISTMAS.end)),
    ]


WRONG = [
    ("an unknown SKU", "NONE,1.00", "There is no SKU NONE."),
    ("no SKU", ",1.00", "The SKU is missing."),
    ("no price", "MUG,", "The price is missing."),
    ("no amount", "MUG,cheap", "“cheap” is not an amount. Write it like $1,234.50."),
    ("a decimal comma in English", "MUG,\"12,50\"", "“12,50” is not an amount. Write it like $1,234.50."),
    ("negative", "MUG,-1.00", "A price cannot be negative."),
    ("over the limit", "MUG,10000000000.01", "“10000000000.01” is more than a price can be: $10,000,000,000.00."),
    ("absurd", "MUG," + "9" * 30, "“" + "9" * 30 + "” is too large an amount."),
    ("too many decimals", "MUG,1.005", "“1.005” has too many decimals: amounts in USD have 2 decimals."),
    ("another currency", "MUG,€5", "“€5” is not in USD. Write it like $1,234.50."),
    ("a compare-at price below", "MUG,5.00,4.00", "only makes sense above the price. Leave it empty otherwise."),
    ("half a piece", "MUG,5.00,,0.5", " is sold in whole pieces."),
    ("no quantity", "MUG,5.00,,many", "Enter the quantity as a whole number, such as 2."),
    ("none of it", "MUG,5.00,,0", "Enter a quantity of 1 or more."),
    ("end before begin", "MUG,5.00,,,2026-12-24,2026-12-01", "The last day is before the first one."),
    ("no day", "MUG,5.00,,,2026-13-01,", "“2026-13-01” is no day. Write it like 2026-12-24."),
    (
        "an overlapping period",
        "MUG,5.00,,,2026-12-24,2026-12-31",
        "$49.00 is planned from Dec. 1, 2026 to Dec. 24, 2026 already. Take that back first, or choose other days.",
    ),
    ("a SKU twice", "LAMP,5.00\nMUG,5.00\nMUG,5.00", "This SKU has a price for these days already, in row 3."),
    (
        "its days twice",
        "LAMP,1,,,2027-01-01,\nMUG,5,,,2027-01-01,2027-01-31\nMUG,4,,,2027-01-31,2027-02-02",
        "These days overlap with the price from Jan. 1, 2027 to Jan. 31, 2027 in row 3.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "says"), [pair[1:] for pair in WRONG], ids=[pair[0] for pair in WRONG])
def test_a_row_that_cannot_be_used_is_named(row: str, says: str, us: PriceList, mug: Variant) -> None:
    VariantFactory(sku="LAMP")
    change(us, mug, 4900, CHRISTMAS)
    before = Price.history.count()
    draft, _changed = judged(us, HEAD + row + "\n")
    [fault] = draft.faults
    assert fault.row == str(2 + row.count("\n"))
    assert fault.text.endswith(says)
    assert Price.history.count() == before


@pytest.mark.parametrize(
    ("typed", "minor"), [("12,50", 1250), ("1.250,00", 125_000), ("12.50", None), ("12", 1200), ("1,234.50", None)]
)
def test_amounts_are_read_in_the_language_of_the_page(
    typed: str, minor: int | None, us: PriceList, mug: Variant
) -> None:
    with translation.override("de"):
        draft, changed = judged(us, f"sku;price\nMUG;{typed}\n")
    assert [one.after for one in changed] == ([(minor, None)] if minor else [])
    assert len(draft.faults) == (0 if minor else 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "There is no column sku, price"),
        (b"name,amount\nMUG,5", "There is no column sku, price"),
        (b"sku,price,price\nMUG,5,6", "There are two columns price."),
        (b'sku,price\n"MUG,5', "Line 2 cannot be read"),
        (b"\xff\xfe\x00", "This is not a text file."),
    ],
)
def test_what_is_no_price_list_at_all(content: bytes, says: str, us: PriceList) -> None:
    with pytest.raises(InvalidInput, match=says):
        price_files.read(content, us)


def test_the_files_of_a_spreadsheet(us: PriceList, mug: Variant) -> None:
    for content in ("\ufeffSKU\tPrice\r\nMUG\t12.50\r\n", "Sku;Price;;\nMUG;12.50;;\n;;;\n"):
        assert [one.after for one in judged(us, content)[1]] == [(1250, None)]
    assert [one.after for one in judged(us, "sku,price\nMUG,12.50".encode("utf-16"))[1]] == [(1250, None)]


def test_a_change_of_all_prices_in_percent(us: PriceList, mug: Variant) -> None:
    lamp, bare = VariantFactory(sku="LAMP", price=1010), VariantFactory(sku="BARE", price=False)
    draft = scheduled(us, [mug, lamp, bare], Step(800_000, 0, 100, 99), CHRISTMAS, at=AT)
    assert {(one.variant.sku, one.after) for one in differences(us, draft, at=AT)} == {
        ("MUG", (4699, 6900)),
        ("LAMP", (799, 1010)),
    }
    up = scheduled(us, [lamp], Step(1_050_000), Days(CHRISTMAS.first), at=AT)
    assert [one.after for one in differences(us, up, at=AT)] == [(1061, None)]


def test_a_change_that_leaves_less_than_nothing(us: PriceList, mug: Variant) -> None:
    lamp = VariantFactory(sku="LAMP", price=400)
    draft = scheduled(us, [mug, lamp], Step(add_minor=-500), CHRISTMAS, at=AT)
    assert [fault.row for fault in draft.faults] == ["LAMP"]
    assert list(draft.wanted) == [(mug.pk, 1)]


def test_a_derived_list_begins_with_what_it_derives(us: PriceList, mug: Variant) -> None:
    outlet = PriceListFactory(code="outlet", derived_from=us, factor_ppm=500_000, step_minor=100, ending_minor=99)
    draft = scheduled(outlet, [mug], Step(900_000), CHRISTMAS, at=AT)
    [one] = differences(outlet, draft, at=AT)
    assert (one.before, one.after) == (None, (2699, 3499))  # 29.99, a tenth less
