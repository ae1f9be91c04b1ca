"""Scanner, scale, display and serial printer on pseudo-terminals: real device files, no hardware."""

import contextlib
import os
import threading
import time
import tty

import pytest

from hardware.display import Display, DisplayError
from hardware.scale import Scale, ScaleError
from tests.hardware.conftest import RunningBridge, until
from tests.hardware.documents import sale_receipt


class Cable:
    """A serial line whose near end the bridge opens by its path; `far` is the device's end."""

    def __init__(self, link: str) -> None:
        self.far, self.near = os.openpty()
        tty.setraw(self.near)
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(os.ttyname(self.near), link)
        self.url = f"serial://{link}?baud=9600"

    def write(self, data: bytes) -> None:
        os.write(self.far, data)

    def unplug(self) -> None:
        os.close(self.far)
        os.close(self.near)


@pytest.fixture
def cable(tmp_path):
    made = Cable(str(tmp_path / "tty"))
    yield made
    with contextlib.suppress(OSError):
        made.unplug()


def answering(cable: Cable, answers: dict[bytes, bytes]) -> None:
    """Play a device that answers what it is asked."""

    def play() -> None:
        held = b""
        with contextlib.suppress(OSError):  # the cable is pulled when the test ends
            while True:
                held += os.read(cable.far, 100)
                for question, answer in answers.items():
                    if question in held:
                        held = held.replace(question, b"", 1)
                        os.write(cable.far, answer)

    threading.Thread(target=play, daemon=True).start()


def test_scans_arrive_in_order_each_once(start_bridge, cable: Cable) -> None:
    """F34: a burst of 200 codes, some in pieces."""
    page = start_bridge(BRIDGE_SCANNER=cable.url).page()
    until(lambda: page.ask("status")["status"]["scanners"][0]["state"] == "ready")
    codes = [f"40063813{number:05d}" for number in range(200)]
    for number, code in enumerate(codes):
        cable.write(code[:5].encode())
        if number % 20 == 0:
            time.sleep(0.01)
        cable.write(code[5:].encode() + (b"\r\n" if number % 2 else b"\r"))
    for code in codes:
        event = page.wait_for(lambda event, code=code: event.get("code") == code)
        assert event["device"] == "scanner"
    assert [event["code"] for event in page.events if event.get("event") == "scan"] == codes


def test_a_scanner_without_enter_and_one_with_control_bytes(start_bridge, cable: Cable) -> None:
    page = start_bridge(BRIDGE_SCANNER=cable.url).page()
    until(lambda: page.ask("status")["status"]["scanners"][0]["state"] == "ready")
    cable.write(b"4006381333931")
    page.wait_for(lambda event: event.get("code") == "4006381333931")
    cable.write(b"\x0201\x1b95012345678903\x1d10ABC\x03\r")
    page.wait_for(lambda event: event.get("code") == "0195012345678903\x1d10ABC")


def test_an_unplugged_scanner_comes_back(start_bridge, tmp_path) -> None:
    link = str(tmp_path / "tty-scanner")
    first = Cable(link)
    page = start_bridge(BRIDGE_SCANNER=first.url).page()
    until(lambda: page.ask("status")["status"]["scanners"][0]["state"] == "ready")
    first.write(b"one\r")
    page.wait_for(lambda event: event.get("code") == "one")
    first.unplug()
    page.wait_for(lambda event: event.get("event") == "scanner" and event["scanner"]["state"] == "off")
    second = Cable(link)
    page.events.clear()
    page.wait_for(lambda event: event.get("event") == "scanner" and event["scanner"]["state"] == "ready", 15)
    second.write(b"two\r")
    page.wait_for(lambda event: event.get("code") == "two")
    second.unplug()


@pytest.mark.parametrize(
    ("answer", "weight"),
    [
        (b"S S      1.245 kg\r\n", {"value": "1.245", "unit": "kg", "stable": True}),
        (b"S D     -0.002 kg\r\n", {"value": "-0.002", "unit": "kg", "stable": False}),
        (b"S S        812 g\r\n", {"value": "812", "unit": "g", "stable": True}),
    ],
)
def test_a_weight_is_read(cable: Cable, answer: bytes, weight) -> None:
    answering(cable, {b"SI\r\n": answer})
    scale = Scale(cable.url)
    assert scale.read() == weight
    assert scale.status()["state"] == "ready"


@pytest.mark.parametrize(
    ("answer", "words"),
    [(b"S +\r\n", "overloaded"), (b"S -\r\n", "below its zero"), (b"S I\r\n", "busy"), (b"ES\r\n", "did not answer")],
)
def test_a_scale_in_trouble_says_what_to_do(cable: Cable, answer: bytes, words: str) -> None:
    answering(cable, {b"SI\r\n": answer})
    with pytest.raises(ScaleError, match=words):
        Scale(cable.url).read()


def test_a_scale_that_is_off_or_not_there(start_bridge, tmp_path) -> None:
    page = start_bridge(BRIDGE_SCALE=f"serial://{tmp_path}/nothing").page()
    answer = page.ask("scale.read")
    assert answer["error"] == {"code": "scale", "message": "The scale is off or not connected."}
    assert page.ask("status")["status"]["scale"]["state"] == "off"


def test_the_display_shows_lines_of_its_width(cable: Cable) -> None:
    Display(cable.url).show(["Café \x1bCrème Candle, large", "$24.00"])
    assert os.read(cable.far, 100) == b"\x0cCaf\x82 Cr\x8ame Candle, l$24.00" + b" " * 14
    with pytest.raises(DisplayError):
        Display("serial:///nothing").show(["a"])


def test_a_serial_printer_prints_and_confirms(start_bridge, cable: Cable) -> None:
    received = bytearray()

    def play() -> None:
        with contextlib.suppress(OSError):  # the cable is pulled when the test ends
            while True:
                data = os.read(cable.far, 4096)
                received.extend(data)
                if data.startswith(b"\x10\x04"):
                    os.write(cable.far, b"\x12")
                if received.endswith(b"\x1dr\x01"):
                    os.write(cable.far, b"\x00")

    threading.Thread(target=play, daemon=True).start()
    bridge: RunningBridge = start_bridge(BRIDGE_PRINTER=cable.url)
    job = bridge.page().job("print", "r1", document=sale_receipt())
    assert (job["state"], job["confirmed"]) == ("done", True)
    assert b"Merino Crew Sweater" in received
