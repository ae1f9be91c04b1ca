"""Tells whoever waits in front of the screen what start-up does, and how long each step took."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


class Steps:
    """Prints one line for each step, with its seconds. Ctrl-C and SIGTERM end it with `KeyboardInterrupt`."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._began = time.monotonic()
        self._stop_asked = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    @contextmanager
    def step(self, title: str) -> Iterator["Step"]:
        """Announce `title` while it happens, then print it with what the step noted and the seconds it took."""
        self.check()
        began = time.monotonic()
        current = Step()
        if self.console.is_terminal:
            with self.console.status(f"{title} …") as status:
                current.on_progress = lambda text: status.update(f"{title} … {text}")
                yield current
        else:
            yield current
        seconds = time.monotonic() - began
        self.console.print(f"  [green]✓[/] {title:<15} {current.note:<44} [dim]{seconds:5.1f} s[/]", highlight=False)

    def check(self) -> None:
        """Stop here if that was asked. An interruption alone is not enough: Python drops one that meets a finalizer."""
        if self._stop_asked:
            raise KeyboardInterrupt

    def _stop(self, *_: object) -> None:
        self._stop_asked = True
        raise KeyboardInterrupt

    def seconds(self) -> float:
        """Seconds since the first step began."""
        return time.monotonic() - self._began


class Step:
    """What a step has to say: `note` ends up on its line, `progress` shows while it runs."""

    def __init__(self) -> None:
        self.note = ""
        self.on_progress: Callable[[str], None] = lambda text: None

    def progress(self, text: str) -> None:
        """Show how far the step is."""
        self.on_progress(text)
