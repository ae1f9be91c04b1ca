"""The till's thread for prices: started once, started again when it dies, and never seen to be late."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from commerce.runtime.paths import PROJECT
from tests.module_pages import module_pages
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage

# "BOOM" meets what no test of the engine has found: an error that is not the cart's.
SPOILED = """
_price_of_others = price_cart
def price_cart(cart):
    return None.x if "BOOM" in str(cart) else _price_of_others(cart)
"""
ENGINE = """(async () => {
    const {Engine} = await import("/static/js/till/engine.js");
    window.threads = [];
    window.Worker = class extends Worker { constructor(...where) { super(...where); threads.push(this); } };
    window.cart = (sku, quantity = 1) => ({
        currency: "USD", prices_include_tax: false, tax_rounding: "line",
        lines: [{id: "a", sku, quantity, unit_minor: 100}],
    });
    const workerUrl = "/static/js/till/engine_worker.js";
    window.engine = new Engine({workerUrl, engineUrl: "/till/engine.py", vendorUrl: "/static/vendor/"});
})()"""
# A sale whose engine answers when it is told to.
SALE = """(async () => {
    const {Cart} = await import("/static/js/till/cart.js");
    window.owed = [];
    const engine = {price: (basket) => new Promise((resolve, reject) => owed.push({basket, resolve, reject}))};
    window.disk = new Map();
    const store = {
        get: async (_, key) => disk.get(key), put: async (_, key, value) => void disk.set(key, value),
        remove: async (_, key) => void disk.delete(key),
    };
    window.rules = Object.assign(new EventTarget(), {areKnown: true, here: () => ({at: "2026-05-03T14:10:00"})});
    window.catalog = Object.assign(new EventTarget(), {known: {}, bySku: (sku) => catalog.known[sku] ?? null});
    window.sale = new Cart(engine, store, rules, catalog);
    window.tick = () => new Promise((done) => setTimeout(done));
    window.goods = (sku, amount = 100) => ({
        sku, product: sku, title: "", prices: [["list", amount]], measure: "each", scale: 1, taxClass: "any",
        categories: [], collections: [],
    });
    window.answer = async (at = owed.length - 1) => {
        const {basket, resolve} = owed[at];
        const total = basket.lines.reduce((sum, line) => sum + line.quantity * line.prices[0][1], 0);
        resolve({lines: basket.lines, total});
        await tick();
    };
})()"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    source = (PROJECT / "commerce" / "pricing" / "engine.py").read_text()
    with module_pages({"/till/engine.py": source + SPOILED}) as url:
        yield url


@pytest.fixture
def blank(page: Page, address: str) -> Page:
    page.goto(address)
    page.evaluate(ENGINE)
    return page


@pytest.fixture
def sale(page: Page, address: str) -> Page:
    page.goto(address)
    page.evaluate(SALE)
    return page


def test_questions_from_the_first_moment_on_are_answered_by_one_thread_in_their_order(blank: Page) -> None:
    totals = blank.evaluate(
        """async () => {
            const order = [];
            const ask = (n) => engine.priceCart(cart("A", n)).then(({total}) => order.push(total));
            await Promise.all([1, 2, 3, 4].map(ask));
            return order;
        }"""
    )
    assert totals == [100, 200, 300, 400]
    assert len(blank.workers) == 1


def test_a_thread_that_dies_is_started_again_and_asked_what_it_owed(blank: Page) -> None:
    answers = blank.evaluate(
        """async () => {
            await engine.started();
            const asked = [engine.priceCart(cart("A", 2)), engine.cashDue(103, 5)];
            threads[0].dispatchEvent(new ErrorEvent("error", {message: "out of memory"}));
            const [priced, due] = await Promise.all(asked);
            return [priced.total, due, threads.length];
        }"""
    )
    assert answers == [200, 105, 2]
    assert len(blank.workers) == 1


def test_what_kills_it_twice_is_said_and_the_next_question_is_answered(blank: Page) -> None:
    told = blank.evaluate(
        """async () => {
            let stopped = 0;
            engine.addEventListener("stopped", () => (stopped += 1));
            const good = await engine.priceCart(cart("A"));
            const behind = [engine.priceCart(cart("BOOM")), engine.priceCart(cart("B"))];
            const ends = await Promise.all(behind.map((one) => one.catch((error) => error.name)));
            const again = await engine.priceCart(cart("C", 3));
            return [good.total, ends, stopped, again.total];
        }"""
    )
    assert told == [100, ["EngineStopped", "EngineStopped"], 1, 300]


def test_a_cart_that_is_refused_harms_nobody(blank: Page) -> None:
    told = blank.evaluate(
        """async () => {
            const ends = [engine.priceCart(cart("A", -1)), engine.priceCart(cart("B"))];
            return Promise.all(ends.map((one) => one.then(({total}) => total, (error) => [error.name, error.field])));
        }"""
    )
    assert told == [["PriceError", "lines[0].quantity"], 100]
    assert len(blank.workers) == 1


def state(page: Page) -> Any:
    return page.evaluate("() => [sale.isPriced, sale.isPriced ? sale.total : null, owed.length]")


def test_the_newest_change_wins_and_one_cart_is_priced_at_a_time(sale: Page) -> None:
    sale.evaluate("async () => { for (const sku of ['A', 'B', 'C']) { sale.add(goods(sku)); await tick(); } }")
    assert state(sale) == [False, None, 1]
    sale.evaluate("answer()")
    assert state(sale) == [False, None, 2]  # that was A alone; now all three are asked for, B and C never apart
    sale.evaluate("answer()")
    assert state(sale) == [True, 300, 2]


