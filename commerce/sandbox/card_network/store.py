"""All objects in memory, and the unit of work through which one request reads and writes them."""

import copy
import time
from collections.abc import Iterator
from typing import Any

from .errors import Missing, Row
from .journal import Change, Journal

INDEXES: dict[str, tuple[str, ...]] = {
    "charge": ("payment_intent",),
    "refund": ("charge",),
    "dispute": ("charge",),
    "balance_transaction": ("source", "_payout"),
    "payment_method": ("customer",),
    "delivery": ("event", "state"),
}


class Store:
    """Rows by kind and id, in the order of their creation, with the indexes named in INDEXES."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.kinds: dict[str, dict[str, Row]] = {}
        self.indexes: dict[tuple[str, str], dict[Any, dict[str, None]]] = {}
        self.clock_offset = 0.0

    def load(self) -> None:
        """Read the journal back, then open it for writing."""
        self.journal.claim()
        for changes in self.journal.replay():
            self.apply(changes)
        self.journal.open()

    def now(self) -> float:
        """The network's time in seconds: the machine's, plus what the control API has advanced it by."""
        return time.time() + self.clock_offset

    def of(self, kind: str) -> dict[str, Row]:
        """All rows of a kind by id."""
        return self.kinds.setdefault(kind, {})

    def apply(self, changes: list[Change]) -> None:
        """Put or drop rows; used by commits and by the replay alike."""
        for kind, identifier, row in changes:
            rows = self.of(kind)
            old = rows.get(identifier)
            for name in INDEXES.get(kind, ()):
                self._index(kind, name, identifier, old, row)
            if row is None:
                rows.pop(identifier, None)
            else:
                rows[identifier] = row
            if kind == "setting" and identifier == "clock":
                self.clock_offset = row["offset"] if row else 0.0

    def _index(self, kind: str, name: str, identifier: str, old: Row | None, new: Row | None) -> None:
        index = self.indexes.setdefault((kind, name), {})
        before, after = old and old.get(name), new and new.get(name)
        if before == after and old is not None and new is not None:
            return
        if old is not None and before in index:
            index[before].pop(identifier, None)
            if not index[before]:
                del index[before]
        if new is not None:
            index.setdefault(after, {})[identifier] = None

    def ids_where(self, kind: str, name: str, value: Any) -> list[str]:
        """Ids of the rows whose indexed member has this value, oldest first."""
        return list(self.indexes.get((kind, name), {}).get(value, ()))

    def snapshot(self) -> Iterator[Change]:
        """Every row, for compaction."""
        for kind, rows in self.kinds.items():
            for identifier, row in rows.items():
                yield [kind, identifier, row]

    def clear(self) -> None:
        """Forget everything, on disk as well, once the caller has compacted."""
        self.kinds.clear()
        self.indexes.clear()
        self.clock_offset = 0.0


class Unit:
    """One request's reads and writes: nothing is seen by others, or kept, before ``commit``."""

    def __init__(self, store: Store, *, request_id: str | None = None, idempotency_key: str | None = None) -> None:
        self.store = store
        self.at = store.now()
        self.request = {"id": request_id, "idempotency_key": idempotency_key}
        self._written: dict[tuple[str, str], Row | None] = {}

    @property
    def now(self) -> int:
        """The time of this unit in whole seconds."""
        return int(self.at)

    def find(self, kind: str, identifier: str) -> Row | None:
        """The row for reading, or None. Do not change it: use ``edit``."""
        if (kind, identifier) in self._written:
            return self._written[kind, identifier]
        return self.store.of(kind).get(identifier)

    def get(self, kind: str, identifier: str, param: str = "id") -> Row:
        """The row for reading. Raises Missing, naming the parameter that named it."""
        row = self.find(kind, identifier)
        if row is None:
            raise Missing(kind, identifier, param)
        return row

    def edit(self, kind: str, identifier: str, param: str = "id") -> Row:
        """The row for changing; the same one however often it is asked for."""
        row = self._written.get((kind, identifier))
        if row is None:
            row = copy.deepcopy(self.get(kind, identifier, param))
            self._written[kind, identifier] = row
        return row

    def add(self, kind: str, row: Row) -> Row:
        """A new row under its own id."""
        self._written[kind, row["id"]] = row
        return row

    def drop(self, kind: str, identifier: str) -> None:
        """Remove a row."""
        self._written[kind, identifier] = None

    def rows(self, kind: str) -> list[Row]:
        """All rows of a kind, oldest first."""
        merged: dict[str, Row | None] = dict(self.store.of(kind))
        merged.update({key: row for (owner, key), row in self._written.items() if owner == kind})
        return [row for row in merged.values() if row is not None]

    def where(self, kind: str, name: str, value: Any) -> list[Row]:
        """Rows whose indexed member has this value, oldest first."""
        ids = dict.fromkeys(self.store.ids_where(kind, name, value))
        ids.update(dict.fromkeys(key for owner, key in self._written if owner == kind))
        found = (self.find(kind, identifier) for identifier in ids)
        return [row for row in found if row is not None and row.get(name) == value]

    def commit(self) -> None:
        """Make the writes visible and queue them for the disk."""
        changes: list[Change] = [[kind, identifier, row] for (kind, identifier), row in self._written.items()]
        if changes:
            self.store.apply(changes)
            self.store.journal.append(changes)
        self._written = {}
