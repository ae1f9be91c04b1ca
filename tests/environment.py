"""Where one test run lives: its own directory, database and ports, so that several runs work side by side.

`enter()` must run before settings are imported.
"""

import os
import socket
from pathlib import Path

from commerce.runtime import locks
from commerce.runtime.cluster import Cluster
from commerce.runtime.paths import data_directory, made

_SLOTS = 64
_OWN = "COUNTERPART_TEST_DATABASE"  # the address of a database that was made here, not given from outside
_held: list[int] = []  # descriptors of locks that last as long as this process


def enter() -> None:
    """Point the environment at the place of this run, or of this worker of it.

    A worker of pytest-xdist starts with the environment of the run that it works for. It has a database server of its
    own: readers of events wait for the oldest transaction of a server, whichever database it is of.
    """
    place = made(data_directory() / os.environ.get("PYTEST_XDIST_WORKER", "test"))
    os.environ["COUNTERPART_DATA"] = str(place)
    os.environ["DJANGO_SETTINGS_MODULE"] = "commerce.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's synchronous interface runs an event loop
    os.environ["SHOP_FRAME_SECONDS"] = "0"  # what a test has written, the next page shows
    for name in ("PORT", "CARD_NETWORK_PORT", "PRINTER_PORT", "PRINTER_PREVIEW_PORT", "BRIDGE_PORT"):
        os.environ[name] = str(free_port())
    if os.environ.get("DATABASE_URL", "") == os.environ.get(_OWN, ""):
        cluster = Cluster(place / "postgres", durable=False)
        cluster.join()
        os.environ["DATABASE_URL"] = os.environ[_OWN] = cluster.address(f"counterpart_{_free_slot(place)}")


def has_own_database() -> bool:
    """Whether the database server is one that was started here, for tests alone."""
    return os.environ["DATABASE_URL"] == os.environ.get(_OWN)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free_slot(place: Path) -> int:
    """A number that no other test run of this directory uses: it keeps their databases apart."""
    for slot in range(_SLOTS):
        descriptor = locks.open_lock(place / f"slot-{slot}.lock")
        if locks.try_exclusive(descriptor):
            _held.append(descriptor)
            return slot
        os.close(descriptor)
    raise RuntimeError(f"{_SLOTS} test runs use {place} already")
