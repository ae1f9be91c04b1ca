"""A stand-in printer and a bridge as processes of their own, and a page's side of the conversation."""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.environment import free_port
from tests.servers import Server

ORIGIN = "http://127.0.0.1:8000"


class SimulatedPrinter(Server):
    """`python -m commerce.sandbox.receipt_printer` with its remote control."""

    def __init__(self, folder: Path, name: str) -> None:
        self.port, preview_port = free_port(), free_port()
        self.folder = folder
        variables = {
            "PRINTER_PORT": str(self.port),
            "PRINTER_PREVIEW_PORT": str(preview_port),
            "PRINTER_DATA": str(folder),
        }
        command = [sys.executable, "-m", "commerce.sandbox.receipt_printer"]
        super().__init__(name, command, f"http://127.0.0.1:{preview_port}", variables=variables)

    def set(self, **wanted: Any) -> dict[str, Any]:
        return post(f"{self.url}/_control/", wanted, origin=None)[1]

    @property
    def state(self) -> dict[str, Any]:
        return json.loads(get(f"{self.url}/_control/"))

    @property
    def receipts(self) -> list[dict[str, Any]]:
        """Newest first, with their lines."""
        listed = json.loads(get(f"{self.url}/receipts.json"))["receipts"]
        return [json.loads(get(f"{self.url}/receipts/{receipt['number']}.json")) for receipt in listed]

    def bytes_of(self, number: int) -> bytes:
        return get(f"{self.url}/receipts/{number}.bin")


class RunningBridge(Server):
    """`python -m hardware`, to be killed and started again on the same data."""

    def __init__(self, folder: Path, name: str, port: int, **settings: str) -> None:
        self.port, self.folder = port, folder
        self.address = f"127.0.0.1:{self.port}"
        variables = {
            "BRIDGE_PORT": str(self.port),
            "BRIDGE_DATA": str(folder),
            "BRIDGE_PAIRING": "auto",
            "BRIDGE_ORIGINS": ORIGIN,
            "BRIDGE_POLL": "0.3",
            **settings,
        }
        self.token: str | None = None
        super().__init__(name, [sys.executable, "-m", "hardware"], f"http://{self.address}", variables=variables)

    def start(self, processes: int = 1, *, path: str = "/healthz") -> None:
        super().start(processes, path=path)

    def page(self, **options: Any) -> "Page":
        """A paired page, past its hello."""
        if self.token is None:
            self.token = post(f"{self.url}/pairing/token", {})[1]["token"]
        page = Page(self.address, **options)
        page.ask("hello", token=self.token)
        return page


class Page:
    """What a till's page does, frame by frame."""

    def __init__(self, address: str, origin: str | None = ORIGIN) -> None:
        self._connection = connect(f"ws://{address}/ws", origin=Origin(origin) if origin else None, proxy=None)
        self.socket = self._connection.__enter__()
        self.events: list[dict[str, Any]] = []
        self._last = 0

    def ask(self, kind: str, **content: Any) -> dict[str, Any]:
        """Send a request and give its answer; events in between are kept."""
        self._last += 1
        self.socket.send(json.dumps({"id": self._last, "kind": kind, **content}))
        while True:
            frame = json.loads(self.socket.recv(15))
            if frame.get("id") == self._last:
                return frame
            self.events.append(frame)

    def job(self, kind: str, job_id: str, **content: Any) -> dict[str, Any]:
        """Ask for a print or a kick and give the job."""
        answer = self.ask(kind, job_id=job_id, **content)
        assert answer["ok"], answer
        return answer["job"]

    def wait_for(self, fits: Callable[[dict[str, Any]], bool], seconds: float = 10) -> dict[str, Any]:
        """The first event that fits, past or future."""
        for event in self.events:
            if fits(event):
                return event
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            frame = json.loads(self.socket.recv(left))
            self.events.append(frame)
            if fits(frame):
                return frame
        raise AssertionError(f"no such event among {self.events}")

    def close(self) -> None:
        self._connection.__exit__(None, None, None)


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as response:
        return bytes(response.read())


def post(url: str, body: Any, *, origin: str | None = ORIGIN, **headers: str) -> tuple[int, Any]:
    """Status and body (parsed when it is JSON) of a POST as a page would send it."""
    sent = {"Content-Type": "application/json", **({"Origin": origin} if origin else {}), **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), sent)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            status, answer, kind = response.status, response.read(), response.headers.get_content_type()
    except urllib.error.HTTPError as error:
        status, answer, kind = error.code, error.read(), error.headers.get_content_type()
    return status, json.loads(answer) if kind == "application/json" else answer


def until(true: Callable[[], Any], seconds: float = 8) -> Any:
    """What `true` gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it did not come true in time"
        time.sleep(0.05)
    return found


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    """A printer that works."""
    simulated = SimulatedPrinter(tmp_path / "paper", f"printer-{os.getpid()}-{tmp_path.name}")
    simulated.start(path="/healthz")
    yield simulated
    simulated.stop()


@pytest.fixture
def start_bridge(tmp_path: Path) -> Iterator[Callable[..., RunningBridge]]:
    """`start_bridge(BRIDGE_PRINTER=…)`: a bridge with these settings, on a port of its own."""
    started: list[RunningBridge] = []

    def start(port: int = 0, **settings: str) -> RunningBridge:
        name = f"bridge-{os.getpid()}-{tmp_path.name}-{len(started)}"
        bridge = RunningBridge(tmp_path / f"bridge-{len(started)}", name, port or free_port(), **settings)
        started.append(bridge)
        bridge.start()
        return bridge

    yield start
    for bridge in started:
        bridge.stop()


@pytest.fixture
def bridge(printer: SimulatedPrinter, start_bridge: Callable[..., RunningBridge]) -> RunningBridge:
    """A bridge with the working printer."""
    return start_bridge(BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}")


@pytest.fixture
def till(bridge: RunningBridge) -> Iterator[Page]:
    """A paired page of that bridge."""
    page = bridge.page()
    yield page
    page.close()
