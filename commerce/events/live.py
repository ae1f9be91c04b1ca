"""Server-sent events to open pages: one LISTEN connection per process, fanned out to bounded queues.

A page opens `stream_url(topics)`: the topics are signed, so nobody can listen to what no page offered them. Every
message is an event's topic, key and payload. What a page missed while its connection was cut is told again from the
outbox when it returns with its Last-Event-ID: one message per topic and key, because pages fetch the present state.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote

import psycopg
from django.conf import settings
from django.core import signing
from django.db import connection

from commerce.events.outbox import CHANNEL, Cursor
from commerce.kernel.errors import DomainError

log = logging.getLogger(__name__)
HEARTBEAT_SECONDS = 15
QUEUE_SIZE = 200
CATCHING_UP = 4  # pages of a process that read the outbox at once; after a restart all of them come back together
SALT = "events.live"
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


def stream_url(topics: list[str], *, after: Cursor | None = None) -> str:
    """The address of a live stream of `topics`, each `topic:key` or `topic:*`, telling all that came after `after`.

    A page takes `outbox.here()` before it reads what it shows: what changes until its stream is open is told then.
    """
    url = f"/events?topics={quote(signing.dumps(sorted(topics), salt=SALT, compress=True))}"
    return f"{url}&after={after}" if after else url


@dataclass(eq=False)
class _Page:
    """One open page: what it listens to, and what it has not been sent yet."""

    topics: frozenset[str]
    queue: asyncio.Queue[dict[str, Any] | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_SIZE))

    def wants(self, event: dict[str, Any]) -> bool:
        return f"{event['topic']}:{event['key']}" in self.topics or f"{event['topic']}:*" in self.topics


class _Hub:
    """The pages of this process and the connection that feeds them."""

    def __init__(self) -> None:
        self.pages: set[_Page] = set()
        self.listening = asyncio.Event()
        self.catching_up = asyncio.Semaphore(CATCHING_UP)
        self.task: asyncio.Task[None] | None = None

    async def join(self, page: _Page) -> None:
        self.pages.add(page)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._listen())
        await asyncio.wait_for(self.listening.wait(), timeout=10)

    def leave(self, page: _Page) -> None:
        self.pages.discard(page)

    async def _listen(self) -> None:
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(_dsn(), autocommit=True) as listener:
                    await listener.execute(f"LISTEN {CHANNEL}")
                    self.listening.set()
                    async for notice in listener.notifies():
                        self._tell(json.loads(notice.payload))
            except psycopg.OperationalError as error:
                log.warning("live stream lost the database: %s", error)
            self._hang_up()
            await asyncio.sleep(0.5)

    def _tell(self, event: dict[str, Any]) -> None:
        for page in [page for page in self.pages if page.wants(event)]:
            try:
                page.queue.put_nowait(event)
            except asyncio.QueueFull:  # too slow to follow: it reconnects and catches up from the outbox
                self._end(page)

    def _hang_up(self) -> None:
        """Without the listener a page could miss something: end all streams, they come back and catch up."""
        self.listening.clear()
        for page in list(self.pages):
            self._end(page)

    def _end(self, page: _Page) -> None:
        self.pages.discard(page)
        while not page.queue.empty():
            page.queue.get_nowait()
        page.queue.put_nowait(None)


_hubs: dict[int, _Hub] = {}


def _hub() -> _Hub:
    """One hub per event loop, which is one per process outside tests."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), _Hub())


def _dsn() -> str:
    """A direct connection to the database in use, which in tests is not the one of the settings."""
    base = psycopg.conninfo.conninfo_to_dict(settings.DATABASE_DSN)
    base["dbname"] = str(connection.settings_dict["NAME"])
    return psycopg.conninfo.make_conninfo("", **{name: str(value) for name, value in base.items()})


async def stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application behind `/events`."""
    query = parse_qs(scope["query_string"].decode())
    headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
    try:
        topics = signing.loads(query.get("topics", [""])[0], salt=SALT)
        seen = Cursor.parse(headers.get("last-event-id") or query.get("after", [""])[0])
    except (signing.BadSignature, DomainError):
        await send({"type": "http.response.start", "status": 400, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"This stream address is not valid. Reload the page."})
        return
    page = _Page(frozenset(topics))
    hub = _hub()
    try:
        await hub.join(page)
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [
                    (b"content-type", b"text/event-stream; charset=utf-8"),
                    (b"cache-control", b"no-cache"),
                    (b"x-accel-buffering", b"no"),
                ],
            }
        )
        await _feed(page, seen, receive, send)
    except TimeoutError:
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"2")]})
        await send({"type": "http.response.body", "body": b""})
    finally:
        hub.leave(page)


async def _feed(page: _Page, seen: Cursor, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_disconnected(receive))
    try:
        await _write(send, "retry: 1000\n\n")
        if seen != Cursor():
            async with _hub().catching_up:
                missed = await _missed(page, seen)
            for event in missed:
                await _write(send, _message(event))
        while not gone.done():
            waiting = asyncio.create_task(page.queue.get())
            await asyncio.wait({waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                waiting.cancel()
                if not gone.done():
                    await _write(send, ": still here\n\n")
                continue
            told = waiting.result()
            if told is None:
                break
            await _write(send, _message(told))
        if not gone.done():
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


def _message(event: dict[str, Any]) -> str:
    """One message. Its id is a position that is safe to return with: nothing older can still become visible."""
    data = json.dumps({"topic": event["topic"], "key": event["key"], **event.get("payload", {})})
    return f"id: {event['safe']}-0\nevent: {event['topic']}\ndata: {data}\n\n"


async def _missed(page: _Page, seen: Cursor) -> list[dict[str, Any]]:
    """What happened since: the newest event of each topic and key that the page listens to."""
    async with await psycopg.AsyncConnection.connect(_dsn(), autocommit=True) as reader:
        found = await reader.execute(
            "SELECT DISTINCT ON (topic, key) topic, key, payload,"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM events_event WHERE (tx, id) > (%s, %s)"
            " AND (topic || ':' || key = ANY(%s) OR topic || ':*' = ANY(%s)) ORDER BY topic, key, tx DESC, id DESC"
            " LIMIT 500",
            [seen.tx, seen.event_id, list(page.topics), list(page.topics)],
        )
        return [
            {"topic": topic, "key": key, "payload": payload, "safe": safe}
            for topic, key, payload, safe in await found.fetchall()
        ]
