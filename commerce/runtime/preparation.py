"""Brings the database to where the programs expect it: reachable, migrated, and with demo data when it is empty."""

import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from commerce.runtime.errors import CannotStart
from commerce.runtime.steps import Step

OLDEST_POSTGRESQL = 150000


def reach_database(step: Step) -> None:
    """Connect, or say why that is not possible."""
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        raise CannotStart(
            f"The database of DATABASE_URL does not answer:\n\n{problem}\n"
            "Start it, or unset DATABASE_URL to use the embedded one."
        ) from None
    version = connection.pg_version  # type: ignore[attr-defined]
    if version < OLDEST_POSTGRESQL:
        raise CannotStart(
            f"This is PostgreSQL {version // 10000}; Counterpart needs {OLDEST_POSTGRESQL // 10000} or newer."
        )
    step.note = f"PostgreSQL {version // 10000}.{version % 10000}"


def migrate(step: Step) -> None:
    """Apply the migrations that are missing; nothing when there are none."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=1, stdout=_MigrationCounter(step, len(plan)))
    step.note = f"{len(plan)} migrations applied" if plan else "up to date"


def seed(step: Step) -> None:
    """Fill an empty database with the demo retailer, or go on where an earlier start was stopped.

    Another shop is left alone; that is the command's own decision.
    """
    if "seed_demo" not in get_commands():
        step.note = "no demo data in this release"
        return
    lines = _ProgressLines(step)
    call_command("seed_demo", on_start=True, stdout=lines)
    step.note = lines.latest


def demo_logins() -> list[tuple[str, ...]]:
    """Rows of name, role, place, user and secret, for the screen; none where the demo's people do not work here.

    They come as dataclasses of these fields from the function that `DEMO_LOGINS` names. What has no user is for all.
    """
    rows = [dataclasses.astuple(login) for login in import_string(settings.DEMO_LOGINS)()]
    known = {""}.union(get_user_model()._default_manager.values_list("username", flat=True))
    shown = [tuple(map(str, row)) for row in rows if row[3] in known]
    return shown if any(row[3] for row in shown) else []


def demo_readers() -> Sequence[Any]:
    """The card readers of the demo's registers, each with `id` and `label`, from the function `DEMO_READERS` names."""
    found: Sequence[Any] = import_string(settings.DEMO_READERS)()
    return found


def demo_history(path: Path) -> Path:
    """Write the demo's card payments to a file, one a line, from the function `DEMO_CARD_PAYMENTS` names: the stand-in
    is told of them. Empty where there is no demo."""
    told = import_string(settings.DEMO_CARD_PAYMENTS)()
    path.write_text("".join(f"{json.dumps(row)}\n" for row in told), encoding="utf-8")
    connection.close()
    return path


class _ProgressLines(io.StringIO):
    """Takes what a command prints and shows the latest line as progress."""

    def __init__(self, step: Step) -> None:
        super().__init__()
        self._step = step
        self.latest = ""

    def write(self, text: str) -> int:
        if text.strip():
            self.latest = text.strip().splitlines()[-1][:70]
            self._step.progress(self.latest)
        return super().write(text)


class _MigrationCounter(_ProgressLines):
    """Counts the lines in which `migrate` reports a migration done."""

    def __init__(self, step: Step, total: int) -> None:
        super().__init__(step)
        self._done = 0
        self._total = total

    def write(self, text: str) -> int:
        if text.strip() == "OK":
            self._done += 1
            self._step.progress(f"{self._done} of {self._total}")
        return io.StringIO.write(self, text)
