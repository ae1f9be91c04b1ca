"""The checks of the daily control page: what documents say beside what the books say, by day, location and currency.

Every app offers its own in a module named `control` with a list `CHECKS`; settings.CONTROLS collects them. One
definition makes the row of the page, the rows that do not agree, and an invariant of the audit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from commerce.kernel.audit import Invariant
from commerce.kernel.db import rows

BOOKED_ON = "coalesce(e.original_date, e.business_date)"


@dataclass(frozen=True, slots=True)
class Check:
    """`documents` and `books` are statements that return rows (key, location, currency, amount), several of one key
    being added up. A pair of the same key and currency has to agree; a key is a document's uid where `source_types` say
    of which kinds, and a part of an account otherwise. What is of a day holds the place `{of_day}` for its condition.
    """

    code: str
    title: Any
    says: Any
    documents: str
    books: str
    documents_day: str = ""
    source_types: tuple[str, ...] = ()

    @property
    def is_daily(self) -> bool:
        return bool(self.documents_day)

    def compared(self, day: date | None = None) -> str:
        """The statement that returns (key, location, currency, expected, actual) for each key; of `day` (parameter
        `%(day)s`), of all days without."""
        documents = _of_day(self.documents, self.documents_day if day else "")
        books = _of_day(self.books, BOOKED_ON if day and self.is_daily else "")
        return (
            "SELECT key, coalesce(nullif(b.location, ''), d.location, '') AS location, currency,"
            " coalesce(d.amount, 0)::bigint AS expected, coalesce(b.amount, 0)::bigint AS actual"
            f" FROM (SELECT key, max(location) AS location, currency, sum(amount) AS amount FROM ({documents}) x"
            " GROUP BY key, currency) d"
            f" FULL JOIN (SELECT key, max(location) AS location, currency, sum(amount) AS amount FROM ({books}) x"
            " GROUP BY key, currency) b USING (key, currency)"
        )


def _of_day(sql: str, column: str) -> str:
    return sql.replace("{of_day}", f"AND {column} = %(day)s" if column else "")


def booked(
    account: str, *, key: str, sign: int = 1, kinds: Sequence[str] = (), location: str = "e.location_code"
) -> str:
    """What is posted on an account, as the `books` of a check: debits positive, or with `sign` -1 credits."""
    only = f"AND e.kind IN ({', '.join(repr(kind) for kind in kinds)})" if kinds else ""
    return (
        f"SELECT {key} AS key, {location} AS location, e.currency, {sign} * p.amount_minor AS amount"
        " FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id"
        f" WHERE p.account_id = (SELECT id FROM ledger_account WHERE code = '{account}') {only} {{of_day}}"
    )


@cache
def checks() -> dict[str, Check]:
    """All checks by their code, in the order of settings.CONTROLS."""
    found: list[Check] = [check for path in settings.CONTROLS for check in import_module(path).CHECKS]
    return {check.code: check for check in found}


@dataclass(frozen=True, slots=True)
class Figure:
    """What the documents and the books say in one currency at one location ("" where it belongs to none), minor units,
    and how many keys do not agree."""

    location: str
    currency: str
    expected: int
    actual: int
    offences: int

    @property
    def difference(self) -> int:
        return self.actual - self.expected

    @property
    def holds(self) -> bool:
        return not self.offences


@dataclass(frozen=True, slots=True)
class Offence:
    """A document, or a part of an account, of which the books say something else."""

    key: str
    location: str
    currency: str
    expected: int
    actual: int

    @property
    def difference(self) -> int:
        return self.actual - self.expected


def figures(check: Check, *, day: date, locations: Sequence[str] | None = None) -> list[Figure]:
    """The figures of a check, of `day` where it is of a day, else as they are now; at `locations` (codes) only, where
    they are named. One statement."""
    found = rows(
        "SELECT location, currency, sum(expected)::bigint, sum(actual)::bigint,"
        f" count(*) FILTER (WHERE expected <> actual) FROM ({check.compared(day)}) c {_at(locations)}"
        " GROUP BY 1, 2 HAVING count(*) FILTER (WHERE expected <> 0 OR actual <> 0) > 0 ORDER BY 2, 1",
        {"day": day, "locations": list(locations or ())},
    )
    return [Figure(*row) for row in found]


LIMIT = 200


def offences(check: Check, *, day: date, locations: Sequence[str] | None = None) -> list[Offence]:
    """What does not agree, the largest differences first; `LIMIT` at most."""
    found = rows(
        f"SELECT key, location, currency, expected, actual FROM ({check.compared(day)}) c"
        f" {_at(locations) or 'WHERE TRUE'} AND expected <> actual"
        f" ORDER BY abs(actual - expected) DESC, key LIMIT {LIMIT}",
        {"day": day, "locations": list(locations or ())},
    )
    return [Offence(*row) for row in found]


def _at(locations: Sequence[str] | None) -> str:
    return "" if locations is None else "WHERE location = ANY(%(locations)s)"


def invariant(code: str, check: Check) -> Invariant:
    """A check of all days as an invariant of the audit."""
    return Invariant(
        code,
        str(check.says),
        f"SELECT key, location, currency, expected, actual FROM ({check.compared()}) c WHERE expected <> actual",
    )


def differing(found: Iterable[Figure]) -> int:
    """How many keys do not agree."""
    return sum(figure.offences for figure in found)
