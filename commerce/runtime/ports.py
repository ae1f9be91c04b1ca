"""The ports of one running copy, all derived from `PORT` so that several copies run side by side."""

import os

from commerce.runtime.errors import CannotStart

DEFAULT_PORT = 8000
_OFFSETS = {
    "PORT": 0,
    "CARD_NETWORK_PORT": 1,
    "PRINTER_PORT": 2,
    "PRINTER_PREVIEW_PORT": 3,
    "BRIDGE_PORT": 4,
}


def web() -> int:
    """Pages, API and live streams."""
    return _port("PORT")


def card_network() -> int:
    """The stand-in for the payment provider: its API, its script and its test cards."""
    return _port("CARD_NETWORK_PORT")


def printer() -> int:
    """The simulated receipt printer, raw ESC/POS as network printers take it on port 9100."""
    return _port("PRINTER_PORT")


def printer_preview() -> int:
    """Pictures of what the simulated printer printed, over HTTP."""
    return _port("PRINTER_PREVIEW_PORT")


def bridge() -> int:
    """The hardware bridge on the till's own computer."""
    return _port("BRIDGE_PORT")


def environment() -> dict[str, str]:
    """Every port by the name of its variable, for the processes started from here."""
    return {name: str(_port(name)) for name in _OFFSETS}


def _port(name: str) -> int:
    given = os.environ.get(name)
    if given is None:
        base = DEFAULT_PORT if name == "PORT" else web()
        return base + _OFFSETS[name]
    if not given.isdecimal() or not 1 <= int(given) <= 65535:
        raise CannotStart(f"{name}={given} is not a port. Give a number from 1024 to 65000, for example {name}=8100.")
    return int(given)
