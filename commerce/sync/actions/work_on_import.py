"""One turn of a worker at the uploaded files: check the next one, or import it. The work itself is `import_file`'s."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.exchange import Note
from commerce.sync import formats, uploads
from commerce.sync.actions.import_file import import_file
from commerce.sync.errors import FileRefused, Stopped
from commerce.sync.models import ImportRun
from commerce.sync.report import Report

State = ImportRun.State


def work_on_import(*, clock: Callable[[], datetime]) -> bool:
    """True when there was a file to work on. `clock` tells the time of every sign of life."""
    _forget_secrets(at=clock())
    run = _claim(at=clock())
    if run is None:
        return False
    try:
        with uploads.at_hand(run) as path:
            report = import_file(
                path=path,
                file_format=run.format,
                options={"location": "", "market": "", **run.options},
                person=run.actor,
                at=clock(),
                dry_run=run.state == State.CHECKING,
                progress=lambda report, notes: _go_on(run, report, notes, at=clock()),
                into=run,
            )
    except Stopped:
        _end_check(run, at=clock(), state=State.INTERRUPTED)
    except FileRefused as refused:
        _refuse(run, refused, at=clock())
    except DomainError as refused:
        _end_check(run, at=clock(), state=State.FAILED, faults=[{"line": 0, "text": str(refused)}])
    except BaseException:
        _end_check(run, at=clock(), state=State.FAILED)
        raise
    else:
        columns = {"ignored": report.columns.ignored, "unknown": report.columns.unknown, "encoding": report.encoding}
        tally = {kind: dict(counts) for kind, counts in report.tally.items()}
        _end_check(
            run, at=clock(), state=State.CHECKED, layout=report.layout, columns=columns, tally=tally,
            rows_done=report.done, rows_total=report.rows, outcomes=dict(report.outcomes),
        )  # fmt: skip
    finally:
        _forget_secrets(at=clock())
    return True


def _forget_secrets(*, at: datetime) -> None:
    """Files that are worth money are deleted when they were imported or refused, or after a day."""
    for run in uploads.overdue(sorted(formats.SECRET), at=at):
        uploads.throw_away(run)
        _forget(run)


@action
def _forget(run: ImportRun) -> None:
    uploads.forget(run)


@action
def _claim(*, at: datetime) -> ImportRun | None:
    return uploads.claim(at=at)


def _go_on(run: ImportRun, report: Report, notes: list[Note], *, at: datetime) -> None:
    """After every batch. An import has kept its progress with the batch already, a check keeps it here."""
    with transaction.atomic(durable=True):
        if report.dry_run:
            uploads.foresee(run, report.done, report.rows, report.outcomes, notes)
        uploads.beat(run, at=at)


@action
def _refuse(run: ImportRun, refused: FileRefused, *, at: datetime) -> None:
    uploads.refuse(run, refused, at=at)


def _end_check(run: ImportRun, *, at: datetime, **values: object) -> None:
    """Nothing to do for an import, which marks its own end, and for one that somebody else took over."""
    try:
        with transaction.atomic(durable=True):
            uploads.end_check(run, at=at, **values)
    except Stopped:
        return
