"""Uploaded files: where they are kept, whose turn it is, and what people may ask of a run that a worker is at.

Rows are the truth: a worker claims the oldest run that waits or whose worker is gone (its beat is old), and holds it by
a token. Whoever lost the token can write nothing more of that run.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.core.files.storage import storages
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from commerce.kernel.db import advisory_lock, in_transaction
from commerce.kernel.errors import InvalidInput
from commerce.kernel.exchange import Note
from commerce.kernel.ids import new_uid
from commerce.sync import runs
from commerce.sync.errors import FileRefused, NotNow, Stopped
from commerce.sync.models import ImportRun

LARGEST = 200 << 20  # bytes of an uploaded file
STALE = timedelta(minutes=3)  # without a beat its worker is taken for gone
State = ImportRun.State
AT_WORK = (State.CHECKING, State.RUNNING)
STARTABLE = (State.CHECKED, State.INTERRUPTED, State.FAILED)


def keep(file: IO[bytes], name: str, size: int) -> str:
    """Keep a file that somebody sends where no address leads to it; its path there. Raises `InvalidInput`."""
    if not size:
        raise InvalidInput({"file": [_("This file is empty.")]})
    if size > LARGEST:
        raise InvalidInput({"file": [_("This file is larger than %(most)s MB.") % {"most": LARGEST >> 20}]})
    return storages["private"].save(f"imports/{new_uid()}/{Path(name).name[-150:] or 'file.csv'}", file)


@contextmanager
def at_hand(run: ImportRun) -> Iterator[Path]:
    """The kept file on this computer's disk, under the name that people gave it."""
    with TemporaryDirectory(prefix="import-") as place:
        path = Path(place) / (Path(run.file_name).name or "file.csv")
        if storages["private"].exists(run.path):
            with storages["private"].open(run.path) as kept, path.open("wb") as copy:
                copyfileobj(kept, copy)
        yield path


@in_transaction
def accept(values: Mapping[str, Any], *, at: datetime) -> ImportRun:
    """A run for a kept file, which a worker is to check."""
    return ImportRun.objects.create(**values, state=State.CHECKING, started_at=at)


def waiting(at: datetime) -> "QuerySet[ImportRun]":
    """Uploads that somebody must work on, and nobody does."""
    idle = Q(beat_at=None) | Q(beat_at__lt=at - STALE)
    return ImportRun.objects.filter(idle, state__in=AT_WORK).exclude(path="").order_by("started_at", "pk")


@in_transaction
def claim(*, at: datetime) -> ImportRun | None:
    """The next run, ours from now on and begun anew; None while another is at work: its batches would only wait."""
    advisory_lock("sync.claim")
    if ImportRun.objects.filter(state__in=AT_WORK, beat_at__gte=at - STALE).exists():
        return None
    run = waiting(at).first()
    if run is None:
        return None
    run.problems.all().delete()
    run.turn, run.beat_at, run.rows_done, run.outcomes, run.tally = new_uid(), at, 0, {}, {}
    run.save(update_fields=["turn", "beat_at", "rows_done", "outcomes", "tally"])
    return run


@in_transaction
def beat(run: ImportRun, *, at: datetime) -> None:
    """Say that the work goes on. Raises `Stopped` when somebody asked for that."""
    runs.hold(run, beat_at=at)
    if ImportRun.objects.filter(pk=run.pk, stop_asked=True).exists():
        raise Stopped


@in_transaction
def foresee(run: ImportRun, done: int, total: int, outcomes: Mapping[str, int], notes: Sequence[Note]) -> None:
    """Keep what a check found out so far."""
    runs.write_problems(run, notes)
    runs.hold(run, rows_done=done, rows_total=total, outcomes=dict(outcomes))


@in_transaction
def end_check(run: ImportRun, *, at: datetime, **values: Any) -> None:
    """The check is over; `values` say how."""
    runs.hold(run, **values, finished_at=at, turn=None, beat_at=None, stop_asked=False)


@in_transaction
def refuse(run: ImportRun, refused: FileRefused, *, at: datetime) -> None:
    """The file cannot be taken: keep why, line by line."""
    faults = [{"line": fault.line, "text": fault.text} for fault in refused.faults]
    if refused.more:
        faults.append({"line": 0, "text": _("… and %(more)s more lines.") % {"more": refused.more}})
    end_check(run, at=at, state=State.REFUSED, faults=faults)


@in_transaction
def start(run: ImportRun, *, at: datetime) -> None:
    """Let a checked run be imported, or one that was stopped go on: with its check, where that is not done. Raises
    `NotNow`."""
    found = ImportRun.objects.filter(pk=run.pk, state__in=STARTABLE).exclude(path="")
    unchecked = found.filter(file_sha256="").exclude(state=State.CHECKED)
    fresh: dict[str, Any] = {"started_at": at, "finished_at": None, "rows_done": 0, "outcomes": {}, "tally": {}}
    fresh |= {"stop_asked": False, "turn": None, "beat_at": None, "faults": []}
    if not (unchecked.update(state=State.CHECKING, **fresh) or found.update(state=State.RUNNING, **fresh)):
        raise NotNow()
    run.problems.all().delete()


@in_transaction
def ask_to_stop(run: ImportRun, *, at: datetime) -> bool:
    """True when the run has stopped; False when its worker will after the batch it is at. Raises `NotNow`."""
    if waiting(at).filter(pk=run.pk).update(state=State.INTERRUPTED, finished_at=at, turn=None, beat_at=None):
        return True
    if not ImportRun.objects.filter(pk=run.pk, state__in=AT_WORK).exclude(path="").update(stop_asked=True):
        raise NotNow()
    return False


SECRET_FOR = timedelta(days=1)  # so long a file that is worth money waits for somebody to import it


def throw_away(run: ImportRun) -> None:
    """Delete a kept file; call `forget` for its run then."""
    if run.path:
        storages["private"].delete(run.path)


@in_transaction
def forget(run: ImportRun) -> None:
    """Its file is gone: nobody can start it any more."""
    ImportRun.objects.filter(pk=run.pk).update(path="")


def overdue(formats: Sequence[str], *, at: datetime) -> list[ImportRun]:
    """Runs of these formats whose file is not needed any more, or was left lying."""
    over = Q(state__in=[State.FINISHED, State.REFUSED]) | Q(started_at__lt=at - SECRET_FOR)
    found = ImportRun.objects.filter(over, format__in=list(formats)).exclude(path="").exclude(turn__isnull=False)
    return list(found.order_by("pk")[:100])
