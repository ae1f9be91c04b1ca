"""The invariants: each is one SQL statement that returns the offending rows. `manage.py audit` runs them all.

Every app offers its own in a module named `audit` with a list `INVARIANTS`; settings.AUDITS collects them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Invariant:
    """`code` is the number of the reliability page (I01…); `sql` returns a row per offence, first the row's name.

    `follow_up` is the dotted path of an action, called with `at` when `manage.py audit` finds it broken: it makes cases
    of what a person can put right. `finder` stands in for `sql` where a statement cannot tell: the dotted path of a
    function that is given the time and yields the offending rows as dictionaries.
    """

    code: str
    says: str
    sql: str = ""
    follow_up: str = ""
    finder: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant, checked: its offending rows as dictionaries, at most `LIMIT` of them, and how many there are."""

    invariant: Invariant
    offences: list[dict[str, Any]]
    count: int


LIMIT = 20


def follow_up(findings: Iterable[Finding], *, at: datetime) -> None:
    """Open the cases about what is broken; each action runs once."""
    paths = dict.fromkeys(finding.invariant.follow_up for finding in findings if finding.count)
    for path in filter(None, paths):
        import_string(path)(at=at)


INVARIANTS = [
    Invariant(
        "I31",
        "Each idempotency key stands for one request",
        "SELECT scope, key, count(*) FROM kernel_idempotencykey GROUP BY scope, key HAVING count(*) > 1",
    ),
]


def invariants() -> list[Invariant]:
    """All invariants of all apps, in the order of settings.AUDITS."""
    return [invariant for path in settings.AUDITS for invariant in import_module(path).INVARIANTS]


def run() -> Iterator[Finding]:
    """Check every invariant on one consistent picture of the database that cannot disturb anybody."""
    with transaction.atomic(durable=not connection.in_atomic_block), connection.cursor() as cursor:
        if len(connection.atomic_blocks) == 1:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SELECT now()")
        at = cursor.fetchall()[0][0]
        for invariant in invariants():
            if invariant.finder:
                broken = list(import_string(invariant.finder)(at=at))
                yield Finding(invariant, broken[:LIMIT], len(broken))
                continue
            cursor.execute(f"SELECT *, count(*) OVER () AS offences_ FROM ({invariant.sql}) broken LIMIT {LIMIT}")
            names = [column.name for column in cursor.description or ()]
            found = cursor.fetchall()
            offences = [dict(zip(names[:-1], row[:-1], strict=True)) for row in found]
            yield Finding(invariant, offences, int(found[0][-1]) if found else 0)
