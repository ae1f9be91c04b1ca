"""One running copy per data directory: the claim on it, what a killed one left behind, and busy ports."""

import json
import os
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from commerce.runtime import locks
from commerce.runtime.errors import CannotStart
from commerce.runtime.programs import MARK

_STOPPING_SECONDS = 15


class Claim:
    """The lock on a data directory that a running copy holds. It ends with its process, however that ends."""

    def __init__(self, data: Path) -> None:
        self._file = data / "running.json"
        self._descriptor = locks.open_lock(data / "running.lock")

    def take(self, port: int) -> None:
        """Claim the directory, waiting for a copy that is just stopping."""
        began = time.monotonic()
        while not locks.try_exclusive(self._descriptor):
            holder = self._holder()
            patience = _STOPPING_SECONDS if holder.get("stopping") else 2
            if time.monotonic() - began > patience:
                raise CannotStart(
                    f"Counterpart is already running here, as process {holder.get('pid', '?')}: "
                    f"http://127.0.0.1:{holder.get('port', '?')}/\n"
                    "Stop it with Ctrl-C in its window, or run a second copy beside it:\n"
                    "    make run PORT=8100 COUNTERPART_DATA=.data-2"
                )
            time.sleep(0.1)
        self._write(port=port, stopping=False)

    def announce_stop(self) -> None:
        """Let a start that comes now wait instead of refusing."""
        self._write(**{**self._holder(), "stopping": True})

    def release(self) -> None:
        """Give the directory up. What is known of the holder stays: a start that waits may be reading it just now."""
        os.close(self._descriptor)

    def _holder(self) -> dict[str, int | bool]:
        with suppress(OSError, ValueError):
            return dict(json.loads(self._file.read_text()))
        return {}

    def _write(self, **facts: int | bool) -> None:
        complete = self._file.with_suffix(".new")
        complete.write_text(json.dumps({**facts, "pid": os.getpid()}))
        complete.replace(self._file)


def end_strays(data: Path) -> int:
    """End the programs that an earlier run of this data directory left behind; how many there were."""
    strays = [process for process in psutil.process_iter() if _belongs_to(process, data)]
    for process in strays:
        with suppress(psutil.Error):
            process.terminate()
    _, alive = psutil.wait_procs(strays, timeout=6)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=3)
    return len(strays)


def demand_free_ports(wanted: Iterable[tuple[str, int]], host: str) -> None:
    """Refuse to start when another program listens on a port that is needed; names are for the message."""
    for name, port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError:
                raise CannotStart(f"Port {port} is for root only. Choose another: make run PORT=8100") from None
            except OSError as problem:
                raise CannotStart(
                    f"Port {port}, which {name} needs, is taken {_listener(port)} ({problem.strerror}).\n"
                    "Stop that program, or let Counterpart use other ports:\n    make run PORT=8100"
                ) from None


def _listener(port: int) -> str:
    with suppress(psutil.Error):
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
                process = psutil.Process(connection.pid)
                return f"by process {process.pid}: {' '.join(process.cmdline())[:100] or process.name()}"
    return "by a program of another user"


def _belongs_to(process: psutil.Process, data: Path) -> bool:
    if process.pid == os.getpid():
        return False
    with suppress(psutil.Error, OSError):
        return process.environ().get(MARK) == str(data)
    return False
