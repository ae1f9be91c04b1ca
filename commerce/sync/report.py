"""What an import did, or in a dry run would do."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from commerce.kernel.exchange import OUTCOMES, REFUSED, Note
from commerce.sync.files import Table
from commerce.sync.formats import Columns

SHOWN = 5


@dataclass(slots=True)
class Kind:
    """All notes of one kind: how many there are, and the first of them."""

    code: str
    refuses: bool
    count: int = 0
    first: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """Rows by what became of them, things by what became of them, and every kind of problem with its first lines.

    `rows` counts the file's rows and is the sum of `outcomes` once `state` is finished.
    """

    file_name: str
    layout: str
    encoding: str
    columns: Columns
    rows: int
    dry_run: bool
    state: str = "running"
    done: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    tally: dict[str, Counter[str]] = field(default_factory=dict)
    kinds: dict[tuple[str, bool], Kind] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    def of(cls, table: Table, layout: str, columns: Columns, *, dry_run: bool) -> "Report":
        outcomes = Counter(dict.fromkeys(OUTCOMES, 0))
        return cls(table.path.name, layout, table.encoding, columns, table.rows, dry_run, outcomes=outcomes)

    def add(self, lines: dict[int, str], notes: Iterable[Note]) -> None:
        """Count a batch."""
        self.done += len(lines)
        self.outcomes.update(lines.values())
        for note in notes:
            kind = self.kinds.setdefault((note.code, note.refuses), Kind(note.code, note.refuses))
            kind.count += 1
            if len(kind.first) < SHOWN:
                kind.first.append(note)

    @property
    def refused(self) -> int:
        return self.outcomes[REFUSED]

    @property
    def problems(self) -> list[Kind]:
        """Refusals first, then what there is most of."""
        return sorted(self.kinds.values(), key=lambda kind: (not kind.refuses, -kind.count, kind.code))
