"""Whatever a scanner or a spreadsheet gives, the variant is found."""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from commerce.catalog.barcodes import Normalized, display, lookup_keys, make_ean13, normalize_barcode
from commerce.runtime.paths import PROJECT

SHARED = PROJECT.parent / "shared" / "data"
digits = st.text("0123456789", min_size=7, max_size=13).filter(
    lambda body: len(body) in (7, 11, 12, 13) and body.strip("0")
)


def gtin(value: str) -> Normalized:
    return Normalized("gtin", value.zfill(14))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4006381333931", "4006381333931"),
        ("036000291452", "036000291452"),
        ("0036000291452", "036000291452"),
        ("00036000291452", "036000291452"),
        ("96385074", "96385074"),
        ("10036000291459", "10036000291459"),
        (" '4006381333931 ", "4006381333931"),
        ("’4006381333931", "4006381333931"),
        ('="4006381333931"', "4006381333931"),
        ("4 006381 333931", "4006381333931"),
        ("978-3-16-148410-0", "9783161484100"),
        ("４００６３８１３３３９３１", "4006381333931"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}4006381333931\r\n", "4006381333931"),
        ("\x024006381333931\x03", "4006381333931"),
    ],
)
def test_one_gtin_however_it_is_written(text: str, value: str) -> None:
    assert normalize_barcode(text) == gtin(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("04252614", "042100005264"),
        ("06543217", "065100004327"),
        ("01278907", "012000007897"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234572", "012345000072"),
        ("11234538", "112300000458"),
    ],
)
def test_upc_e_stands_for_twelve_digits(text: str, value: str) -> None:
    assert normalize_barcode(text) == gtin(value)
    assert display(normalize_barcode(text).value) == value


def test_eight_digits_that_fit_both_ways_go_by_their_first() -> None:
    """In 0 GS1 gives EAN-8 numbers to shops only, so it is UPC-E; in 1 EAN-8 numbers are given to the world."""
    assert normalize_barcode("05270521") == gtin("052200007051")
    assert normalize_barcode("10495193") == gtin("10495193")
    assert normalize_barcode("]E405270521") == gtin("05270521"), "the scanner says that it read EAN-8"
    assert lookup_keys("05270521")[:1] == ["00052200007051"]
    assert {"00000005270521", "05270521"} < set(lookup_keys("05270521"))
    assert "00104951000093" in lookup_keys("10495193")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4006381333932", "1"),
        ("036000291453", "2"),
        ("13652285", "9"),
        ("00000000000018", "7"),
        ("01234567", "5"),
        ("(01)09506000134351", "2"),
    ],
)
def test_a_wrong_check_digit_is_said_with_the_right_one(text: str, expected: str) -> None:
    found = normalize_barcode(text)
    assert (found.kind, found.expected) == ("invalid_gtin", expected)
    assert found.value in text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abc-123", "ABC-123"),
        ("  shelf   7 ", "SHELF 7"),
        ("'1234", "1234"),
        ("1234567", "1234567"),
        ("123456789012345", "123456789012345"),
        ("2024-0001", "2024-0001"),
        ("straße", "STRASSE"),
        ("]C0abc", "ABC"),
        ("https://shop.example/p/01", "HTTPS://SHOP.EXAMPLE/P/01"),
    ],
)
def test_anything_else_is_an_internal_code(text: str, value: str) -> None:
    assert normalize_barcode(text) == Normalized("internal", value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        (" ' ", "empty"),
        ("0", "placeholder"),
        ("0000000000000", "placeholder"),
        ("x" * 65, "too_long"),
        ("a\x00b", "unprintable"),
        ("a\ue000", "unprintable"),
        ("]C110ABC", "no_product"),
        ("]C1", "no_product"),
    ],
)
def test_what_cannot_be_a_barcode_says_why(text: str, problem: str) -> None:
    assert normalize_barcode(text) == Normalized("invalid", "", problem=problem)
    if problem in ("empty", "placeholder", "too_long", "unprintable"):
        assert lookup_keys(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "]C10109506000134352\x1d10ABC",
        "]d2112501010109506000134352",
        "]Q30109506000134352",
        "]e010ABC\x1d0109506000134352",
        "\x1d010950600013435217250101",
        "(01)09506000134352(17)250101(10)ABC",
        "(01)09506000134352",
        "https://id.gs1.org/01/09506000134352/10/ABC?17=250101",
        "HTTPS://shop.example/deep/01/9506000134352",
        "]Q1https://id.gs1.org/01/09506000134352#x",
    ],
)
def test_the_product_number_is_taken_out_of_gs1_codes(text: str) -> None:
    assert normalize_barcode(text) == gtin("9506000134352")
    assert lookup_keys(text)[0] == "09506000134352"


@pytest.mark.parametrize(
    ("scanned", "stored"),
    [
        ("036000291452", "0036000291452"),
        ("]E00036000291452", "036000291452"),
        ("04252614", "042100005264"),
        ("036000291452", "36000291452"),  # a spreadsheet took the leading zero off
        ("36000291452", "036000291452"),
        ("13652285", "'13652285"),  # a shop's own number of eight digits
        ("010950600013435217250101", "9506000134352"),  # GS1 data from a scanner that does not say so
        ("977036000291405", "977036000291405"),
        ("shelf 7", "SHELF  7"),
    ],
)
def test_a_scan_finds_what_was_stored(scanned: str, stored: str) -> None:
    assert normalize_barcode(stored).value in lookup_keys(scanned)


