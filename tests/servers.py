"""Real servers for tests that a test client cannot stand in for: live streams, races, journeys, crashes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from commerce.runtime.paths import PROJECT, made

_START_SECONDS = 60


class Server:
    """A program in process groups of its own, which go when the test ends, whatever they started themselves."""

    def __init__(self, name: str, command: Sequence[str], url: str, *, variables: Mapping[str, str]) -> None:
        self.url = url
        self.log = made(Path(os.environ["COUNTERPART_DATA"]) / "logs") / f"{name}.log"
        self._command = command
        self._variables = {**os.environ, **variables, "PYTHONUNBUFFERED": "1"}
        self._running: list[subprocess.Popen[bytes]] = []
        self._inherited: tuple[int, ...] = ()

    def start(self, processes: int = 1, *, path: str = "/") -> None:
        """Start so many processes and wait until `path` is answered at all."""
        with self.log.open("ab") as log:
            self._running += [
                subprocess.Popen(
                    self._command,
                    cwd=PROJECT,
                    env=self._variables,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    pass_fds=self._inherited,
                )
                for _ in range(processes)
            ]
        self._wait_for_answer(path)

    def kill(self) -> None:
        """End every process at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask every process to end, and insist after a few seconds."""
        self._end(signal.SIGTERM)

    @property
    def pids(self) -> list[int]:
        """The processes started and not yet ended from here."""
        return [process.pid for process in self._running]

    def output(self) -> str:
        """What the processes have printed so far, in all runs of this log."""
        return self.log.read_text(errors="replace")

    def _end(self, number: signal.Signals) -> None:
        for process in self._running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
        for process in self._running:
            try:
                process.wait(timeout=8)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self._running = []

    def _wait_for_answer(self, path: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            ended = [process for process in self._running if process.poll() is not None]
            if ended:
                break
            try:
                urllib.request.urlopen(self.url + path, timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"{self.url} does not answer. Its log {self.log} ends:\n{self.output()[-3000:]}")


class Site(Server):
    """The web server itself, in as many processes as wanted, on a socket that outlives them."""

    def __init__(self, name: str = "site", *, port: int | None = None, variables: Mapping[str, str] = {}) -> None:
        self._socket = socket.create_server(("127.0.0.1", port or 0), backlog=2048)
        port = self._socket.getsockname()[1]
        command = [sys.executable, "-m", "commerce.runtime.web", str(self._socket.fileno())]
        super().__init__(
            name, command, f"http://127.0.0.1:{port}", variables={"PORT": str(port), **_ports(), **variables}
        )
        self._variables["PORT"] = str(port)
        self._inherited = (self._socket.fileno(),)

    def start(self, processes: int = 1, *, path: str = "/healthz") -> None:
        """Start so many processes and wait for the first answer."""
        super().start(processes, path=path)

    def close(self) -> None:
        """Stop and give the port back."""
        self.stop()
        self._socket.close()


def _ports() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.endswith("_PORT")}
