"""The till's own modules, in Chromium: money as it is typed and written, search, ids, the meaning of a scan."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from pos import approvals, oddities, open_prices
from tests.module_pages import module_pages


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with module_pages({}) as url:
        yield url


@pytest.fixture
def blank(page: Page, address: str) -> Page:
    page.goto(address)
    return page


@pytest.mark.parametrize(
    ("currency", "digits", "locale", "minor", "text"),
    [
        ("USD", 2, "en", 1999, "$19.99"),
        ("USD", 2, "en", -250, "-$2.50"),
        ("EUR", 2, "de", 123456, "1.234,56 €"),
        ("JPY", 0, "en", 1999, "¥1,999"),
        ("KWD", 3, "en", 1500, "KWD 1.500"),
    ],
)
def test_amounts_are_written_by_the_locale(
    blank: Page, currency: str, digits: int, locale: str, minor: int, text: str
) -> None:
    written = blank.evaluate(
        """async ([currency, digits, locale, minor]) => {
            const {Money} = await import("/static/js/till/money.js");
            return new Money({currency, digits, locale}).format(minor);
        }""",
        [currency, digits, locale, minor],
    )
    assert re.sub(r"\s", " ", written) == text


@pytest.mark.parametrize(
    ("currency", "digits", "locale", "minor", "text"),
    [("USD", 2, "en", 15_550, "155.50"), ("EUR", 2, "de", 5, "0,05"), ("JPY", 0, "en", 1999, "1999")],
)
def test_amounts_are_put_into_fields_as_people_type_them(
    blank: Page, currency: str, digits: int, locale: str, minor: int, text: str
) -> None:
    plain, again = blank.evaluate(
        """async ([currency, digits, locale, minor]) => {
            const {Money} = await import("/static/js/till/money.js");
            const money = new Money({currency, digits, locale});
            return [money.plain(minor), money.parse(money.plain(minor))];
        }""",
        [currency, digits, locale, minor],
    )
    assert (plain, again) == (text, minor)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-11-23T22:05:00Z", "2:05 PM"),
        ("2026-11-23T08:30:00Z", "12:30 AM"),
        ("2026-11-23T07:30:00Z", "Nov 22, 11:30 PM"),  # yesterday on the store's clock
    ],
)
def test_a_time_of_another_day_says_which(blank: Page, at: str, text: str) -> None:
    written = blank.evaluate(
        """async (at) => {
            const {dayTime} = await import("/static/js/till/words.js");
            return dayTime(at, "America/Los_Angeles", Date.parse("2026-11-23T23:00:00Z"));
        }""",
        at,
    )
    assert re.sub(r"\s", " ", written) == text


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "under a minute"), (59, "59 min"), (60, "1 h"), (2879, "47 h"), (2880, "2 days")]
)
def test_an_age_is_told_in_the_unit_that_people_use(blank: Page, minutes: int, text: str) -> None:
    told = blank.evaluate(
        """async (minutes) => {
            const {age} = await import("/static/js/till/words.js");
            return age("2026-11-20T12:00:00Z", Date.parse("2026-11-20T12:00:00Z") + minutes * 60_000);
        }""",
        minutes,
    )
    assert told == text


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("20", 2000),
        ("20.5", 2050),
        ("20,50", 2050),
        ("$20.00", 2000),
        (".99", 99),
        ("0", 0),
        ("", None),
        ("abc", None),
        ("1.234", None),
        ("1,234.50", None),
        ("20.", 2000),
    ],
)
def test_amounts_are_read_as_typed_or_not_at_all(blank: Page, text: str, minor: int | None) -> None:
    read = blank.evaluate(
        """async (text) => {
            const {Money} = await import("/static/js/till/money.js");
            return new Money({currency: "USD", digits: 2, locale: "en"}).parse(text);
        }""",
        text,
    )
    assert read == minor


def test_ids_are_version_seven_and_sort_by_their_time(blank: Page) -> None:
    made = blank.evaluate(
        """async () => {
            const {newUid} = await import("/static/js/till/ids.js");
            return Array.from({length: 500}, () => newUid());
        }"""
    )
    assert len(set(made)) == 500
    assert made == sorted(made)
    assert all(
        re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", uid) for uid in made
    )


def test_search_finds_parts_of_words_without_accents_and_forgets_what_was_taken_out(blank: Page) -> None:
    found = blank.evaluate(
        """async () => {
            const {SearchText} = await import("/static/js/till/search.js");
            const text = new SearchText();
            ["Café crème cup RED-1 4006381333931", "Tent alder TENT-2P", "Cup holder HOLD", "Tea cup blue"]
                .forEach((words, number) => text.add(number, words));
            const before = ["cup", "creme", "cup red", "381333", "2p", "zzz", "  "].map((query) => text.find(query));
            text.drop(2);
            text.add(1, "Tarp alder TARP");
            return [before, ["cup", "tent", "tarp", "alder"].map((query) => text.find(query))];
        }"""
    )
    assert found == [[[2, 0, 3], [0], [0], [0], [1], [], []], [[0, 3], [], [1], [1]]]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("P-7KQ2M-XW9ZT", "pickup"),
        ("p7kq2mxw9zt", "pickup"),
        ("PDX-1-1-000123", "receipt"),
        ("PDX-1-1-000123#0a1b2c", "receipt"),
        ("4006381333931", "unknown"),
        ("TENT", "unknown"),
        (" cs-1001 ", "product CS-1001"),
    ],
)
def test_what_a_code_means(blank: Page, text: str, kind: str) -> None:
    meaning = blank.evaluate(
        """async (text) => {
            const {meaning} = await import("/static/js/till/scan.js");
            const catalog = {byCode: () => null, bySku: (sku) => (sku === "STOVE" ? {sku} : null)};
            const numbers = {skuOf: (code) => (code === "cs-1001" ? "STOVE" : "")};
            const {kind, number} = meaning({text, keys: []}, catalog, numbers);
            return number ? `${kind} ${number}` : kind;
        }""",
        text,
    )
    assert meaning == kind


def test_a_pin_opens_its_seal_and_no_other_does(blank: Page) -> None:
    answers = blank.evaluate(
        """async () => {
            const {Store} = await import("/static/js/till/store.js");
            const {Passes} = await import("/static/js/till/passes.js");
            const passes = new Passes(await Store.open("test"));
            await passes.seal({username: "jo", pass: "secret"}, "4711");
            const tries = [];
            for (const pin of ["4712", "4711", "0", "1", "2", "3", "4", "4711"]) {
                const wrong = (error) => [error.triesLeft, error.waitMs > 0];
                tries.push(await passes.open("jo", pin).then((person) => person.pass, wrong));
            }
            return [tries, await passes.open("mara", "4711"), await passes.digits("jo")];
        }"""
    )
    left = [[4, False], "secret", [4, False], [3, False], [2, False], [1, False], [0, True], [0, True]]
    assert answers == [left, None, 4]


WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "promised_to_web": ({"orders": ["1001", "1002"]}, "A web order waits for this: 1001, 1002."),
    "sent_from_elsewhere": (
        {"sku": "MUG", "order": "1001", "location": "Ballard"},
        "Web order 1001 is sent from Ballard now",
    ),
    "price_drift": ({"differences": ["x"]}, "not that of the price list"),
    "discount_over_limit": ({"reductions": ["x"]}, "More was taken off by hand"),
    "sold_below_cost": ({"lines": ["x"]}, "sold below cost"),
    "coupon_overused": ({"coupons": ["MOSS"]}, "The coupon MOSS was used up before."),
    "open_price": ({"lines": ["x"]}, "A price was said"),
    "receipt_number_clash": ({"receipt_number": "A-1"}, "same receipt number"),
    "cashier_not_allowed": ({"cashier": "mara"}, "mara may not sell"),
    "shift_closed": ({"shift": "x"}, "after its shift was counted"),
    "clock_wrong": ({"sold_at": "x"}, "clock of this computer"),
    "of_next_year": ({}, "not as usual"),
}


@pytest.mark.parametrize("code", WORDS)
def test_every_warning_has_its_words(blank: Page, code: str) -> None:
    facts, words = WORDS[code]
    script = "async (one) => (await import('/static/js/till/warnings.js')).warningWords([one, one])"
    said = blank.evaluate(script, {"code": code, **facts})
    assert said.count(words) == 1


def test_every_oddity_of_the_server_is_in_the_list() -> None:
    source = "".join(Path(str(module.__file__)).read_text() for module in (approvals, oddities, open_prices))
    known = set(re.findall(r'Oddity\(\s*"(\w+)"', source))
    assert known == set(WORDS) - {"of_next_year"}


LATEST = """async ([pauseMs, askAt, lastsMs]) => {
    const {latest} = await import("/static/js/ui/latest.js");
    const started = performance.now();
    const reads = [];
    const read = latest(async () => {
        reads.push(Math.round((performance.now() - started) / 50) * 50);
        await new Promise((done) => setTimeout(done, lastsMs));
        if (lastsMs < 0) throw new Error("no answer");
        return reads.length;
    }, pauseMs);
    const asked = askAt.map((at) => new Promise((done) => setTimeout(() => done(read().catch(() => 0)), at)));
    return [reads, await Promise.all(asked)];
}"""


@pytest.mark.parametrize(
    ("pause_ms", "ask_at", "lasts_ms", "reads", "answers"),
    [
        (0, [0, 400], 100, [0, 400], [1, 2]),
        (0, [0, 100, 150], 200, [0, 200], [1, 2, 2]),  # one more read for all that came during the first
        (300, [0, 200], 100, [0, 400], [1, 2]),  # not before the pause is over
        (0, [0, 100], -1, [0, 100], [0, 0]),  # a failed read is told and the next one goes on
    ],
)
def test_news_is_read_once_at_a_time_and_never_missed(
    blank: Page, pause_ms: int, ask_at: list[int], lasts_ms: int, reads: list[int], answers: list[int]
) -> None:
    assert blank.evaluate(LATEST, [pause_ms, ask_at, lasts_ms]) == [reads, answers]


def test_levels_told_while_all_are_on_their_way_are_newer(blank: Page) -> None:
    levels = blank.evaluate(
        """async () => {
            const {Stock} = await import("/static/js/till/stock.js");
            let answer;
            const api = {get: () => new Promise((resolve) => { answer = resolve; })};
            const stock = new Stock(api, {unsentUnits: () => 0});
            const loaded = stock.load();
            await new Promise((done) => setTimeout(done));
            stock.hear({sku: "TENT", on_hand: 4, reserved: 1});
            answer({TENT: [5, 1], MUG: [7, 0]});
            await loaded;
            return [stock.sellable("TENT"), stock.sellable("MUG")];
        }"""
    )
    assert levels == [3, 7]


def test_a_shift_opened_while_the_state_is_asked_for_stays_open(blank: Page) -> None:
    shifts = blank.evaluate(
        """async () => {
            const {Session} = await import("/static/js/till/session.js");
            const answers = [{shift: null}, {shift: {number: 7}}];
            const waiting = [];
            const api = {get: () => new Promise((resolve) => waiting.push(resolve))};
            const session = new Session({put: async () => {}, get: async () => undefined}, api);
            session.state = {shift: null};
            const refreshed = session.refresh();
            await session.setShift({number: 7});
            const seen = [];
            session.addEventListener("state", () => seen.push(session.state.shift?.number ?? null));
            for (const answer of answers) {
                while (!waiting.length) await new Promise((done) => setTimeout(done));
                waiting.shift()({...answer, server_time: new Date().toISOString()});
            }
            await refreshed;
            return seen;
        }"""
    )
    assert shifts == [7]
