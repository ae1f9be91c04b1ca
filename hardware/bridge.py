"""The bridge as a whole: its devices, its memory, and the pages that listen."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from hardware.config import Config
from hardware.display import Display
from hardware.jobs import PrinterQueue
from hardware.journal import Journal
from hardware.pairing import Pairing
from hardware.printers.device import PrinterDevice
from hardware.protocol import BridgeStatus, DeviceStatus
from hardware.scale import Scale
from hardware.scanners import Scanner
from hardware.spool import Spool
from hardware.storage import private_folder

log = logging.getLogger("hardware.bridge")
Listener = Callable[[dict[str, Any]], None]


class NoPrinter(Exception):
    """There is no printer of that name, or none at all."""


class Bridge:
    """Everything that outlives a connection."""

    def __init__(self, config: Config) -> None:
        self.config = config
        data = private_folder(config.data)
        self.spool = Spool(data / "spool")
        self.journal = Journal(data / "journal")
        self.pairing = Pairing(data, config.pairing)
        self.scale, self.display = Scale(config.scale), Display(config.display)
        self.listeners: set[Listener] = set()
        self.printers = {
            printer.name: PrinterQueue(
                printer.name, PrinterDevice(printer.url, printer.profile), self.spool, self.publish, config.poll_seconds
            )
            for printer in config.printers
        }
        self.scanners = [Scanner(name, url, self._scanned, self._scanner_changed) for name, url in config.scanners]
        self._workers: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Begin to work."""
        self._loop = asyncio.get_running_loop()
        self._workers = [asyncio.create_task(queue.work()) for queue in self.printers.values()]
        for scanner in self.scanners:
            scanner.start()

    async def stop(self) -> None:
        """Stop taking jobs; one that is printing comes back as unknown."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        for scanner in self.scanners:
            await asyncio.to_thread(scanner.stop)

    def printer(self, name: str | None = None) -> PrinterQueue:
        """The queue of a printer; the first one without a name. Raises `NoPrinter`."""
        found = self.printers.get(name) if name else next(iter(self.printers.values()), None)
        if found is None:
            raise NoPrinter(f"There is no printer {name}." if name else "No printer is set up on this computer.")
        return found

    async def status(self) -> BridgeStatus:
        """Everything the health panel shows."""
        queues = list(self.printers.values())
        return {
            "printers": [queue.status() for queue in queues],
            "drawer": queues[0].drawer if queues else "unknown",
            "scanners": [scanner.status() for scanner in self.scanners],
            "scale": self.scale.status(),
            "display": self.display.status(),
            "journal": await asyncio.to_thread(self.journal.summary),
            "jobs": self.spool.counts(),
        }

    def listen(self, listener: Listener) -> None:
        """Send every event to this page from now on."""
        self.listeners.add(listener)
        self._watch()

    def forget(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        self._watch()

    def publish(self, event: dict[str, Any]) -> None:
        """Tell every page."""
        for listener in list(self.listeners):
            listener(event)

    def _watch(self) -> None:
        for queue in self.printers.values():
            queue.watched = bool(self.listeners)

    def _scanned(self, code: str, device: str) -> None:
        self._from_thread({"event": "scan", "code": code, "device": device})

    def _scanner_changed(self, status: DeviceStatus) -> None:
        self._from_thread({"event": "scanner", "scanner": status})

    def _from_thread(self, event: dict[str, Any]) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.publish, event)
