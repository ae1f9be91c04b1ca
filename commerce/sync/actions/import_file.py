"""Take a file: judge it whole, then write it batch by batch, each batch in a transaction of its own.

Interrupted or killed between two batches, what was written is consistent; the same file again goes on from there,
because what is the same already is compared and not written.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors as pg

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import rows
from commerce.kernel.exchange import Entity, Note, Record, Run, lines
from commerce.kernel.failpoints import failpoint
from commerce.kernel.ids import new_uid
from commerce.sync import formats, runs
from commerce.sync.errors import AnotherImport, Stopped
from commerce.sync.files import Table
from commerce.sync.formats import Layout
from commerce.sync.models import ImportRun
from commerce.sync.report import Report

BATCH = 2000  # records, to the end of the last product
PATIENCE = 30  # seconds to wait for another import's batch
Progress = Callable[[Report, list[Note]], None]


def import_file(
    *,
    path: Path,
    file_format: str,
    options: dict[str, Any],
    person: User | None,
    at: datetime,
    dry_run: bool = False,
    progress: Progress = lambda report, notes: None,
    into: ImportRun | None = None,
) -> Report:
    """Import a file. `options` are the apps' (location, market). `progress` hears of every batch, with its notes.

    Raises `NotAllowed`, `FileRefused` and `InvalidInput` before anything is written. A dry run writes nothing at all.
    KeyboardInterrupt, and `Stopped` from `progress`, pass through when the batch at work was rolled back and the run
    marked. `into` is the run of an uploaded file; without it, there will be a new one.
    """
    require(person, "import.run")
    options = {**options, "person": person}
    entities = formats.entities_of(file_format)
    for entity in entities:
        entity.prepare(options)
    table, reader = formats.inspect(file_format, path)
    reader.ready(options)
    report = Report.of(table, reader.name, reader.columns, dry_run=dry_run)
    run = Run(into.uid if into else new_uid(), at, person, dry_run, options, runs.RowMemory())
    report.tally = run.tally
    kept = None if dry_run else _begin(run, table, reader, file_format, into)
    began = time.monotonic()
    try:
        for batch in _batches(reader.records(table.read())):
            notes = _take(batch, entities, run, kept, report)
            report.seconds = time.monotonic() - began
            progress(report, notes)
            failpoint("sync.after_batch")
        report.state = ImportRun.State.FINISHED
    except (KeyboardInterrupt, Stopped):
        report.state = ImportRun.State.INTERRUPTED
        raise
    finally:
        report.state = report.state if report.state != ImportRun.State.RUNNING else ImportRun.State.FAILED
        _end(kept, report, run)
    report.seconds = time.monotonic() - began
    return report


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    size = 0
    for record in records:
        batch.append(record)
        size += 1 + len(record.parts)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _begin(run: Run, table: Table, reader: Layout, file_format: str, into: ImportRun | None) -> ImportRun:
    columns = {"ignored": reader.columns.ignored, "unknown": reader.columns.unknown, "encoding": table.encoding}
    values = {
        "file_sha256": table.sha256,
        "format": file_format,
        "layout": reader.name,
        "options": {name: value for name, value in run.options.items() if name != "person" and value},
        "rows_total": table.rows,
        "columns": columns,
    }
    with transaction.atomic(durable=True):
        if into is not None:
            return runs.start_upload(into, values)
        whose = {"uid": run.uid, "file_name": table.path.name[:255], "actor": run.actor}
        return runs.start({**values, **whose}, at=run.at)


def _take(batch: list[Record], entities: list[Entity], run: Run, kept: ImportRun | None, report: Report) -> list[Note]:
    """One batch in one transaction. Somebody who edits the catalog meanwhile can make it fail; then it is redone."""
    waited = 0.0
    tally = {kind: Counter(counts) for kind, counts in run.tally.items()}
    while True:
        fresh = [_copy(record) for record in batch]
        try:
            with transaction.atomic(durable=True):
                if run.dry_run:
                    rows("SET TRANSACTION READ ONLY")
                else:
                    runs.take_turn()
                for entity in entities:
                    entity.apply(fresh, run)
                became, notes = lines(fresh), _notes(fresh)
                if kept is not None:
                    outcomes = report.outcomes + Counter(became.values())
                    runs.advance(kept, report.done + len(became), outcomes, notes)
        except (AnotherImport, IntegrityError, OperationalError) as error:
            waited += 0.5
            if waited > PATIENCE or not _passes(error):
                raise
            run.tally.clear()
            run.tally.update({kind: Counter(counts) for kind, counts in tally.items()})
            time.sleep(0.5)
        else:
            report.add(became, notes)
            return notes


def _passes(error: Exception) -> bool:
    """Whether the same batch may succeed when it is tried again."""
    busy = isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected)
    return busy or not isinstance(error, OperationalError)


def _notes(batch: list[Record]) -> list[Note]:
    notes = chain.from_iterable(each.notes for record in batch for each in record.all())
    return sorted(notes, key=lambda note: note.line)


def _copy(record: Record) -> Record:
    """A record without traces of an attempt; what the format refused stays refused."""
    return Record(
        record.kind,
        record.line,
        record.data,
        [_copy(part) for part in record.parts],
        {},
        record.outcome,
        list(record.notes),
    )


def _end(kept: ImportRun | None, report: Report, run: Run) -> None:
    if kept is not None:
        with transaction.atomic(durable=True):
            runs.finish(kept, report.state, run.tally, at=run.at + timedelta(seconds=report.seconds))
