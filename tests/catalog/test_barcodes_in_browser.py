"""The till folds codes to the same keys as the server."""

import random
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from stdnum import ean

from commerce.catalog.barcodes import display, lookup_keys, normalize_barcode
from commerce.catalog.skus import normalize_sku
from tests.module_pages import module_pages

SEED = 20260802
CODES = 6000
BATCH = 2000
IN_THE_TILL = """async (texts) => {
    const {displayBarcode, lookupKeys, normalizeBarcode, normalizeSku} = await import("/static/js/till/barcodes.js");
    return texts.map((text) => {
        const barcode = normalizeBarcode(text);
        const sku = normalizeSku(text);
        return [barcode.kind, barcode.value, barcode.expected, barcode.problem, lookupKeys(text),
                displayBarcode(barcode.value), sku.value, sku.problems];
    });
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with module_pages({}) as url:
        yield url


def on_the_server(text: str) -> list[Any]:
    code, sku = normalize_barcode(text), normalize_sku(text)
    return [
        *(code.kind, code.value, code.expected, code.problem, lookup_keys(text), display(code.value)),
        *(sku.value, list(sku.problems)),
    ]


def in_the_till(page: Page, texts: list[str]) -> list[list[Any]]:
    answers: list[list[Any]] = []
    for start in range(0, len(texts), BATCH):
        answers += page.evaluate(IN_THE_TILL, texts[start : start + BATCH])
    return answers


def code(dice: random.Random) -> str:
    """Digits of every length, mostly with a right check digit, and the wrappings that codes come in."""
    body = "".join(dice.choice("0123456789") for _ in range(dice.choice((6, 7, 7, 7, 8, 10, 11, 11, 12, 12, 13, 14))))
    if dice.random() < 0.4:
        body = dice.choice("01") * dice.randint(1, 6) + body[dice.randint(1, 6) :]
    text = body + (ean.calc_check_digit(body) if dice.random() < 0.7 else dice.choice("0123456789X"))
    wrappings = (
        *("{}", "{}", "{}", "'{}", "’{}", '="{}"', " {}\t", "{}\r\n", "\x02{}\x03", "\ufeff{}", "{}\u200b", "\x1d{}"),
        *("]E0{}", "]E4{}", "]E3{}", "]C0{}", "]C1{}", "]C101{}", "]d201{}\x1d10ABC", "(01){}", "(01){}(10)X", "01{}"),
        *(
            "]C111250101{}",
            "]e0310300123401{}",
            "]Q310AB\x1d01{}",
            "]Q1{}",
            "https://id.gs1.org/01/{}",
            "{}-A",
            "ab {}",
        ),
        *("http://x/a/01/{}?b=1", "0{}", "00{}", "{}" + "0" * 50, "a\x00{}", "\ue000{}", "sku  {}", "'={}", '="\'{}"'),
    )
    text = dice.choice(wrappings).format(text)
    if dice.random() < 0.1:
        text = dice.choice((" ", "-")).join((text[:3], text[3:]))
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in text) if dice.random() < 0.05 else text


def test_thousands_of_codes_have_the_same_keys(page: Page, address: str) -> None:
    dice = random.Random(SEED)
    texts = [code(dice) for _ in range(CODES)] + [
        "",
        " ",
        "'",
        '=""',
        "]",
        "]E",
        "]E0",
        "]C1",
        "0",
        "4.00638E+12",
        "#N/A",
    ]
    expected = [on_the_server(text) for text in texts]
    kinds = {answer[0] for answer in expected}
    assert kinds == {"gtin", "internal", "invalid_gtin", "invalid"}
    assert {answer[3] for answer in expected} >= {"", "empty", "placeholder", "unprintable", "no_product"}
    page.goto(address)
    for text, theirs, ours in zip(texts, in_the_till(page, texts), expected, strict=True):
        assert theirs == ours, repr(text)


def test_every_letter_of_the_world_is_folded_alike(page: Page, address: str) -> None:
    """Each character that folding may change, between others; half surrogates cannot travel to a page."""
    letters = [
        letter
        for letter in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(letter) not in ("Cn", "Cs", "Co")
        if unicodedata.category(letter) != "Lo" or not unicodedata.is_normalized("NFKC", letter)
    ]
    texts = [f"a{letter}1" for letter in letters]
    page.goto(address)
    differing = [
        (text, theirs, ours)
        for text, theirs in zip(texts, in_the_till(page, texts), strict=True)
        if theirs != (ours := on_the_server(text))
        if not any(
            unicodedata.category(letter) == "Cn" for letter in theirs[1] + theirs[6]
        )  # a newer Unicode's capital
    ]
    assert len(letters) > 10_000
    assert differing == []
