"""How long a change takes from its commit to the pages that are open: a hundred streams, 200 events."""

import asyncio
import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

from commerce.events import outbox
from commerce.events.live import stream_url
from commerce.kernel.clock import now
from commerce.kernel.db import action
from tests.bench import machine
from tests.bench.figures import Figure, percentile
from tests.bench.place import Ground

STREAMS = 100
TOPIC = "bench.tick"
PAUSE_SECONDS = 0.1


class Page(asyncio.Protocol):
    """An open page: asks for the stream and notes when each event arrives. Nothing more, to leave the CPU to others."""

    def __init__(self, request: bytes, arrivals: dict[int, list[float]]) -> None:
        self._request = request
        self._arrivals = arrivals
        self._text = b""
        self.opened = asyncio.get_running_loop().create_future()
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        at = time.perf_counter()
        *lines, self._text = (self._text + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data: "):
                self._arrivals[json.loads(line[6:])["number"]].append(at)
            elif line.startswith(b"retry:") and not self.opened.done():
                self.opened.set_result(None)

    def connection_lost(self, problem: Exception | None) -> None:
        self.lost = True


def run(ground: Ground) -> Iterator[Figure]:
    """Two web processes; every page listens to every event."""
    events = ground.size(200, 40)
    site = ground.site(2)
    meter = machine.CpuMeter(lambda: site.pids, ground.postmaster())
    ground.say(f"{events} events to {STREAMS} open pages")
    before = meter.read()
    committed, arrivals, heard = asyncio.run(_measure(site.url, events))
    used = meter.read() - before
    latencies = [(at - committed[number]) * 1000 for number, times in arrivals.items() for at in times]
    bare = [(at - committed[number]) * 1000 for number, at in heard.items()]
    lost = events * STREAMS - len(latencies)
    name = ground.name
    yield Figure(
        name, "commit to open page, median", percentile(latencies, 0.5), "ms", "< 50", percentile(bare, 0.5), "LISTEN"
    )
    yield Figure(
        name, "commit to open page, 95 %", percentile(latencies, 0.95), "ms", "< 200", percentile(bare, 0.95), "LISTEN"
    )
    yield Figure(name, "commit to the last of all pages", max(latencies), "ms", "< 2,000")
    yield Figure(name, "events that a page did not get", lost, "events", "= 0")
    yield Figure(name, "CPU per event and page", used.application * 1000 / (events * STREAMS), "ms")
    yield Figure(name, "memory per web process", machine.megabytes(site.pids), "MB", "< 120")


async def _measure(url: str, events: int) -> tuple[dict[int, float], dict[int, list[float]], dict[int, float]]:
    """When the commit of each event began, when it reached each page, and when a bare LISTEN heard of it."""
    arrivals: dict[int, list[float]] = defaultdict(list)
    heard: dict[int, float] = {}
    address = urlsplit(url)
    path = stream_url([f"{TOPIC}:*"])
    request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: text/event-stream\r\n\r\n".encode()
    loop = asyncio.get_running_loop()
    pages = [
        (await loop.create_connection(lambda: Page(request, arrivals), address.hostname, address.port))[1]
        for _ in range(STREAMS)
    ]
    await asyncio.wait_for(asyncio.gather(*(page.opened for page in pages)), timeout=30)
    stop = threading.Event()
    listener = threading.Thread(target=_listen, args=(heard, stop))
    listener.start()
    try:
        committed = await loop.run_in_executor(None, _publish, events)
        deadline = time.monotonic() + 20
        while sum(map(len, arrivals.values())) < events * STREAMS and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
    finally:
        stop.set()
        listener.join()
    if any(page.lost for page in pages):
        raise RuntimeError("The server closed streams.")
    return committed, arrivals, heard


def _publish(events: int) -> dict[int, float]:
    """Record events as the product does, one transaction each; when the commit of each began."""
    committed = {}
    try:
        for number in range(events):
            time.sleep(PAUSE_SECONDS)
            committed[number] = _record(number)
    finally:
        connection.close()
    return committed


@action
def _record(number: int) -> float:
    """The moment at which the commit begins: forcing it to disk is part of the way."""
    outbox.record(TOPIC, f"{number % 50}", {"number": number, "sku": "TENT-2P", "available": number}, at=now())
    return time.perf_counter()


def _listen(heard: dict[int, float], stop: threading.Event) -> None:
    """What PostgreSQL alone takes to tell of an event."""
    with psycopg.connect(settings.DATABASE_DSN, autocommit=True) as listener:
        listener.execute(f"LISTEN {outbox.CHANNEL}")
        while not stop.is_set():
            for notice in listener.notifies(timeout=0.5):
                event = json.loads(notice.payload)
                if event["topic"] == TOPIC:
                    heard[event["payload"]["number"]] = time.perf_counter()