def test_an_add_on_of_a_magazine_is_left_out() -> None:
    assert normalize_barcode("]E3977036000291405") == gtin("9770360002914")


@given(digits)
def test_every_length_folds_to_one_key(body: str) -> None:
    code = body + ean.calc_check_digit(body)
    found = normalize_barcode(code)
    assert found.kind == "gtin"
    assert ean.is_valid(found.value)
    if len(code) != 8:
        assert found == gtin(code) == normalize_barcode(code.zfill(14))
        assert display(found.value).zfill(14) == code.zfill(14)
    wrong = body + str((int(code[-1]) + 1) % 10)
    assert len(code) == 8 or normalize_barcode(wrong) == Normalized("invalid_gtin", wrong, expected=code[-1])


@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused_and_found_again(text: str) -> None:
    found = normalize_barcode(text)
    assert (found.value == "") == (found.kind == "invalid") == bool(found.problem)
    assert bool(found.expected) == (found.kind == "invalid_gtin")
    assert len(found.value) <= 64
    assert found.value == "" or found.value in lookup_keys(text)
    if found.kind in ("gtin", "internal"):
        assert normalize_barcode(found.value) == found


def test_internal_ean_13_numbers_come_from_the_shops_own_range() -> None:
    assert make_ean13("20", 5) == "2000000000053"
    assert make_ean13("299", 123456789) == "2991234567897"
    assert normalize_barcode(make_ean13("21", 0)).kind == "gtin"
    for prefix in ("", "19", "3", "2a", "２０", "20000000"):
        with pytest.raises(ValueError, match="prefix must be"):
            make_ean13(prefix, 1)
    for number in (-1, 10**10, "1", True):
        with pytest.raises(ValueError, match="number must be a whole number of up to 10 digits"):
            make_ean13("20", number)  # type: ignore[arg-type]


def test_codes_are_shown_as_people_know_them() -> None:
    assert display("00036000291452") == "036000291452"
    assert display("04006381333931") == "4006381333931"
    assert display("00000096385074") == "96385074"
    assert display("10036000291459") == "10036000291459"
    assert display("SHELF 7") == "SHELF 7"
    assert display("12345678901234") == "12345678901234"


if SHARED.exists():  # real data beside the checkout, not part of it

    def rows(name: str, **options: str) -> Iterator[dict[str, str]]:
        data = gzip.decompress((SHARED / name).read_bytes()).decode("utf-8-sig")
        return csv.DictReader(io.StringIO(data), **options)  # type: ignore[arg-type]

    def test_a_list_of_real_product_codes() -> None:
        """36,177 fit as they are, the other 46 are UPC-E; one UPC-E stands beside the UPC-A it stands for."""
        codes = [row["UPCEAN"] for row in rows("barcodes/uhtt_branded_sample.csv.gz")]
        found = {code: normalize_barcode(code) for code in codes}
        assert len(codes) == 36223
        assert Counter(one.kind for one in found.values()) == {"gtin": 36223}
        assert sum(ean.is_valid(code) for code in codes) == 36177
        assert len({one.value for one in found.values()}) == 36222

    def test_codes_typed_by_volunteers() -> None:
        kinds = Counter(normalize_barcode(row["barcode"]).kind for row in rows("barcodes/off_2019_barcode_name.csv.gz"))
        assert sum(kinds.values()) == 21436
        assert kinds["gtin"] >= 20824

    def test_a_shops_own_numbers_are_told_from_products() -> None:
        found = [row["Variant Barcode"] for row in rows("catalog/shopify/unshattered_bags_products_export.csv.gz")]
        kinds = Counter(normalize_barcode(code).kind for code in found if code)
        assert sum(kinds.values()) == 547
        assert 55 <= kinds["gtin"] <= 70, "by chance"
        assert kinds["gtin"] + kinds["invalid_gtin"] == 547
        assert all(code.strip("'") in lookup_keys(code) for code in found if code)

    def test_scans_that_name_their_symbology() -> None:
        """The GS1 syntax engine's own vectors: a refusal there is never a product here, and product numbers agree."""
        lines = (SHARED / "barcodes" / "gs1" / "gs1_vectors.jsonl").read_text().splitlines()
        scans = [vector for vector in map(json.loads, lines) if vector["kind"] == "scan_data_with_symbology_id"]
        products = 0
        for vector in scans:
            found = normalize_barcode(vector["input"])
            elements = (vector["expect"] or "").split("|")[0]
            if elements.startswith("^01"):
                number = elements[3:17]
            else:
                number = elements if elements.isdigit() and len(elements) in (8, 13) else ""
            if number and ean.is_valid(number):
                products += 1
                assert found == gtin(number), vector
            if not vector["ok"]:
                assert found.kind != "gtin" or "^" in vector["input"], vector
        assert products >= 2
