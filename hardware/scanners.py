"""Barcode scanners on a serial line. (One that types like a keyboard is the page's business.)"""

import logging
import threading
import time
from collections.abc import Callable

from hardware.ports import PORT_ERRORS, open_port
from hardware.printers.text import printable
from hardware.protocol import DeviceStatus

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
_SILENCE = 0.08  # seconds that end a code of a scanner without Enter
_LONGEST_CODE = 512

log = logging.getLogger("hardware.scanners")


class Scanner:
    """Reads one scanner in a thread of its own, and comes back after it was unplugged."""

    def __init__(
        self, name: str, url: str, on_scan: Callable[[str, str], None], on_status: Callable[[DeviceStatus], None]
    ) -> None:
        self.name, self.url = name, url
        self.on_scan, self.on_status = on_scan, on_status
        self.ready = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"scanner {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(2)

    def status(self) -> DeviceStatus:
        return {"name": self.name, "state": "ready" if self.ready else "off"}

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                self._read()
            except PORT_ERRORS as error:
                log.info("scanner %r: %r", self.name, str(error))
            self._tell(False)
            pause = FIRST_PAUSE if time.monotonic() - started > LONGEST_PAUSE else min(LONGEST_PAUSE, pause * 2)
            self._stopping.wait(pause)

    def _read(self) -> None:
        with open_port(self.url, timeout=_SILENCE) as port:
            self._tell(True)
            held = b""
            while not self._stopping.is_set():
                data = port.read(max(1, port.in_waiting))
                held += data
                *codes, held = held.replace(b"\r", b"\n").split(b"\n")
                if held and (not data or len(held) > _LONGEST_CODE):
                    codes, held = [*codes, held], b""
                for code in codes:
                    self._scanned(code)

    def _scanned(self, code: bytes) -> None:
        # GS (0x1d) parts the fields of a GS1 code: it must not be lost with the other control characters.
        text = "\x1d".join(printable(part) for part in code.decode("utf-8", "replace").split("\x1d")).strip(" ")
        if text:
            self.on_scan(text[:_LONGEST_CODE], self.name)

    def _tell(self, ready: bool) -> None:
        if ready != self.ready:
            self.ready = ready
            self.on_status(self.status())
