"""What happened, on disk before anybody is told: one JSON line per change set, replayed at start.

A killed process loses nothing it has answered for. A last line that was cut by the kill is dropped (nobody was
answered for it); any other unreadable line stops the start, because silently forgotten money is worse.
"""

import asyncio
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Change = list[Any]  # [kind, id, row or None]
COMPACT_ABOVE = 4 * 1024 * 1024


class JournalError(Exception):
    """The journal cannot be read or written; the message says what to do."""


class Journal:
    """The append-only file behind the store. One writer at a time; whoever writes, writes for all who wait."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "journal.jsonl"
        self.size = 0
        self._lock: int | None = None
        self._file: int | None = None
        self._waiting: list[bytes] = []
        self._appended = 0
        self._written = 0
        self._turn = asyncio.Lock()
        self._broken: str | None = None

    def claim(self) -> None:
        """Keep every other process off this directory until this one ends. Raises JournalError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise JournalError(f"Another card network is running on {self.path.parent}.") from None

    def replay(self) -> Iterator[list[Change]]:
        """Every change set since the last compaction, oldest first. Cuts off a half-written last line."""
        if not self.path.exists():
            return
        sound = 0
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    if not line.endswith(b"\n"):
                        break
                    changes = json.loads(line)
                except ValueError:
                    raise JournalError(
                        f"{self.path} cannot be read at line {number}. Move the file away to start empty."
                    ) from None
                sound += len(line)
                yield changes
        if sound < self.path.stat().st_size:
            os.truncate(self.path, sound)

    def open(self) -> None:
        """Open the file for appending."""
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.size = os.fstat(self._file).st_size

    def append(self, changes: list[Change]) -> None:
        """Queue a change set; it is safe once ``durable`` has returned."""
        self._waiting.append(json.dumps(changes, separators=(",", ":")).encode() + b"\n")
        self._appended += 1

    async def durable(self) -> None:
        """Return when everything appended so far is on the disk. Raises JournalError."""
        target = self._appended
        async with self._turn:
            if self._broken:
                raise JournalError(self._broken)
            if self._written >= target:
                return
            batch, self._waiting, upto = self._waiting, [], self._appended
            try:
                await asyncio.to_thread(self._write, b"".join(batch))
            except OSError as error:
                self._broken = f"The journal {self.path} cannot be written: {error.strerror}."
                raise JournalError(self._broken) from error
            self._written = upto

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        view = memoryview(data)
        while view:
            view = view[os.write(self._file, view) :]
        os.fsync(self._file)
        self.size += len(data)

    async def compact(self, rows: Iterable[Change]) -> None:
        """Replace the file by one that holds just these rows, in one atomic rename."""
        await self.durable()
        async with self._turn:
            fresh = self.path.with_suffix(".new")
            with fresh.open("wb") as file:
                for row in rows:
                    file.write(json.dumps([row], separators=(",", ":")).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)
            self._sync_directory()
            self.close()
            self.open()

    def _sync_directory(self) -> None:
        directory = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def close(self) -> None:
        """Close the file; nothing is appended afterwards."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
