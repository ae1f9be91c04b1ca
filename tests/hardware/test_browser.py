"""`static/js/till/bridge.js` in Chromium: from the till's origin, from a foreign one, and with no bridge at all."""

import http.server
import io
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page as BrowserPage

from tests.environment import free_port
from tests.hardware.conftest import RunningBridge, SimulatedPrinter, until
from tests.hardware.documents import sale_receipt

STATIC = Path(__file__).resolve().parents[2] / "static"
FOREIGN_PAGE = Path(__file__).with_name("foreign_page.js")
START = """async (url) => {
  const { Bridge } = await import("/js/till/bridge.js");
  window.seen = { states: [], scans: [], printers: [], jobs: [] };
  window.bridge = new Bridge({ url });
  bridge.on("state", (state) => seen.states.push(state));
  bridge.on("scan", (scan) => seen.scans.push(scan));
  bridge.on("printer", ({ printer }) => seen.printers.push(printer.state));
  bridge.on("job", (job) => seen.jobs.push(job.state));
  bridge.start();
}"""
DRAW = "async (document) => Array.from(new Uint8Array(await (await bridge.render(document)).arrayBuffer()))"
PRINT_LATER = "(document) => { window.cut = bridge.print(document, 'r1').catch((error) => error.code); }"
TRY = """async (name) => {
  const attempts = {
    print: (document) => bridge.print(document, "p1"),
    kick: () => bridge.kick("k1", "no_sale"),
    status: () => bridge.status(),
    journal: () => bridge.journal("00000000-0000-0000-0000-000000000001", {}),
    render: (document) => bridge.render(document),
  };
  try {
    return await attempts[name]({});
  } catch (error) {
    return { name: error.name, code: error.code, words: error.message };
  }
}"""


class _Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path == "/till":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Till</title>")
        else:
            super().do_GET()


