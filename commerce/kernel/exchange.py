"""What passes between a file and the apps: records, read from any format, offered to every app's `sync` module in turn.

A format knows the file and no app; an app's entity knows its tables and no file; both know the words of `Record.data`.
Each app's `sync.py` offers `ENTITIES`, objects with the methods of `Entity`; settings.SYNC_ENTITIES gives their order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

UNCHANGED, UPDATED, CREATED, REFUSED = "unchanged", "updated", "created", "refused"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, REFUSED)
_STRENGTH = {UNCHANGED: 0, UPDATED: 1, CREATED: 2, REFUSED: 3}


@dataclass(frozen=True, slots=True)
class Note:
    """Something a person should know of a line. `refuses`: the line was not taken; `code` groups notes of one kind."""

    line: int
    code: str
    text: str
    refuses: bool = False


@dataclass(slots=True)
class Record:
    """One thing of a file: `kind` and `data` in canonical words, the line it stands on, and the things it is made of.

    What `data` does not mention, the file does not say, and is left alone. `found` holds the primary keys by which the
    apps know the thing (None: it would be made, in a dry run); `outcome` is the strongest that any of them reported.
    """

    kind: str
    line: int
    data: dict[str, Any]
    parts: list["Record"] = field(default_factory=list)
    found: dict[str, int | None] = field(default_factory=dict)
    outcome: str = UNCHANGED
    notes: list[Note] = field(default_factory=list)

    def became(self, outcome: str) -> None:
        if _STRENGTH[outcome] > _STRENGTH[self.outcome]:
            self.outcome = outcome

    def note(self, code: str, text: str) -> None:
        self.notes.append(Note(self.line, code, text))

    def refuse(self, code: str, text: str) -> None:
        """Not taken, nor anything that it is made of."""
        self.notes.append(Note(self.line, code, text, refuses=True))
        for record in self.all():
            record.became(REFUSED)

    @property
    def is_refused(self) -> bool:
        return self.outcome == REFUSED

    def all(self) -> Iterator["Record"]:
        """This record and all its parts."""
        yield self
        for part in self.parts:
            yield from part.all()


class Memory(Protocol):
    """What files said before: (kind, key) -> text. Writing happens with the batch, and not in a dry run."""

    def recall(self, kind: str, keys: Sequence[str]) -> dict[str, str]: ...

    def keep(self, kind: str, values: Mapping[str, str]) -> None: ...


@dataclass(slots=True)
class Run:
    """One import: when, for whom, with which options, and how many things of each kind became what."""

    uid: Any
    at: datetime
    actor: Any
    dry_run: bool
    options: dict[str, Any]
    memory: Memory
    tally: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


class Entity(Protocol):
    """What an app offers to imports. `apply` runs in the transaction of the batch; in a dry run it must not write."""

    def prepare(self, options: dict[str, Any]) -> None:
        """Check the options that are this app's business and add what `apply` needs. Raises `InvalidInput`."""

    def apply(self, records: Sequence[Record], run: Run) -> None:
        """Take what is this app's business from a batch and report on each record."""


def lines(records: Iterable[Record]) -> dict[int, str]:
    """What became of each line: the strongest of its records' outcomes."""
    became: dict[int, str] = {}
    for record in (each for one in records for each in one.all()):
        known = became.get(record.line, UNCHANGED)
        became[record.line] = record.outcome if _STRENGTH[record.outcome] >= _STRENGTH[known] else known
    return became
