"""A scale that speaks MT-SICS: asked with `SI`, it answers `S S      1.245 kg`."""

import re
import threading
import time

from hardware.ports import PORT_ERRORS, open_port
from hardware.protocol import DeviceStatus, Weight

ANSWER_SECONDS = 1.0
_ANSWER = re.compile(rb"S ([SD]) +(-?\d+(?:\.\d+)?) +(\w{1,3})")
_TROUBLE = {
    b"S +": "The scale is overloaded. Take something off.",
    b"S -": "The scale is below its zero. Put the plate on, or press its zero key.",
    b"S I": "The scale is busy. Try again.",
}


class ScaleError(Exception):
    """No weight; the text says what to do."""


class Scale:
    """One scale; blocking."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ready = False
        self._one_at_a_time = threading.Lock()

    def status(self) -> DeviceStatus:
        """As it was when it was asked last."""
        if self.url == "none":
            return {"name": "scale", "state": "none"}
        return {"name": "scale", "state": "ready" if self.ready else "off"}

    def read(self) -> Weight:
        """The weight now. Raises `ScaleError`."""
        if self.url == "none":
            raise ScaleError("No scale is set up on this computer.")
        with self._one_at_a_time:
            try:
                line = self._ask()
            except PORT_ERRORS as error:
                self.ready = False
                raise ScaleError("The scale is off or not connected.") from error
        self.ready = bool(line)
        found = _ANSWER.match(line)
        if found:
            return {"value": found[2].decode(), "unit": found[3].decode(), "stable": found[1] == b"S"}
        raise ScaleError(_TROUBLE.get(line[:3], "The scale did not answer. Check its cable and that it is on."))

    def _ask(self) -> bytes:
        with open_port(self.url, timeout=0.1) as port:
            port.write(b"SI\r\n")
            until, answer = time.monotonic() + ANSWER_SECONDS, b""
            while time.monotonic() < until and not answer.endswith(b"\n"):
                answer += port.read(64)
            return answer.strip()
