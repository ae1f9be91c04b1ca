"""The only writers of import runs, their problems, and what files said before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from commerce.kernel import bulk
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.exchange import Note
from commerce.sync.errors import AnotherImport, Stopped
from commerce.sync.models import ImportRow, ImportRun

LOCK = "sync.import"


@in_transaction
def start(values: Mapping[str, Any], *, at: datetime) -> ImportRun:
    """A new run. One of the same file that a killed process left behind counts as interrupted."""
    ImportRun.objects.filter(state=ImportRun.State.RUNNING, file_sha256=values["file_sha256"]).update(
        state=ImportRun.State.INTERRUPTED, finished_at=at
    )
    return ImportRun.objects.create(**values, started_at=at)


@in_transaction
def start_upload(run: ImportRun, values: Mapping[str, Any]) -> ImportRun:
    """A run that exists already: `values` say what was learned of its file."""
    hold(run, **values)
    return run


@in_transaction
def hold(run: ImportRun, **values: Any) -> None:
    """Change a run as long as it is ours. Raises `Stopped` when somebody else has it now."""
    if not ImportRun.objects.filter(pk=run.pk, turn=run.turn).update(**values):
        raise Stopped


@in_transaction
def take_turn() -> None:
    """Batches of two imports come one after the other, never inside each other. Raises `AnotherImport`."""
    if not rows("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [LOCK])[0][0]:
        raise AnotherImport()


@in_transaction
def advance(run: ImportRun, done: int, outcomes: Mapping[str, int], notes: Sequence[Note]) -> None:
    """Keep a batch's problems and how far the run is, in the transaction of the batch. Raises `Stopped`."""
    write_problems(run, notes)
    hold(run, rows_done=done, outcomes=dict(outcomes))


@in_transaction
def write_problems(run: ImportRun, notes: Sequence[Note]) -> None:
    bulk.insert(
        ImportRow,
        ["run_id", "line", "code", "text", "refused"],
        [[run.pk, note.line, note.code, note.text, note.refuses] for note in notes],
    )


@in_transaction
def finish(run: ImportRun, state: str, tally: Mapping[str, Mapping[str, int]], *, at: datetime) -> None:
    things = {kind: dict(counts) for kind, counts in tally.items()}
    ImportRun.objects.filter(pk=run.pk, turn=run.turn).update(
        state=state, tally=things, finished_at=at, turn=None, beat_at=None, stop_asked=False
    )


class RowMemory:
    """`kernel.exchange.Memory` on the table of what was remembered."""

    def recall(self, kind: str, keys: Sequence[str]) -> dict[str, str]:
        found = rows("SELECT key, value FROM sync_remembered WHERE kind = %s AND key = ANY(%s)", [kind, list(keys)])
        return dict(found)

    def keep(self, kind: str, values: Mapping[str, str]) -> None:
        rows(
            "INSERT INTO sync_remembered AS r (kind, key, value) SELECT %s, * FROM unnest(%s::text[], %s::text[])"
            " ON CONFLICT (kind, key) DO UPDATE SET value = EXCLUDED.value WHERE r.value <> EXCLUDED.value",
            [kind, list(values), list(values.values())],
        )
