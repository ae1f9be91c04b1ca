"""Files that cannot be taken are refused whole, with line numbers, before anything is written."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.catalog.models import Product
from commerce.kernel.errors import InvalidInput, NotAllowed
from commerce.sync import files
from commerce.sync.actions.import_file import import_file
from commerce.sync.errors import FileRefused
from commerce.sync.guards import guard, unguard
from commerce.sync.models import ImportRun
from commerce.sync.report import Report
from tests.factories.company import UserFactory
from tests.sync.conftest import AT, FILES

Take = Callable[..., Report]
Written = Callable[..., Path]
HEADER = "Handle,Title,Variant SKU,Variant Price\n"
GOOD = "a,Anvil,A-1,10.00\n"

BAD = {
    "empty": (b"", "The file is empty"),
    "only blanks": (b" \n\n", "The file is empty"),
    "a workbook": (b"PK\x03\x04\x14\x00", "Excel workbook or a ZIP"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel workbook"),
    "a PDF": (b"%PDF-1.7\n", "PDF"),
    "JSON": (b'{"products": []}', "JSON"),
    "a web page": (b"<!DOCTYPE html><html>", "web page"),
    "UTF-16": ("\ufeff" + HEADER + GOOD).encode("utf-16-le"),
    "another header": (b"name,price\nAnvil,10\n", "Line 1 is not the header of a Shopify export"),
    "a column twice": (b"Handle,Title,Variant Price,Title\na,A,1,A\n", "Line 1 names these columns twice: Title"),
    "NUL": ((HEADER + GOOD + "b,B\0,B-1,1\n").encode(), "Line 3 holds binary data"),
    "ragged": ((HEADER + GOOD + "b,B\n" + GOOD + "c,C,C-1,1,2\n").encode(), "Line 3 does not have 4 columns"),
    "an open quotation mark": ((HEADER + GOOD + 'b,"B,B-1,1\nc,C,C-1,1\n').encode(), "line 3 is never closed"),
    "text behind a quotation mark": ((HEADER + GOOD + 'b,"B"ad,B-1,1\n').encode(), "Line 3: something stands behind"),
    "no text in any encoding": ((HEADER + GOOD).encode() + b"b,\x81\x8d\xff,B-1,1\n", "Line 3 is in an encoding"),
    "CR line ends": (HEADER.encode() + b"a,A,A-1,1\rb,B,B-1,1\rc,C,C-1,1\n", "lines end in a way"),
    "cut gzip": (gzip.compress((HEADER + GOOD * 500).encode())[:60], "damaged or incomplete"),
}
BAD["UTF-16"] = (BAD["UTF-16"], "UTF-16")  # type: ignore[assignment]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_nothing_is_written(name: str, take: Take, written: Written) -> None:
    data, says = BAD[name]
    with pytest.raises(FileRefused) as refused:
        take(written(data))
    assert says in " ".join(fault.text for fault in refused.value.faults)
    assert not Product.objects.exists()
    assert not ImportRun.objects.exists()


def test_all_bad_lines_are_named_up_to_twenty(take: Take, written: Written) -> None:
    with pytest.raises(FileRefused) as refused:
        take(written(HEADER + "short\n" * 50))
    assert [fault.line for fault in refused.value.faults] == list(range(2, 22))
    assert refused.value.more == 30


GOOD_FILES = {
    "plain": HEADER + GOOD,
    "BOM": "\ufeff" + HEADER + GOOD,
    "CRLF": (HEADER + GOOD).replace("\n", "\r\n"),
    "semicolons": (HEADER + GOOD).replace(",", ";"),
    "tabs": (HEADER + GOOD).replace(",", "\t"),
    "no last line end": HEADER + GOOD.strip(),
    "empty lines": HEADER + "\n,,,\n" + GOOD + "\n   \n",
    "blanks around names": HEADER.replace(",", "  , ") + GOOD.replace(",", "  , "),
    "guards": HEADER + "a,Anvil,'A-1,10.00\n",
    "money with a sign": HEADER + 'a,Anvil,A-1,"$ 10.00"\n',
}


@pytest.mark.parametrize("name", GOOD_FILES)
@pytest.mark.parametrize("suffix", [".csv", ".csv.gz"])
def test_good_files_in_many_guises(name: str, suffix: str, take: Take, written: Written) -> None:
    report = take(written(GOOD_FILES[name], f"file{suffix}"))
    assert (report.rows, report.outcomes["created"], report.encoding) == (1, 1, "utf-8")
    variant = Product.objects.get(slug="a", title="Anvil").variants.get()
    assert (variant.sku_key, variant.prices.get().amount_minor) == ("A-1", 1000)


def test_windows_files_are_read_as_such(take: Take, written: Written) -> None:
    report = take(written((HEADER + "a,Größe – 5 €,A-1,1\n").encode("cp1252")))
    assert report.encoding == "cp1252"
    assert Product.objects.get().title == "Größe – 5 €"


def test_long_descriptions_over_many_lines(take: Take, written: Written) -> None:
    body = "<p>" + "line of text\n" * 20_000 + "</p>"
    report = take(
        written([["Handle", "Title", "Body (HTML)", "Variant Price"], ["a", "A", body, "1"], ["", "B", "", "2"]])
    )
    assert report.outcomes["created"] == 1
    (kind,) = [kind for kind in report.problems if kind.code == "handle_missing"]
    assert kind.first[0].line == 20_003


def test_a_bomb_is_not_unpacked(take: Take, written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "JUDGED_FROM", 1 << 20)
    with pytest.raises(FileRefused, match="unpacks to far more than it should"):
        take(written(HEADER + ("a" * 1000 + ",,,\n") * 20_000, "bomb.csv.gz"))


def test_a_line_without_end(take: Take, written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 1 << 16)
    with pytest.raises(FileRefused, match="Line 2 never ends"):
        take(written(HEADER + "x" * (1 << 17)))


def test_options_that_do_not_exist(take: Take) -> None:
    with pytest.raises(InvalidInput, match=r"There is no location “NOPE”. There are: PDX-1."):
        take(FILES / "shopify_products.csv", location="NOPE")
    with pytest.raises(InvalidInput, match=r"There is no market “NOPE”. There are: us."):
        take(FILES / "shopify_products.csv", market="NOPE")
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("role", "allowed"), [("associate", False), ("manager", False), ("office", True), ("admin", True)]
)
def test_who_may_import(role: str, allowed: bool, store: object) -> None:
    person = UserFactory(role=role)
    options = {"location": "PDX-1"}

    def run() -> Report:
        return import_file(
            path=FILES / "shopify_products.csv", file_format="shopify", options=options, person=person, at=AT
        )

    if allowed:
        run()
        assert ImportRun.objects.get().actor == person
    else:
        with pytest.raises(NotAllowed):
            run()
        assert not Product.objects.exists()


@given(st.text("='+-@\t\r\x00ab1 "))
def test_the_formula_guard_comes_off_as_it_went_on(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r", "\x00"))


@pytest.mark.parametrize("text", ["'tis", "'13652285", "Plain", ""])
def test_other_apostrophes_stay(text: str) -> None:
    assert unguard(text) == guard(text) == text
