import io
import os
import signal
import sys
from collections.abc import Iterator

import pytest
from rich.console import Console

from commerce.runtime.steps import Steps


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def steps(screen: io.StringIO) -> Iterator[Steps]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield Steps(Console(file=screen, width=100))
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_tells_each_step_with_its_note(steps: Steps, screen: io.StringIO) -> None:
    with steps.step("Tables") as step:
        step.progress("1 of 3")
        step.note = "3 migrations applied"
    line = screen.getvalue().split()
    assert line[:5] == ["✓", "Tables", "3", "migrations", "applied"]
    assert line[-1] == "s"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_when_asked(steps: Steps, number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), steps.step("Tables"):
        os.kill(os.getpid(), number)


def test_remembers_an_interruption_that_python_dropped(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    dropped: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", dropped.append)

    class Dying:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):  # the handler runs in here, and what it raises is lost
                pass

    with steps.step("Tables"):
        Dying()
    assert dropped
    with pytest.raises(KeyboardInterrupt), steps.step("Demo data"):
        raise AssertionError("not reached")
