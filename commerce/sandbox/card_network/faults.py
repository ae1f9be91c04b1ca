"""Scripted failures: the next calls that match are slowed down, refused, or answered to nobody."""

import asyncio
import fnmatch
from dataclasses import asdict, dataclass
from typing import Any

KINDS = ("delay", "delay_after", "error", "error_after", "drop", "drop_after")


@dataclass(slots=True)
class Fault:
    """One rule. ``path`` may hold ``*``; ``times`` counts down with every call it hits.

    ``delay`` waits before anything runs, ``delay_after`` between the commit and the answer, ``error`` answers 500
    before anything runs, ``error_after`` answers 500 after the commit (and the key remembers the 500), ``drop`` and
    ``drop_after`` cut the connection before or after the commit.
    """

    id: int
    kind: str
    method: str = "POST"
    path: str = "*"
    times: int = 1
    seconds: float = 0.0

    def matches(self, method: str, path: str) -> bool:
        """Whether this rule is meant for the call."""
        return self.times > 0 and self.method in ("*", method) and fnmatch.fnmatchcase(path, self.path)


class Struck(list[Fault]):
    """The rules that hit one call."""

    def has(self, kind: str) -> bool:
        """Whether one of them is of this kind."""
        return any(fault.kind == kind for fault in self)

    async def wait(self, kind: str) -> None:
        """Sleep for the delays of this kind."""
        for fault in self:
            if fault.kind == kind:
                await asyncio.sleep(fault.seconds)


class Faults:
    """The script. Kept in memory: a restarted network is a healthy one."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self._count = 0
        self.silent: dict[str, int] = {}

    def add(self, **given: Any) -> Fault:
        """A new rule."""
        self._count += 1
        fault = Fault(id=self._count, **given)
        self.rules.append(fault)
        return fault

    def strike(self, method: str, path: str) -> Struck:
        """The rules that hit this call, each one use poorer."""
        struck = Struck()
        for fault in self.rules:
            if fault.matches(method, path) and not struck.has(fault.kind):
                fault.times -= 1
                struck.append(fault)
        self.rules = [fault for fault in self.rules if fault.times > 0]
        return struck

    def silence(self, key: str, answers: int) -> None:
        """Give no answer to the next calls under this idempotency key (the time-out card)."""
        self.silent[key] = answers

    def is_silent(self, key: str | None) -> bool:
        """Whether this call's answer is to be dropped; counts down."""
        if key is None or self.silent.get(key, 0) <= 0:
            return False
        self.silent[key] -= 1
        return True

    def clear(self) -> None:
        """A healthy network again."""
        self.rules.clear()
        self.silent.clear()

    def listed(self) -> list[dict[str, Any]]:
        """The rules still in force."""
        return [asdict(fault) for fault in self.rules]
