"""A cart of 30 lines with 200 promotions that are on: the price engine on the server and in a browser.

What is plausible, and made here: a retailer with sixty shelves in twelve departments runs 200 promotions at a time,
most of them on a shelf, a collection or some items, a few on a department or the whole order. A cart of thirty lines
from half of the shelves is touched by a hundred of them. One in four is exclusive, one in ten competes with others by
`best_of`, one in ten begins with a coupon that nobody has; tax is a state's and a county's, each item has two prices.

Times of pricing are the processor's, of this process or of the browser's pages, ten carts at a time, and the lower
quartile of many such tens: whoever else is on the machine counts little. Boot is the shortest on the clock.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page, sync_playwright

from commerce.pricing import engine
from commerce.runtime.paths import PROJECT
from tests.bench.figures import Figure, percentile
from tests.bench.place import Ground
from tests.chromium import ARGUMENTS, chromium
from tests.module_pages import module_pages

LINES = 30
PROMOTIONS = 200

_BOOT = """async () => {
    const {Engine} = await import("/static/js/till/engine.js");
    const began = performance.now();
    const [workerUrl, vendorUrl] = ["/static/js/till/engine_worker.js", "/static/vendor/"];
    window.till = new Engine({workerUrl, engineUrl: "/till/engine.py", vendorUrl});
    await window.till.started();
    return performance.now() - began;
}"""
_KEEP = """async (rules) => {
    const began = performance.now();
    await window.till.keepRules(rules);
    return performance.now() - began;
}"""
_PRICE = """async ([name, asked, rounds]) => {
    let answer = null;
    for (let round = 0; round < rounds; round += 1) answer = await window.till[name](asked);
    return answer.total;
}"""


def rules() -> dict[str, Any]:
    """The 200 promotions; those with an even number are for what lies in the cart."""
    return {
        "version": "1",
        "market": {"currency": "USD", "prices_include_tax": False, "tax_rounding": "document"},
        "lists": [
            {"code": "us", "currency": "USD", "is_base": True},
            {"code": "staff", "currency": "USD", "groups": ["staff"], "base": "us", "factor_ppm": 700_000},
        ],
        "promotions": [_promotion(number) for number in range(PROMOTIONS)],
        "taxes": [
            {"jurisdiction": "US-CA", "code": "ca", "name": "California", "rate_ppm": 72_500},
            {"jurisdiction": "US-CA-ALAMEDA", "code": "alameda", "name": "Alameda", "rate_ppm": 10_000},
        ],
    }


def basket() -> dict[str, Any]:
    """Thirty lines from thirty shelves in six departments and five collections."""
    lines = [
        {
            "id": f"l{number}",
            "sku": f"K{number}",
            "quantity": 1 + number % 3,
            "categories": [f"shelf-{number}", f"department-{number % 6}"],
            "collections": [f"collection-{number % 5}"],
            "prices": [["us", 1999 + 37 * number], ["us", 1799 + 37 * number, None, 3]],
        }
        for number in range(LINES)
    ]
    place = ["US", "US-CA", "US-CA-ALAMEDA"]
    return {"at": "2026-05-03T14:10:00", "channel": "pos", "currency": "USD", "place": place, "lines": lines}


def _promotion(number: int) -> dict[str, Any]:
    """Of twenty: nine on a shelf, five on some items, three on a collection, two on a department, one on the order."""
    nth, here, sort = number // 2, number % 2 == 0, number // 2 % 20
    shelf = nth % 30 + (0 if here else 30)
    select: dict[str, list[str]] = {"categories": [f"shelf-{shelf}"]}
    if sort in (9, 10, 11, 12, 13):
        select = {"skus": [f"K{(shelf + step) if here else 100 + nth}" for step in range(3)]}
    elif sort in (14, 15, 16):
        select = {"collections": [f"collection-{nth % 5 + (0 if here else 5)}"]}
    elif sort in (17, 18):
        select = {"categories": [f"department-{nth % 6 + (0 if here else 6)}"]}
    made: dict[str, Any] = {
        "id": f"p{number}",
        "label": f"Promotion {number}",
        "currency": "USD",
        "select": select,
        "priority": 50 if nth % 7 == 0 else 100,
        "exclusive": nth % 4 == 1,
        "best_of": f"group-{nth % 4}" if nth % 10 == 3 else "",
        "needs_coupon": nth % 10 == 7,
        **_KINDS[nth % len(_KINDS)],
    }
    if made["kind"] == "bundle":
        items = [f"K{(shelf + step) if here else 100 + nth + step}" for step in range(3)]
        made["parts"] = [{"select": {"skus": items[:2]}}, {"select": {"skus": items[2:]}}]
    if sort == 19:
        made.update(kind="percent", value=50_000, scope="order", min_spend_minor=5000 * (nth % 7), exclusive=False)
    return made


_KINDS: list[dict[str, Any]] = [
    {"kind": "percent", "value": 100_000},
    {"kind": "percent", "value": 150_000},
    {"kind": "amount", "value": 300},
    {"kind": "percent", "value": 200_000, "max_minor": 2500},
    {"kind": "buy_get", "buy_quantity": 2, "get_quantity": 1},
    {"kind": "fixed_price", "value": 1499},
    {"kind": "tiers", "tiers": [{"from_quantity": 3, "value": 50_000}, {"from_quantity": 6, "value": 100_000}]},
    {"kind": "percent", "value": 50_000},
    {"kind": "bundle", "value": 3500},
]


def run(ground: Ground) -> Iterator[Figure]:
    """No server: the engine by itself, where it runs on the server and where it runs at the till."""
    known, asked = rules(), basket()
    rounds = ground.size(30, 6)
    ground.say("on the server")
    cart = _check(engine.price(asked, known))
    prepared = engine.prepare(known)
    alone = _lower_quartile(rounds, _ten_times(lambda: engine.price_cart(cart)))
    whole = _lower_quartile(rounds, _ten_times(lambda: engine.price(asked, prepared)))
    yield _figure("30 lines, 200 promotions, server", whole, "< 3", alone)
    yield _figure("rules made ready, server", _lower_quartile(rounds, _ten_times(lambda: engine.prepare(known))))
    ground.say("in the browser")
    source = (PROJECT / "commerce" / "pricing" / "engine.py").read_text()
    path = chromium()
    with module_pages({"/till/engine.py": source}) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield from _in_the_browser(browser.new_page(), url, cart, rounds)
        finally:
            browser.close()


def _in_the_browser(page: Page, url: str, cart: dict[str, Any], rounds: int) -> Iterator[Figure]:
    """The till's own thread for the engine, asked as the till asks it, there and back."""
    boots = []
    for _ in range(max(3, rounds // 5)):
        page.goto(url)
        boots.append(page.evaluate(_BOOT))
    asked = {**basket(), "with_notes": False}  # as basket.js asks
    ready = page.evaluate(_KEEP, rules())
    if page.evaluate(_PRICE, ["price", asked, 30]) != engine.price(basket(), rules())["total"]:
        raise RuntimeError("The browser prices the cart otherwise than the server.")
    alone = _lower_quartile(rounds, lambda: page.evaluate(_PRICE, ["priceCart", cart, 10]), _Pages(page).milliseconds)
    whole = _lower_quartile(rounds, lambda: page.evaluate(_PRICE, ["price", asked, 10]), _Pages(page).milliseconds)
    yield _figure("30 lines, 200 promotions, browser", whole, "< 15", alone)
    yield _figure("rules made ready, browser", ready)
    yield _figure("boot of MicroPython and engine", min(boots), "< 300")


def _figure(name: str, milliseconds: float, goal: str = "", reference: float | None = None) -> Figure:
    beside = "price_cart alone" if reference else ""
    return Figure("pricing", name, milliseconds, "ms", goal, reference=reference, beside=beside)


def _check(answer: dict[str, Any]) -> dict[str, Any]:
    """The decided cart of a basket that is as plausible as promised."""
    told = [row["why"] for row in engine.price({**basket(), "explain": True}, rules())["trace"]["promotions"]]
    touching = len(told) - told.count("no_items")
    if len(told) != PROMOTIONS or not 0.45 * PROMOTIONS <= touching <= 0.55 * PROMOTIONS:
        raise RuntimeError(f"{touching} of {len(told)} promotions touch the cart; half of {PROMOTIONS} should.")
    cart: dict[str, Any] = answer["cart"]
    return cart


class _Pages:
    """Time of the processor that the browser's pages have taken: all that pricing costs there, there and back."""

    def __init__(self, page: Page) -> None:
        assert page.context.browser
        self._session = page.context.browser.new_browser_cdp_session()

    def milliseconds(self) -> float:
        found = self._session.send("SystemInfo.getProcessInfo")["processInfo"]
        return float(sum(one["cpuTime"] for one in found if one["type"] == "renderer") * 1000)


def _own_milliseconds() -> float:
    return time.process_time() * 1000


def _lower_quartile(
    rounds: int, tenfold: Callable[[], object], clock: Callable[[], float] = _own_milliseconds
) -> float:
    """Milliseconds on a clock of work that does the same ten times."""
    times = []
    for _ in range(rounds):
        began = clock()
        tenfold()
        times.append((clock() - began) / 10)
    return percentile(times, 0.25)


def _ten_times(work: Callable[[], object]) -> Callable[[], None]:
    def tenfold() -> None:
        for _ in range(10):
            work()

    return tenfold
