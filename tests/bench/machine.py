"""The machine that figures were taken on, and what processes cost it."""

import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil


def describe(postgresql: str) -> dict[str, str]:
    """CPU, cores, memory, versions, and how busy the machine is now. Figures of a busy machine are too low."""
    return {
        "CPU": _processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "RAM": f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "PostgreSQL": postgresql,
        "load average at start": load_average(),
    }


def load_average() -> str:
    """Of the last 1, 5 and 15 minutes."""
    return " ".join(f"{load:.2f}" for load in os.getloadavg())


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


@dataclass(frozen=True)
class Cpu:
    """CPU seconds by who used them."""

    application: float
    database: float

    def __sub__(self, other: "Cpu") -> "Cpu":
        return Cpu(self.application - other.application, self.database - other.database)

    def ms_per(self, count: int) -> tuple[float, float]:
        """Milliseconds of application and of database for each of `count` operations."""
        return self.application * 1000 / count, self.database * 1000 / count


class CpuMeter:
    """Reads what the web processes and the database server have used so far. What has ended counts with its parent."""

    def __init__(self, application: Callable[[], Iterable[int]], postmaster: int) -> None:
        self._application = application
        self._postmaster = postmaster

    def read(self) -> Cpu:
        return Cpu(sum(map(_seconds, self._application())), _seconds(self._postmaster))


def _seconds(pid: int) -> float:
    """CPU seconds of a process, its children, and the children that it has seen end."""
    while True:
        try:
            process = psutil.Process(pid)
            times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        except psutil.NoSuchProcess as gone:
            if gone.pid == pid:
                raise RuntimeError(f"Process {pid} ended while it was measured.") from gone
            continue  # a child ended between being listed and being read: its parent has its time by now
        return sum(time.user + time.system + time.children_user + time.children_system for time in times)


def megabytes(pids: Iterable[int]) -> float:
    """The largest memory (PSS: shared pages in shares) of these processes."""
    return max(psutil.Process(pid).memory_full_info().pss for pid in pids) / 1e6
