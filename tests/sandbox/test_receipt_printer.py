"""The stand-in printer as another program sees it: bytes in, paper, status and faults out."""

import io
import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from commerce.sandbox.receipt_printer.faults import Condition
from tests.hardware.conftest import SimulatedPrinter, get, post, until
from tests.hardware.documents import sale_receipt

RECEIPT = b"\x1b@Hello printer\n\x1dV\x01"


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    simulated = SimulatedPrinter(tmp_path / "paper", f"sandbox-printer-{tmp_path.name}")
    simulated.start(path="/healthz")
    yield simulated
    simulated.stop()


@pytest.fixture
def cable(printer: SimulatedPrinter) -> Iterator[socket.socket]:
    with _connect(printer) as connected:
        yield connected


def _connect(printer: SimulatedPrinter) -> socket.socket:
    connected = socket.create_connection(("127.0.0.1", printer.port), timeout=5)
    connected.settimeout(3)
    return connected


def asked(cable: socket.socket, question: int) -> int:
    cable.sendall(bytes([0x10, 0x04, question]))
    return cable.recv(1)[0]


def test_status_follows_the_condition(printer: SimulatedPrinter, cable: socket.socket) -> None:
    assert [asked(cable, question) for question in (1, 2, 3, 4)] == [0x12] * 4
    printer.set(paper="low")
    assert asked(cable, 1) == 0x12
    assert asked(cable, 4) & 0x0C == 0x0C
    printer.set(paper="out")
    assert asked(cable, 1) & 0x08
    assert asked(cable, 2) & 0x20
    assert asked(cable, 4) & 0x60 == 0x60
    printer.set(paper="ok", cover="open")
    assert asked(cable, 1) & 0x08
    assert asked(cable, 2) & 0x04
    printer.set(cover="closed", drawer="open")
    assert asked(cable, 1) == 0x16


def test_paper_comes_out_as_picture_text_and_bytes(printer: SimulatedPrinter, cable: socket.socket) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        get(f"{printer.url}/latest.png")
    cable.sendall(RECEIPT)
    until(lambda: printer.receipts)
    cable.sendall(RECEIPT.replace(b"Hello", b"Adieu"))
    until(lambda: len(printer.receipts) == 2)
    newest, oldest = printer.receipts
    assert (newest["lines"][0], oldest["lines"][0]) == ("Adieu printer", "Hello printer")
    assert newest["events"] == ["cut partial"]
    assert printer.bytes_of(1) == RECEIPT
    latest = get(f"{printer.url}/latest.png")
    assert latest == get(f"{printer.url}/receipts/2.png")
    picture = Image.open(io.BytesIO(latest))
    assert (picture.width, picture.height) == (newest["width"], newest["height"])
    darkest, _ = picture.convert("L").getextrema()
    assert darkest < 60


def test_in_turn_answers_come_after_the_printing(printer: SimulatedPrinter, cable: socket.socket) -> None:
    printer.set(bytes_per_second=100)
    started = time.monotonic()
    cable.sendall(b"x" * 99 + b"\n" + b"\x1dr\x01")
    assert asked(cable, 1) == 0x12  # real-time answers overtake
    assert time.monotonic() - started < 0.8
    assert cable.recv(1) == b"\x00"
    assert time.monotonic() - started > 0.9
    cable.sendall(b"\x1d(H\x06\x000012AB")
    assert cable.recv(10) == b"\x37\x2212AB\x00"


def test_nothing_prints_while_it_is_offline_and_all_of_it_afterwards(printer, cable) -> None:
    printer.set(cover="open")
    cable.sendall(RECEIPT)
    time.sleep(0.5)
    assert printer.receipts == []
    cable.sendall(b"\x10\x14\x01\x00\x02")  # the drawer opens all the same
    until(lambda: printer.state["drawer"] == "open")
    printer.set(cover="closed")
    assert until(lambda: printer.receipts)[0]["complete"]


def test_switched_off_nobody_answers_and_the_buffer_is_lost(printer: SimulatedPrinter, cable: socket.socket) -> None:
    printer.set(cover="open")
    cable.sendall(RECEIPT)
    printer.set(power=False)
    with pytest.raises(ConnectionError):
        asked(cable, 1)
    with pytest.raises(ConnectionRefusedError):
        _connect(printer)
    printer.set(power=True, cover="closed")
    with _connect(printer) as again:
        assert asked(again, 1) == 0x12
    time.sleep(0.3)
    assert printer.receipts == []


def test_the_plug_is_pulled_after_so_many_bytes_once(printer: SimulatedPrinter, cable: socket.socket) -> None:
    printer.set(reset_after=10)
    cable.sendall(RECEIPT)
    with pytest.raises(ConnectionError):
        cable.recv(1)
    (half,) = until(lambda: printer.receipts)
    assert not half["complete"]
    assert half["lines"] == ["Hello pr"]
    with _connect(printer) as again:
        again.sendall(RECEIPT)
        until(lambda: len(printer.receipts) == 2)
    assert printer.receipts[0]["complete"]