def test_an_answer_for_lines_that_are_gone_is_not_shown(sale: Page) -> None:
    sale.evaluate("async () => { sale.add(goods('A')); await tick(); sale.empty(); await answer(); }")
    assert state(sale) == [True, 0, 1]
    sale.evaluate("async () => { sale.undo(); await tick(); await answer(); }")
    assert state(sale) == [True, 100, 2]


def test_who_waits_for_the_price_gets_that_of_the_newest_lines(sale: Page) -> None:
    total = sale.evaluate(
        """async () => {
            sale.add(goods("A"));
            await tick();
            const waited = sale.ready().then(() => sale.total);
            sale.add(goods("A"));
            await answer();
            await answer();
            return waited;
        }"""
    )
    assert total == 200


def test_what_goods_cost_the_company_is_not_on_the_disk(sale: Page) -> None:
    kept = sale.evaluate(
        """async () => {
            const {learnCosts} = await import("/static/js/till/reductions.js");
            sale.add(goods("A"));
            learnCosts(sale, {A: 4321});
            sale.setQuantity(sale.lines[0].id, 2);
            await tick();
            return [owed.at(-1).basket.lines[0].cost_minor, JSON.stringify(disk.get("draft"))];
        }"""
    )
    assert kept[0] == 4321
    assert "4321" not in kept[1]
    assert '"sku":"A"' in kept[1]


def test_a_failure_is_told_and_tried_again(sale: Page) -> None:
    told = sale.evaluate(
        """async () => {
            sale.add(goods("A"));
            await tick();
            owed[0].reject(Object.assign(new Error("gone"), {name: "EngineStopped"}));
            const why = await sale.ready().catch((error) => error.name);
            const problem = sale.problem.name;
            sale.priceAgain();
            await tick();
            await answer();
            await sale.ready();
            return [why, problem, sale.problem, sale.total];
        }"""
    )
    assert told == ["EngineStopped", "EngineStopped", None, 100]


def test_the_open_sale_costs_what_the_rules_and_the_catalog_say_now(sale: Page) -> None:
    sale.evaluate("async () => { sale.add(goods('A')); await tick(); await answer(); }")
    sale.evaluate("async () => { rules.dispatchEvent(new Event('boundary')); await tick(); await answer(); }")
    assert state(sale) == [True, 100, 2]
    sale.evaluate(
        """async () => {
            catalog.known.A = goods("A", 90);
            catalog.dispatchEvent(new Event("change"));
            await tick();
            await answer();
        }"""
    )
    assert state(sale) == [True, 90, 3]


def test_what_is_being_paid_keeps_its_price_over_new_rules_and_a_reload(sale: Page) -> None:
    told = sale.evaluate(
        """async () => {
            sale.add(goods("A"));
            await tick();
            await answer();
            sale.pay({type: "cash", amount: 40});
            catalog.known.A = goods("A", 90);
            rules.dispatchEvent(new Event("change"));
            await sale.restore();
            const kept = [sale.isPriced, sale.remaining, owed.length];
            sale.unpay(0);
            await tick();
            return [kept, sale.isPriced, owed.length, owed[1].basket.lines[0].prices[0][1]];
        }"""
    )
    assert told == [[True, 60, 1], False, 2, 90]


WATCH = """() => {
    window.seen = [];
    const look = () => {
        const units = [...document.querySelectorAll("#lines [data-part=quantity]")]
            .reduce((sum, one) => sum + Number(one.textContent), 0);
        seen.push([units, document.querySelector("#total").textContent]);
    };
    new MutationObserver(look).observe(document.querySelector(".till__sale"),
        {subtree: true, childList: true, characterData: true});
}"""


# A scanner that leaves 2 ms between two codes.
TEN_SCANS = """async (code) => {
    const began = performance.now();
    for (let n = 0; n < 10; n += 1) {
        let at = began + n * 19;
        for (const key of [...code, "Enter"]) {
            const place = key === "Enter" ? key : `Digit${key}`;
            const event = new KeyboardEvent("keydown", {key, code: place, bubbles: true, cancelable: true});
            Object.defineProperty(event, "timeStamp", {value: (at += 1)});
            document.body.dispatchEvent(event);
        }
        await new Promise((done) => setTimeout(done, 15));
    }
}"""


def test_ten_scans_within_a_fifth_of_a_second_are_ten_units_and_no_total_belongs_to_other_lines(
    counter: Counter, till: TillPage
) -> None:
    till.page.evaluate(WATCH)
    till.page.evaluate(TEN_SCANS, MUG_CODE)
    till.expect_lines(("10", "Trail mug"))
    till.expect_total("$156.60")
    seen = till.page.evaluate("seen")
    assert [10, "$156.60"] in seen
    assert [one for one in seen if one[1] not in ("…", f"${one[0] * 15.66:.2f}")] == []
    assert len(till.page.workers) == 1


def test_paying_waits_for_the_price(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.expect_total("$214.92")
    till.page.evaluate(
        """() => {
            const real = Worker.prototype.postMessage;
            const held = [];
            Worker.prototype.postMessage = function (message) { held.push([this, message]); };
            window.letGo = () => {
                Worker.prototype.postMessage = real;
                for (const [worker, message] of held) real.call(worker, message);
            };
        }"""
    )
    till.press("+")
    expect(till.page.locator("#total")).to_have_text("…")
    till.press("F9")
    till.expect_screen("pay")
    expect(till.page.locator("#pay-remaining")).to_have_text("…")
    till.press("e")
    till.page.wait_for_timeout(300)
    till.expect_screen("pay")
    till.page.evaluate("letGo()")
    till.expect_screen("done")
    expect(till.page.locator("#done-change")).to_have_text("$429.84")
    till.expect_all_sent()
