"""Keeps the programs running, on top of circus: restarts what dies, with back-off, and stops all of it together."""

import asyncio
import logging
import os
import shlex
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from circus.arbiter import Arbiter
from circus.exc import ConflictError
from circus.sockets import CircusSocket
from circus.watcher import Watcher
from tornado.ioloop import IOLoop, PeriodicCallback

from commerce.runtime.programs import WEB_SOCKET, Program

_CHILD = Path(__file__).with_name("child.py")
_HEALTHY_SECONDS = 20  # a program that ran this long is restarted at once
_LONGEST_PAUSE = 30
_LOG_BYTES = 10_000_000

Report = Callable[[str], None]


class Supervisor:
    """Runs `programs` until it is told to stop.

    `report` gets one line for everything that an operator should know. Logs go to `logs/NAME.log`; the control sockets
    of circus lie in `state`, which nobody else may enter.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        variables: dict[str, str],
        listen: tuple[str, int],
        logs: Path,
        state: Path,
        report: Report,
    ) -> None:
        logging.getLogger("circus").setLevel(logging.ERROR)
        self.logs = logs
        self.report = report
        self.stopping = False
        self._on_stop: list[Callable[[], None]] = []
        self._programs = programs
        host, port = listen
        self._arbiter = PatientArbiter(
            [self._watcher(program, variables) for program in programs],
            f"ipc://{state}/control",
            f"ipc://{state}/events",
            sockets=[CircusSocket(WEB_SOCKET, host=host, port=port)],
            check_delay=0.5,
        )
        self.loop: IOLoop = self._arbiter.loop
        self._take_signals()
        self.every(60, self._rotate_logs)

    def run(self) -> None:
        """Start everything and return when everything has stopped."""
        self._arbiter.start()

    def stop(self) -> None:
        """Stop every program, then return from `run`. May be called from any place, also twice."""
        if not self.stopping:
            self.stopping = True
            self._arbiter.ctrl.caller.stop()  # nothing is restarted from here on
            for call in self._on_stop:
                call()
            self.loop.add_callback_from_signal(self._stop_when_idle)

    def on_stop(self, call: Callable[[], None]) -> None:
        """Have `call` made when stopping begins."""
        self._on_stop.append(call)

    def every(self, seconds: float, call: Callable[[], Any]) -> None:
        """Have `call` made every so many seconds while this runs."""
        PeriodicCallback(call, seconds * 1000).start()

    def pids(self) -> dict[str, list[int]]:
        """The process numbers of every program."""
        return {watcher.name: sorted(watcher.processes) for watcher in self._arbiter.watchers}

    async def _stop_when_idle(self) -> None:
        while True:
            try:
                await self._arbiter.stop()
            except ConflictError:  # circus is just restarting something
                await asyncio.sleep(0.05)
            else:
                return

    def _take_signals(self) -> None:
        ending = [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT]
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored under nohup
            ending.append(signal.SIGHUP)
        self._arbiter.ctrl.sys_hdl.stop()  # circus's own would lose a Ctrl-C that comes while it restarts something
        for number in ending:
            signal.signal(number, lambda *_: self.stop())

    def _watcher(self, program: Program, variables: dict[str, str]) -> "RestartingWatcher":
        log = self.logs / f"{program.name}.log"
        return RestartingWatcher(
            self,
            program.name,
            shlex.quote(sys.executable),
            args=[str(_CHILD), str(log), str(os.getpid()), *program.command],
            numprocesses=program.copies,
            env={**program.variables, **variables},
            graceful_timeout=program.stop_seconds,
            use_sockets=f"$(circus.sockets.{WEB_SOCKET})" in program.command,
            max_retry=-1,
        )

    def _rotate_logs(self) -> None:
        """Writers append to the open file, so its content is moved away instead of the file itself."""
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > _LOG_BYTES:
                shutil.copyfile(log, log.with_suffix(".log.1"))
                os.truncate(log, 0)


class PatientArbiter(Arbiter):
    """Looks after its programs the next time where it is just busy with them."""

    def manage_watchers(self) -> Any:
        """Restart what is missing, unless a start or a stop is under way."""
        try:
            return super().manage_watchers()
        except ConflictError:
            return _done()


class RestartingWatcher(Watcher):
    """Restarts at once what ran well for a while, and ever more slowly what keeps dying."""

    def __init__(self, supervisor: Supervisor, name: str, command: str, **options: Any) -> None:
        super().__init__(name, command, **options)
        self._supervisor = supervisor
        self._failures = 0
        self._not_before = 0.0
        self._log = supervisor.logs / f"{name}.log"
        self._log_began = 0  # where in the log the latest process began

    def reap_process(self, pid: int, status: int | None = None) -> None:
        """Note that a process ended and, unless it was asked to, when the next one may start."""
        process = self.processes.get(pid)
        super().reap_process(pid, status)
        if process is None or self._supervisor.stopping:
            return
        lived = time.time() - process.started
        self._failures = 0 if lived > _HEALTHY_SECONDS else self._failures + 1
        pause = min(2.0 ** (self._failures - 1), _LONGEST_PAUSE) if self._failures > 1 else 0.0
        self._not_before = time.monotonic() + pause
        self._supervisor.report(self._obituary(status, lived, pause))

    def spawn_processes(self) -> Any:
        """Fill up to the wanted number of processes, once the pause after a failure is over."""
        if time.monotonic() < self._not_before:
            return _done()
        self._log_began = self._log.stat().st_size if self._log.exists() else 0
        return super().spawn_processes()

    def _obituary(self, status: int | None, lived: float, pause: float) -> str:
        text = f"{self.name} {_ending(status)} after {lived:.0f} s; "
        text += f"starting it again in {pause:.0f} s." if pause else "starting it again."
        if self._failures and self._log.exists():
            with self._log.open("rb") as log:
                log.seek(self._log_began)
                lines = log.read().decode(errors="replace").splitlines()[-6:]
            text += "".join(f"\n      {line}" for line in lines)
        return f"{text}\n    Log: {self._log}"


def _done() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.Future()
    future.set_result(None)
    return future


def _ending(status: int | None) -> str:
    if status is None:
        return "ended"
    if os.WIFSIGNALED(status):
        return f"was killed by signal {os.WTERMSIG(status)}"
    return f"ended with status {os.waitstatus_to_exitcode(status)}"
