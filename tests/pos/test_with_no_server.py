"""The server is gone: the till goes on selling for cash, and every sale arrives once when the server is back."""

import json
import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from orders.models import Order
from pos.models import Sale
from tests.hardware.conftest import RunningBridge, SimulatedPrinter, post, until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Site

_JOURNAL = """async (store) => {
    const database = await new Promise((done) => {
        const opening = indexedDB.open("till", 1);
        opening.onsuccess = () => done(opening.result);
    });
    return new Promise((done) => {
        const asked = database.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(JSON.stringify(asked.result));
    });
}"""
_SPOIL = """async () => {
    const database = await new Promise((done) => {
        const opening = indexedDB.open("till", 1);
        opening.onsuccess = () => done(opening.result);
    });
    const store = database.transaction("sales", "readwrite").objectStore("sales");
    const asked = store.getAll();
    const rows = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
    const first = rows.sort((one, other) => one.at - other.at)[0];
    first.envelope.lines[0].quantity = 0;
    store.put(first);
}"""


def offline(till: TillPage, seconds: float = 30) -> None:
    expect(till.page.locator("#status-connection")).to_contain_text("Offline", timeout=seconds * 1000)


def worker_ready(till: TillPage) -> None:
    """The service worker has kept the page and steers it."""
    until(lambda: till.page.evaluate("navigator.serviceWorker.controller !== null"), seconds=20)


def test_sell_reload_and_sell_again_with_the_server_stopped(
    counter: Counter,
    serve: Callable[..., Site],
    start_bridge: Callable[..., RunningBridge],
    printer: SimulatedPrinter,
    open_till: Callable[..., TillPage],
    context: BrowserContext,
) -> None:
    site = serve()
    bridge = start_bridge(site.url, BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}")
    till = open_till(site.url)
    till.ready()
    worker_ready(till)
    site.kill()
    offline(till)
    till.scan(TENT_CODE)
    till.pay_exactly()
    assert till.receipt_number == "PDX-1-1-000001"
    expect(till.page.locator("#print-state")).to_contain_text("Receipt printed")
    till.new_sale()
    expect(till.page.locator("#status-unsent")).to_contain_text("1 sale not sent")
    till.scan(MUG_CODE)  # an unfinished sale survives, too
    till.expect_total("$15.66")
    till.page.reload()
    till.expect_screen("sell")
    till.expect_lines(("1", "Trail mug"))
    till.press("F9")
    till.expect_screen("pay")
    expect(till.page.locator("#tender-card")).to_be_disabled()
    till.press("e")
    till.expect_screen("done")
    assert till.receipt_number == "PDX-1-1-000002"
    expect(till.page.locator("#status-unsent")).to_contain_text("2 sales not sent")
    bridge.token = post(f"{bridge.url}/pairing/token", {}, origin=site.url)[1]["token"]
    on_bridge = bridge.page(origin=site.url)
    assert len(on_bridge.ask("journal.list")["entries"]) == 2
    till.page.close()
    again = open_till(site.url, context.new_page())  # the browser was closed and opened again: the PIN is asked for
    again.open()
    again.sign_in()
    again.expect_screen("sell", seconds=40)
    expect(again.page.locator("#status-unsent")).to_contain_text("2 sales not sent")
    site.start()
    again.expect_all_sent(seconds=60)
    assert list(Sale.objects.order_by("receipt_number").values_list("receipt_number", "order__total_minor")) == [
        ("PDX-1-1-000001", 21_492),
        ("PDX-1-1-000002", 1_566),
    ]
    until(lambda: not on_bridge.ask("journal.list")["entries"])
    on_bridge.close()


def test_a_sale_that_the_server_refuses_is_kept_and_holds_up_none_behind_it(
    counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage]
) -> None:
    site = serve()
    till = open_till(site.url)
    till.ready()
    site.kill()
    offline(till)
    for code in (TENT_CODE, MUG_CODE):
        till.scan(code)
        till.pay_exactly()
        till.new_sale()
    till.page.evaluate(_SPOIL)
    till.page.goto("about:blank")
    site.start()
    till.open()
    if till.page.locator("#till").get_attribute("data-screen") != "sell":
        till.expect_screen("sell")
    expect(till.page.locator("#status-unsent")).to_contain_text("1 sale not sent", timeout=60_000)
    until(lambda: Order.objects.count() == 1, seconds=20)
    assert Order.objects.get().total_minor == 1_566
    till.press("F6")
    till.expect_screen("sales")
    refused = till.page.locator("#sales > li").first
    expect(refused).to_contain_text("Not taken by the server")
    expect(refused).to_contain_text("The quantity must be more than 0")
    expect(till.page.locator("#sales > li")).to_have_count(2)


def test_the_disk_of_the_till_names_no_customer(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.pay_exactly()
    kept = "".join(till.page.evaluate(_JOURNAL, store) for store in ("meta", "sales", "chunks", "passes"))
    assert "PDX-1-1-000001" in kept
    assert "@" not in kept
    assert json.loads(till.page.evaluate(_JOURNAL, "passes"))[0].keys() >= {"salt", "sealed"}
    assert '"pass"' not in kept
    assert not re.search(r"(?<!\d)4711(?!\d)", kept)
