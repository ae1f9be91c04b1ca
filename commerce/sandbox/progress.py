"""Shows how far a long piece of work is: a bar with count, rate and time left on a terminal, lines anywhere else."""

import time
from types import TracebackType
from typing import Any, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

_SECONDS_BETWEEN_LINES = 0.5


class Stream(Protocol):
    """Where text goes."""

    def write(self, text: str, /) -> Any:
        """Put out text."""

    def isatty(self) -> bool:
        """Whether a person looks at it."""


class _Rate(TextColumn):
    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim", justify="right")


class Bars:
    """For people: one bar for each part of the work."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description:<22}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns)
        self._task: Any = None

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def begin(self, title: str, count: int, done: int = 0) -> None:
        """A bar for `count` things."""
        self._task = self._progress.add_task(title, total=count, completed=done)

    def advance(self, done: int) -> None:
        """So many more things are done."""
        self._progress.advance(self._task, done)


class Lines:
    """For logs, and for a program that shows the latest line: `60 days of trading: 34 %, 412/s, 9 s left`."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._title, self._count, self._done = "", 0, 0
        self._first = 0
        self._began = self._written = 0.0

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def begin(self, title: str, count: int, done: int = 0) -> None:
        """A line for `count` things."""
        self._title, self._count, self._done, self._first = title, count, done, done
        self._began = time.monotonic()
        self._write()

    def advance(self, done: int) -> None:
        """So many more things are done."""
        self._done += done
        if time.monotonic() - self._written >= _SECONDS_BETWEEN_LINES:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        line = f"{self._title}: {100 * self._done // max(1, self._count)} %"
        seconds = self._written - self._began
        if seconds > 1 and self._done > self._first:
            rate = (self._done - self._first) / seconds
            line += f", {rate:,.0f}/s, {(self._count - self._done) / rate:.0f} s left"
        self._stream.write(line + "\n")


def progress(stream: Stream) -> Bars | Lines:
    """What suits the stream; bars go to the terminal itself."""
    return Bars() if stream.isatty() else Lines(stream)
