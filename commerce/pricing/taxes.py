"""Which of a place's tax rows are charged, and why. Pure: the words of the price engine, for pages that explain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TypedDict

STANDARD = "standard"
NEVER_STANDARD = ("zero", "exempt")


class TaxRow(TypedDict):
    """A tax as the rules of the price engine have it. `starts` and `ends` are moments on the wall clock of the place,
    [starts, ends), the latter empty when it is not known."""

    jurisdiction: str
    tax_class: str
    code: str
    name: str
    rate_ppm: int
    compound: bool
    starts: str
    ends: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A row of the table with its first and its last day."""

    row: TaxRow
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row. `why`: charged | as_standard (charged, the class has none of its own here) | more_local
    (another jurisdiction says the same tax) | class_of_its_own | not_begun | ended."""

    row: TaxRow
    why: str

    @property
    def is_charged(self) -> bool:
        return self.why in ("charged", "as_standard")


def midnight(day: date) -> str:
    """The moment at which a day begins, as the engine compares it."""
    return f"{day.isoformat()}T00:00:00"


def periods(rows: Iterable[Dated], on: date | None = None) -> list[TaxRow]:
    """The rows as periods that do not overlap: of several that are in force the newest counts, and one that ends gives
    way to the one before. With `on` those that ended before that day are left out."""

    def tax(dated: Dated) -> tuple[str, str, str]:
        return dated.row["jurisdiction"], dated.row["tax_class"], dated.row["code"]

    found: list[TaxRow] = []
    for _tax, group in groupby(sorted(rows, key=lambda dated: (*tax(dated), dated.first)), tax):
        found += _without_overlaps(list(group))
    return [row for row in found if on is None or not row["ends"] or row["ends"] > midnight(on)]


def _without_overlaps(rows: list[Dated]) -> list[TaxRow]:
    days = sorted({row.first for row in rows} | {row.last + timedelta(1) for row in rows if row.last})
    found: list[TaxRow] = []
    for begins, ends in zip(days, [*days[1:], None], strict=True):
        there = [row for row in rows if row.first <= begins and (row.last is None or begins <= row.last)]
        if not there:
            continue
        until = midnight(ends) if ends else ""
        if found and found[-1]["ends"] == midnight(begins) and _is_same(found[-1], there[-1].row):
            found[-1]["ends"] = until
        else:
            found.append({**there[-1].row, "starts": midnight(begins), "ends": until})
    return found


def _is_same(one: TaxRow, other: TaxRow) -> bool:
    return (one["name"], one["rate_ppm"], one["compound"]) == (other["name"], other["rate_ppm"], other["compound"])


def judge(rows: Sequence[TaxRow], *, place: Sequence[str], tax_class: str, at: str) -> list[Verdict]:
    """Every row of the place that a class of goods might be taxed by at a moment, in the order in which taxes are taken
    (compound ones last, else by code); what is charged stands before what is not."""
    wanted = [tax_class] if tax_class in NEVER_STANDARD else [tax_class, STANDARD]
    rank = {jurisdiction: position for position, jurisdiction in enumerate(place)}
    here = [row for row in rows if row["jurisdiction"] in rank and row["tax_class"] in wanted]
    found = [Verdict(row, "not_begun" if row["starts"] > at else "ended") for row in here if not _is_on(row, at)]
    on = [row for row in here if _is_on(row, at)]
    of_class = {(row["jurisdiction"], row["code"]) for row in on if row["tax_class"] == tax_class}
    local = {row["code"]: row["jurisdiction"] for row in sorted(on, key=lambda row: rank[row["jurisdiction"]])}
    for row in on:
        if row["tax_class"] != tax_class and (row["jurisdiction"], row["code"]) in of_class:
            why = "class_of_its_own"
        elif row["jurisdiction"] != local[row["code"]]:
            why = "more_local"
        else:
            why = "charged" if row["tax_class"] == tax_class else "as_standard"
        found.append(Verdict(row, why))
    return sorted(found, key=_order)


def _is_on(row: TaxRow, at: str) -> bool:
    return row["starts"] <= at and (not row["ends"] or at < row["ends"])


def _order(verdict: Verdict) -> tuple[bool, bool, str, str, str]:
    row = verdict.row
    return not verdict.is_charged, row["compound"], row["code"], row["jurisdiction"], row["starts"]
