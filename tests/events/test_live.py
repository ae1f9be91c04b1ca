"""Open pages hear of a change as soon as it is committed, and of what they missed when they return."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from commerce.events import outbox
from commerce.events.live import stream_url
from commerce.kernel.clock import now
from tests.servers import Site

pytestmark = pytest.mark.django_db(transaction=True)


def record(topic: str, key: str, **payload: Any) -> None:
    with transaction.atomic():
        outbox.record(topic, key, payload, at=now())


class Stream:
    """A page's event source, reduced to its messages."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.last_id = ""

    def next(self) -> dict[str, Any]:
        """The next message's data, past comments and settings."""
        data = ""
        while True:
            line = self.response.readline().decode().rstrip("\n")
            if line.startswith("id: "):
                self.last_id = line.removeprefix("id: ")
            elif line.startswith("data: "):
                data = line.removeprefix("data: ")
            elif line == "" and data:
                return dict(json.loads(data))


@contextmanager
def listening(site: Site, url: str, last_id: str = "") -> Iterator[Stream]:
    headers = {"Last-Event-ID": last_id} if last_id else {}
    with urllib.request.urlopen(urllib.request.Request(site.url + url, headers=headers), timeout=10) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        stream = Stream(response)
        stream.response.readline()  # `retry:` is sent once the page is listening
        yield stream


def test_a_page_hears_what_it_asked_for_and_nothing_else(site: Site) -> None:
    with listening(site, stream_url(["stock.changed:tent", "tasks.changed:*"])) as page:
        record("stock.changed", "mug", on_hand=1)
        record("stock.changed", "tent", on_hand=2)
        record("tasks.changed", "PDX-1")
        assert page.next() == {"topic": "stock.changed", "key": "tent", "on_hand": 2}
        assert page.next() == {"topic": "tasks.changed", "key": "PDX-1"}


def test_what_happened_while_the_line_was_cut_is_told_once_per_thing(site: Site) -> None:
    url = stream_url(["stock.changed:*"])
    with listening(site, url) as page:
        record("stock.changed", "tent", on_hand=5)
        page.next()
        last_id = page.last_id
    record("stock.changed", "tent", on_hand=4)
    record("stock.changed", "tent", on_hand=3)
    record("stock.changed", "mug", on_hand=9)
    with listening(site, url, last_id) as page:
        missed = sorted([page.next(), page.next()], key=lambda event: event["key"])
        assert [(event["key"], event["on_hand"]) for event in missed] == [("mug", 9), ("tent", 3)]


def test_a_page_rendered_before_a_change_hears_of_it_when_it_connects_after(site: Site) -> None:
    rendered_at = outbox.here()
    record("stock.changed", "early", on_hand=0)
    rendered_at = outbox.here()
    record("stock.changed", "tent", on_hand=1)
    with listening(site, stream_url(["stock.changed:*"], after=rendered_at)) as page:
        assert page.next()["key"] == "tent"


HERD = 300  # more than the database has connections


async def _told(site: Site, path: str) -> bool:
    """Whether a page that returns is told what it has missed."""
    reader, writer = await asyncio.open_connection(*urlsplit(site.url).netloc.split(":"))
    try:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        await asyncio.wait_for(reader.readuntil(b'"key": "tent"'), timeout=30)
        return True
    except (asyncio.IncompleteReadError, TimeoutError):
        return False
    finally:
        writer.close()


def test_all_pages_that_come_back_at_once_are_told(site: Site) -> None:
    """After a restart of the server thousands of them return in the same second."""
    path = stream_url(["stock.changed:*"], after=outbox.here())
    record("stock.changed", "tent", on_hand=1)

    async def herd() -> list[bool]:
        return await asyncio.gather(*(_told(site, path) for _page in range(HERD)))

    with ThreadPoolExecutor(1) as beside:  # a browser of an earlier test may have left its event loop in this thread
        assert beside.submit(asyncio.run, herd()).result().count(True) == HERD


def test_an_address_that_no_page_made_is_refused(site: Site) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{site.url}/events?topics=stock.changed", timeout=10)
    assert refused.value.code == 400


def test_a_large_payload_arrives_without_it(site: Site) -> None:
    """PostgreSQL carries 8000 bytes at most: the page is told, and reads the rest where it is."""
    with listening(site, stream_url(["catalog.changed:*"])) as page:
        record("catalog.changed", "all", products=["x" * 100] * 100)
        assert page.next() == {"topic": "catalog.changed", "key": "all"}