@pytest.fixture
def serve_pages() -> Iterator[Callable[[], str]]:
    """Serve the static files on a new origin and give it."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def serve() -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), partial(_Files, directory=str(STATIC)))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def own_page(page: BrowserPage, serve_pages) -> BrowserPage:
    page.goto(f"{serve_pages()}/till")
    return page


def origin_of(page: BrowserPage) -> str:
    return page.evaluate("location.origin")


def state_is(page: BrowserPage, state: str, seconds: float = 10) -> None:
    page.wait_for_function("(state) => bridge.state === state", arg=state, timeout=seconds * 1000)


@pytest.fixture
def connected(own_page: BrowserPage, printer: SimulatedPrinter, start_bridge) -> tuple[BrowserPage, RunningBridge]:
    """A page that runs `bridge.js`, connected to a bridge with a printer."""
    bridge = start_bridge(BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}", BRIDGE_ORIGINS=origin_of(own_page))
    own_page.evaluate(START, bridge.url)
    state_is(own_page, "ready")
    return own_page, bridge


def test_the_till_prints_kicks_journals_and_draws(connected, printer: SimulatedPrinter) -> None:
    page, _ = connected
    job = page.evaluate("(document) => bridge.print(document, 'r1')", sale_receipt())
    assert (job["state"], job["confirmed"]) == ("done", True)
    assert page.evaluate("bridge.kick('k1', 'cash_sale')")["state"] == "done"
    assert [kick["reason"] for kick in page.evaluate("bridge.kicks()")] == ["cash_sale"]
    uid = "0190a8f2-0000-7000-8000-000000000001"
    assert page.evaluate("(uid) => bridge.journal(uid, {total: 5})", uid) is True
    assert page.evaluate("(uid) => bridge.journal(uid, {total: 5})", uid) is False
    assert page.evaluate("bridge.journalEntries()")[0]["envelope"] == {"total": 5}
    assert page.evaluate("(uid) => bridge.acknowledge([uid])", uid) == 1
    assert page.evaluate("bridge.status()")["journal"]["count"] == 0
    assert printer.state["kicks"] == 1
    assert page.evaluate("bridge.job('r1')")["state"] == "done"
    assert page.evaluate("bridge.job('never')") is None
    picture = page.evaluate(
        "async (document) => Array.from(new Uint8Array(await (await bridge.render(document)).arrayBuffer()))",
        sale_receipt(),
    )
    printed = printer.receipts[0]
    assert Image.open(io.BytesIO(bytes(picture))).size == (printed["width"], printed["height"])


def test_a_printer_that_is_off_is_told_and_a_reprint_works(connected, printer: SimulatedPrinter) -> None:
    page, _ = connected
    printer.set(power=False)
    job = page.evaluate("(document) => bridge.print(document, 'r1')", sale_receipt())
    assert job["reason"] == "The printer is off or not connected. Switch it on, then press Reprint."
    page.wait_for_function("seen.printers.at(-1) === 'off' && bridge.latest.printers[0].state === 'off'")
    printer.set(power=True)
    page.wait_for_function("seen.printers.at(-1) === 'ready'")
    assert page.evaluate("(document) => bridge.print(document, 'r1')", sale_receipt())["state"] == "done"
    assert len(printer.receipts) == 1


def test_it_comes_back_after_the_bridge_was_killed_and_remembers_its_pairing(connected) -> None:
    page, bridge = connected
    bridge.kill()
    state_is(page, "absent")
    refusal = page.evaluate(TRY, "kick")
    assert (refusal["name"], refusal["code"]) == ("BridgeError", "no_bridge")
    bridge.start()
    state_is(page, "ready", 20)
    assert page.evaluate("bridge.status()")["printers"][0]["name"] == "receipt"
    assert page.evaluate("seen.states")[:2] == ["ready", "absent"]


def test_a_request_that_is_cut_off_is_refused_not_left_hanging(connected, printer: SimulatedPrinter) -> None:
    page, bridge = connected
    printer.set(bytes_per_second=100)
    page.evaluate(
        "(document) => { window.cut = bridge.print(document, 'r1').catch((error) => error.code); }", sale_receipt()
    )
    time.sleep(0.5)
    bridge.kill()
    assert page.evaluate("cut") == "disconnected"
    bridge.start()
    state_is(page, "ready", 20)
    assert page.evaluate("bridge.job('r1')")["state"] == "unknown"


def test_without_a_bridge_every_request_is_refused_at_once(own_page: BrowserPage) -> None:
    own_page.evaluate(START, f"http://127.0.0.1:{free_port()}")
    state_is(own_page, "absent")
    started = time.monotonic()
    for name in ("print", "kick", "status", "journal", "render"):
        refusal = own_page.evaluate(TRY, name)
        assert (refusal["name"], refusal["code"]) == ("BridgeError", "no_bridge")
        assert "No bridge answers on this computer" in refusal["words"]
    assert time.monotonic() - started < 3


def test_a_bridge_that_starts_later_is_found(own_page: BrowserPage, start_bridge) -> None:
    port = free_port()
    own_page.evaluate(START, f"http://127.0.0.1:{port}")
    state_is(own_page, "absent")
    start_bridge(port=port, BRIDGE_ORIGINS=origin_of(own_page))
    own_page.evaluate("bridge.retry()")
    state_is(own_page, "ready")


def test_pairing_with_a_code(own_page: BrowserPage, start_bridge) -> None:
    bridge = start_bridge(BRIDGE_PAIRING="code", BRIDGE_ORIGINS=origin_of(own_page))
    own_page.evaluate(START, bridge.url)
    state_is(own_page, "unpaired")
    assert own_page.evaluate(TRY, "kick")["code"] == "unpaired"
    assert own_page.evaluate("bridge.requestCode({print: true})") == {"mode": "code", "printed": False}
    code = bridge.log.read_text().rsplit("Pairing code: ", 1)[1][:7]
    wrong = "000 000" if code != "000 000" else "111 111"
    words = own_page.evaluate("(code) => bridge.pair(code).catch((error) => error.message)", wrong)
    assert words == "That is not the code that the bridge shows."
    own_page.evaluate("(code) => bridge.pair(code)", code)
    state_is(own_page, "ready")

    own_page.reload()
    own_page.evaluate(START, bridge.url)
    state_is(own_page, "ready")  # the token was kept

    bridge.stop()
    (bridge.folder / "pairings.json").unlink()
    bridge.start()
    state_is(own_page, "unpaired", 20)


def test_a_foreign_page_gets_nothing_by_any_means(
    page: BrowserPage, serve_pages, printer: SimulatedPrinter, start_bridge
) -> None:
    """T01: fetch, form, picture, beacon and socket from another origin: no job, no token, no answer."""
    till, foreign = serve_pages(), serve_pages()
    bridge = start_bridge(BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}", BRIDGE_ORIGINS=till)
    page.goto(f"{foreign}/till")
    page.evaluate(START, bridge.url)
    state_is(page, "absent")
    heard = page.evaluate(FOREIGN_PAGE.read_text(), [bridge.url, sale_receipt()])
    assert heard == []
    assert not (bridge.folder / "pairings.json").exists()
    assert list((bridge.folder / "spool").glob("job-*")) == []
    assert printer.state["kicks"] == 0
    assert printer.receipts == []
    page.goto(f"{till}/till")
    page.evaluate(START, bridge.url)
    state_is(page, "ready")  # and the till's own page is served as ever


def test_scans_reach_the_page(own_page: BrowserPage, start_bridge, tmp_path) -> None:
    from tests.hardware.test_serial_devices import Cable

    cable = Cable(str(tmp_path / "tty"))
    bridge = start_bridge(BRIDGE_SCANNER=cable.url, BRIDGE_ORIGINS=origin_of(own_page))
    own_page.evaluate(START, bridge.url)
    state_is(own_page, "ready")
    until(lambda: own_page.evaluate("bridge.status()")["scanners"][0]["state"] == "ready")
    cable.write(b"4006381333931\r")
    own_page.wait_for_function("seen.scans.length === 1")
    assert own_page.evaluate("seen.scans[0]") == {"event": "scan", "code": "4006381333931", "device": "scanner"}
    cable.unplug()
