"""One queue per printer: kicks before prints, one call to the device at a time, every change told to the pages."""

import asyncio
import itertools
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hardware.clock import now_text
from hardware.printers.device import Outcome, PrinterDevice, Seen
from hardware.protocol import REASONS, DrawerState, Job, PrinterStatus
from hardware.spool import Spool

KICK_FIRST, PRINT_AFTER = 0, 1
KICK_MAX_AGE = 5.0  # seconds; a drawer must not spring open when nobody expects it
KICKS_PER_MINUTE = 12
DEVICE_SECONDS = 75.0  # longer than every time limit of the device together
SETTLED = ("done", "failed", "unknown", "blocked")

log = logging.getLogger("hardware.jobs")
Publish = Callable[[dict[str, Any]], None]


@dataclass(order=True)
class _Entry:
    urgency: int
    number: int
    job_id: str = field(compare=False)
    data: bytes | None = field(compare=False)  # None: open the drawer
    warnings: list[str] = field(compare=False)
    born: float = field(compare=False, default_factory=time.monotonic)


class PrinterQueue:
    """The only caller of one `PrinterDevice`."""

    def __init__(self, name: str, device: PrinterDevice, spool: Spool, publish: Publish, poll_seconds: float) -> None:
        self.name, self.device, self.spool, self.publish = name, device, spool, publish
        self.poll_seconds = poll_seconds
        self.seen = Seen("off", "printer_off")
        self.seen_at: str | None = None
        self.watched = False  # whether any page wants to know how the printer is
        self._entries: asyncio.PriorityQueue[_Entry] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._settled: dict[str, asyncio.Event] = {}
        self._recent_kicks: deque[float] = deque()
        self._stuck: asyncio.Future[Any] | None = None

    def print(self, job_id: str, content: str, data: bytes, warnings: list[str]) -> Job:
        """Queue a print, unless its id is known. Raises ValueError for an id that cannot be.

        On disk and in the queue without a pause between: a page that hangs up now leaves no job in limbo.
        """
        job, starts = self.spool.add(job_id, "print", self.name, content)
        if starts:
            self._enter(_Entry(PRINT_AFTER, next(self._numbers), job_id, data, warnings))
        return job

    def kick(self, job_id: str, reason: str) -> Job:
        """Queue a drawer kick, unless its id is known."""
        job, starts = self.spool.add(job_id, "kick", self.name, reason)
        if starts and self._too_many_kicks():
            job = self._move(job_id, "failed", "kick_too_many")
        elif starts:
            self._enter(_Entry(KICK_FIRST, next(self._numbers), job_id, None, []))
        return job

    async def settled(self, job_id: str, seconds: float) -> Job:
        """The job once it is decided, or as it stands after so many seconds."""
        waiting = self._settled.get(job_id)
        if waiting:
            try:
                await asyncio.wait_for(waiting.wait(), seconds)
            except TimeoutError:
                log.info("job %r takes its time", job_id)
        return self.spool.job(job_id)

    def status(self) -> PrinterStatus:
        """As last seen."""
        status: PrinterStatus = {
            "name": self.name,
            "state": self.seen.state,
            "message": REASONS[self.seen.code] if self.seen.code else "Ready",
            "paper_low": self.seen.paper_low,
            "columns": self.device.profile.columns,
            "at": self.seen_at,
        }
        if self.seen.code:
            status["code"] = self.seen.code
        return status

    @property
    def drawer(self) -> DrawerState:
        return self.seen.drawer

    async def work(self) -> None:
        """Run for ever: jobs as they come, a look at the printer in between."""
        await self._look()
        while True:
            try:
                entry = await asyncio.wait_for(self._entries.get(), self.poll_seconds)
            except TimeoutError:
                if self.watched:
                    await self._look()
                continue
            try:
                await self._do(entry)
            except Exception:
                log.exception("job %r", entry.job_id)
                self._move(entry.job_id, "unknown", "interrupted" if entry.data is not None else "kick_unknown")
            await self._look()

    def _enter(self, entry: _Entry) -> None:
        self._settled[entry.job_id] = asyncio.Event()
        self._entries.put_nowait(entry)

    async def _do(self, entry: _Entry) -> None:
        kick = entry.data is None
        if kick and time.monotonic() - entry.born > KICK_MAX_AGE:
            self._move(entry.job_id, "failed", "kick_failed")
            return
        if self._is_stuck():
            self._move(entry.job_id, *(("failed", "kick_failed") if kick else ("blocked", "printer_stuck")))
            return
        self._move(entry.job_id, "printing")
        outcome = (
            await self._call(self.device.kick)
            if entry.data is None
            else await self._call(self.device.print, entry.data)
        )
        outcome = outcome or Outcome("unknown", "kick_unknown" if kick else "interrupted")
        job = self._move(
            entry.job_id, outcome.state, outcome.code, confirmed=outcome.confirmed, warnings=entry.warnings
        )
        if kick and outcome.state in ("done", "unknown"):
            await asyncio.to_thread(self.spool.log_kick, job)

    async def _call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call the device in a thread. None when it does not come back; then the printer counts as stuck."""
        call = asyncio.ensure_future(asyncio.to_thread(function, *arguments))
        done, _ = await asyncio.wait([call], timeout=DEVICE_SECONDS)
        if done:
            return call.result()
        self._stuck = call
        return None

    def _is_stuck(self) -> bool:
        if self._stuck and self._stuck.done():
            self._stuck = None
        return self._stuck is not None

    async def _look(self) -> None:
        seen = Seen("off", "printer_stuck") if self._is_stuck() else await self._call(self.device.check)
        seen = seen or Seen("off", "printer_stuck")
        changed = seen != self.seen
        self.seen = seen
        if seen.state != "off":
            self.seen_at = now_text()
        if changed:
            self.publish({"event": "printer", "printer": self.status(), "drawer": self.drawer})

    def _move(self, job_id: str, *state: Any, **more: Any) -> Job:
        job = self.spool.move(job_id, *state, **more)
        self.publish({"event": "job", "job": job})
        if job["state"] in SETTLED and (waiting := self._settled.pop(job_id, None)):
            waiting.set()
        return job

    def _too_many_kicks(self) -> bool:
        now = time.monotonic()
        while self._recent_kicks and self._recent_kicks[0] < now - 60:
            self._recent_kicks.popleft()
        if len(self._recent_kicks) >= KICKS_PER_MINUTE:
            return True
        self._recent_kicks.append(now)
        return False