def test_paper_without_a_cut_is_torn_off_when_the_caller_is_gone(printer: SimulatedPrinter, cable) -> None:
    cable.sendall(b"no cut\n")
    time.sleep(0.3)
    assert printer.receipts == []
    cable.close()
    (receipt,) = until(lambda: printer.receipts)
    assert (receipt["lines"], receipt["complete"]) == (["no cut"], False)


def test_a_kick_opens_the_drawer_leaves_no_paper_and_it_closes_again(printer: SimulatedPrinter, cable) -> None:
    printer.set(drawer_closes_after=0.3)
    cable.sendall(b"\x1bp\x01\x19\xfa")
    until(lambda: printer.state["drawer"] == "open")
    assert printer.state["kicks"] == 1
    assert "drawer kick pin 5" in printer.state["events"]
    until(lambda: printer.state["drawer"] == "closed")
    assert printer.receipts == []


def test_unknown_commands_are_loud(printer: SimulatedPrinter, cable: socket.socket) -> None:
    cable.sendall(b"\x1bz\x1dV\x01")
    until(lambda: "unknown 1b 7a" in printer.state["events"])
    assert printer.receipts[0]["events"] == ["unknown 1b 7a", "cut partial"]


def test_real_time_commands_cut_in_two_are_understood(printer: SimulatedPrinter, cable: socket.socket) -> None:
    for piece in (b"abc\x10", b"\x04", b"\x01", b"def\n\x10", b"\x14", b"\x01\x00", b"\x02", b"\x1dV\x01"):
        cable.sendall(piece)
        time.sleep(0.03)
    assert cable.recv(4) == b"\x12"
    assert until(lambda: printer.receipts)[0]["lines"] == ["abcdef"]
    assert printer.state["kicks"] == 1


def test_receipts_survive_a_restart_and_the_oldest_go(printer: SimulatedPrinter) -> None:
    from commerce.sandbox.receipt_printer.paper import Tray
    from hardware.printers.render import render

    tray = Tray(printer.folder / "other", kept=3)
    for _ in range(5):
        tray.add(render(RECEIPT), RECEIPT, complete=True)
    assert tray.numbers() == [5, 4, 3]
    assert Tray(printer.folder / "other", kept=3).add(render(RECEIPT), RECEIPT, complete=True)["number"] == 6
    assert not (printer.folder / "other" / "000001.png").exists()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"paper": "wet"}, "paper must be one of ok, low, out"),
        ({"power": "yes"}, "power must be true or false"),
        ({"bytes_per_second": -1}, "a number from 0 up"),
        ({"bytes_per_second": True}, "a number from 0 up"),
        ({"reset_after": 1.5}, "a number of bytes or null"),
        ({"ink": 3}, "ink is not one of"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_and_changes_nothing(wanted, words) -> None:
    condition = Condition()
    with pytest.raises(ValueError, match=words):
        condition.change({"cover": "open", **wanted})
    assert condition == Condition()


def test_the_control_speaks_json_only(printer: SimulatedPrinter) -> None:
    assert post(f"{printer.url}/_control/", {"paper": "wet"}, origin=None)[0] == 422
    assert post(f"{printer.url}/_control/", [], origin=None)[0] == 422
    form = urllib.request.Request(f"{printer.url}/_control/", b"power=false")
    with pytest.raises(urllib.error.HTTPError, match="415"):
        urllib.request.urlopen(form)
    assert printer.state["power"] is True


def test_the_page_shows_new_paper_by_itself_and_its_buttons_work(printer: SimulatedPrinter, page, axe) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.goto(printer.url)
    page.get_by_text("Nothing printed yet").wait_for()
    from hardware.printers.escpos import receipt_bytes
    from hardware.printers.profile import PrinterProfile

    with _connect(printer) as cable:
        cable.sendall(receipt_bytes(sale_receipt(), PrinterProfile()).data)
        page.get_by_role("img", name="Receipt 1").wait_for(timeout=4000)
    page.wait_for_function("document.querySelector('article img').naturalWidth > 1000")
    assert axe(page) == []
    page.get_by_role("button", name="Paper").click()
    page.get_by_role("status").get_by_text("Out of paper").wait_for()
    assert printer.state["paper"] == "out"
    page.get_by_role("button", name="Power").click()
    page.get_by_role("status").get_by_text("Off").wait_for()
    assert json.loads(get(f"{printer.url}/_control/"))["power"] is False
    page.get_by_role("button", name="Power").click()
    page.get_by_role("button", name="Paper").click()
    page.get_by_role("status").get_by_text("Ready").wait_for()
    assert problems == []
