"""What runs beside the database: every program by name, in the order of starting."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commerce.runtime import ports
from commerce.runtime.errors import CannotStart

WEB_SOCKET = "web"
_WORKER_OPTIONS = (
    *("--hostname", "worker@counterpart", "--loglevel", "INFO", "--concurrency", "2"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),  # chatter between workers that pgmq would keep
)


@dataclass(frozen=True)
class Program:
    """One supervised program. `stop_seconds` is how long it may take to end what it is doing; `variables` are what it
    needs to know unless the environment says otherwise."""

    name: str
    command: tuple[str, ...]
    copies: int = 1
    stop_seconds: int = 5
    variables: Mapping[str, str] = field(default_factory=dict)


def programs(state: Path, *, card_network: Mapping[str, str] | None) -> list[Program]:
    """The programs of one copy; `state` is a directory for the beat's clock. `card_network` is what the payment
    stand-in must know; None where payments go to the real provider."""
    celery = (sys.executable, "-m", "celery", "--app", "commerce")
    listed = [
        Program("web", (*_module("commerce.runtime.web"), f"$(circus.sockets.{WEB_SOCKET})"), copies=web_processes()),
        Program("worker", (*celery, "worker", *_WORKER_OPTIONS), stop_seconds=8),
        Program("beat", (*celery, "beat", "--loglevel", "INFO", "--schedule", str(state / "beat"), "--pidfile=")),
        Program("bridge", _module("hardware"), variables=_bridge()),
        Program("printer", _module("commerce.sandbox.receipt_printer")),
    ]
    if card_network:
        listed.append(Program("card-network", _module("commerce.sandbox.card_network"), variables=card_network))
    return listed


def _bridge() -> dict[str, str]:
    """The bridge of a demo: it prints on the simulated printer and pairs with pages of this computer by itself."""
    return {
        "BRIDGE_PRINTER": f"network://127.0.0.1:{ports.printer()}",
        "BRIDGE_ORIGINS": f"http://127.0.0.1:{ports.web()},http://localhost:{ports.web()}",
        "BRIDGE_PAIRING": "auto",
    }


def web_processes() -> int:
    """How many web processes run: `WEB_PROCESSES`, by default two."""
    given = os.environ.get("WEB_PROCESSES", "2")
    if not given.isdecimal() or not 1 <= int(given) <= 64:
        raise CannotStart(f"WEB_PROCESSES={given} is not a number from 1 to 64.")
    return int(given)


def environment(data: Path) -> dict[str, str]:
    """The variables that every program gets, and by which the next start knows what a killed run left behind."""
    return {
        **os.environ,
        **ports.environment(),
        "COUNTERPART_DATA": str(data),
        MARK: str(data),
        "PYTHONUNBUFFERED": "1",
    }


MARK = "COUNTERPART_SUPERVISED"


def _module(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name)
