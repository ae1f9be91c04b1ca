"""What a variant costs on one list over the days, from one quantity on: pure, and never two prices on one day.

A standing price holds until another one begins; a limited one interrupts it for some days, after which the standing
price comes back. Kept is what results: spans that do not overlap, in the order of their days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

Amount = tuple[int, int | None]  # price and compare-at price in minor units


class Days(NamedTuple):
    """From the first day (None: since ever) to the day after the last one (None: for ever)."""

    first: date | None = None
    end: date | None = None

    @classmethod
    def through(cls, first: date | None, last: date | None) -> "Days":
        """From a first day to a last one, as people say it."""
        return cls(first, last + timedelta(days=1) if last else None)

    @property
    def last(self) -> date | None:
        return self.end - timedelta(days=1) if self.end else None

    @property
    def begins(self) -> date:
        return self.first or date.min

    @property
    def ends(self) -> date:
        """date.max stands for never: no price is planned that far."""
        return self.end or date.max

    def meets(self, other: "Days") -> bool:
        return self.begins < other.ends and other.begins < self.ends


ALWAYS = Days()


@dataclass(frozen=True, slots=True)
class Span:
    """A price for some days. `key` is the row that it is kept in, 0 for one that is new."""

    days: Days
    amount: Amount
    is_limited: bool = False
    key: int = 0


class Overlap(Exception):
    """Another price is planned for some of these days."""

    def __init__(self, span: Span) -> None:
        self.span = span
        super().__init__(f"{span.days.first} to {span.days.last}: {span.amount[0]}")


def apply(spans: Sequence[Span], wanted: Iterable[tuple[Days, Amount]], today: date) -> list[Span]:
    """The prices after each of `wanted`: always, from a day on, or for some days. Raises `Overlap`.

    Days that a price has already are that price, with another amount; a price for always is the standing one of today.
    """
    found = list(spans)
    asked = list(wanted)
    same = {span.days: span for span in spans}
    for days, amount in asked:
        if days in same and days != ALWAYS:
            found = [_priced(span, amount) if span.days == days else span for span in found]
    for days, amount in sorted((row for row in asked if row[0] not in same or row[0] == ALWAYS), key=_order):
        found = set_standing(found, amount, today) if days == ALWAYS else plan(found, days, amount, today)
    return found


def _order(row: tuple[Days, Amount]) -> tuple[bool, date]:
    return row[0] != ALWAYS, row[0].begins


def _priced(span: Span, amount: Amount) -> Span:
    return span if span.amount == amount else replace(span, amount=amount, key=0)


def plan(spans: Sequence[Span], days: Days, amount: Amount, today: date) -> list[Span]:
    """Put a price for `days` among the others: limited when it has a last day, else standing from its first day on.

    The standing price is split around it. Raises `Overlap` when it meets a limited price, or another standing one would
    begin during it.
    """
    ordered = _in_order(spans)
    before: Span | None = None
    for span in ordered:
        if days.meets(span.days):
            begins_later = span.days.begins > days.begins
            is_planned = span.days.begins == days.begins > today and (before is None or before.amount != span.amount)
            if span.is_limited or begins_later or is_planned:
                raise Overlap(span)
        before = before if span.is_limited else span
    new = Span(days, amount, is_limited=days.end is not None)
    return _with_keys(_merged([*(part for span in ordered for part in _around(span, days)), new]), spans)


def set_standing(spans: Sequence[Span], amount: Amount, today: date) -> list[Span]:
    """Another standing price from now on, until the next one that is planned; limited prices stay as they are.

    What is over since yesterday is left out: the places that sell may be a day apart.
    """
    ordered = _in_order(spans)
    limited = [span for span in ordered if span.is_limited and span.days.ends > today - timedelta(days=1)]
    standing = [span for span in ordered if not span.is_limited]
    current = next((span for span in reversed(standing) if span.days.begins <= today), None)
    later = [span for span in standing if span.days.begins > today]
    while later and current and later[0].amount == current.amount:
        later.pop(0)  # the same price, coming back after a limited one
    until = later[0].days.first if later else None
    gaps = _gaps(Days(None, until), [span.days for span in limited])
    return _with_keys(_merged([*(Span(days, amount) for days in gaps), *limited, *later]), spans)


def drop(spans: Sequence[Span], key: int, today: date) -> list[Span]:
    """Take a planned price back, or end one that is limited today; the standing price before it takes its days.

    KeyError when there is no such price, ValueError when it is the standing one of today.
    """
    ordered = _in_order(spans)
    gone = {span.key: span for span in ordered}[key]
    is_begun = gone.days.begins < today
    if is_begun and not gone.is_limited:
        raise ValueError("the standing price is changed by another one")
    gap = Days(today if is_begun else gone.days.first, gone.days.end)
    kept = [span for span in ordered if span is not gone]
    if is_begun:
        kept.append(replace(gone, days=Days(gone.days.first, today), key=0))
    before = [span for span in ordered if not span.is_limited and span.days.begins < gap.begins]
    if before and gap.begins < gap.ends:
        kept.append(Span(gap, before[-1].amount))
    return _with_keys(_merged(kept), spans)


def on(spans: Iterable[Span], day: date) -> Span | None:
    """The price of a day."""
    return next((span for span in spans if span.days.begins <= day < span.days.ends), None)


def after(spans: Iterable[Span], day: date) -> Span | None:
    """The next price that is planned to begin after a day."""
    return next((span for span in _in_order(spans) if span.days.begins > day), None)


def _in_order(spans: Iterable[Span]) -> list[Span]:
    return sorted(spans, key=lambda span: span.days.begins)


def _around(span: Span, days: Days) -> list[Span]:
    """What is left of a span beside `days`."""
    if not span.days.meets(days):
        return [span]
    return [replace(span, days=part, key=0) for part in _gaps(span.days, [days])]


def _gaps(days: Days, taken: Iterable[Days]) -> list[Days]:
    """The parts of `days` that none of `taken` (in order, apart from each other) has."""
    found, first = [], days.first
    for other in taken:
        if days.meets(other):
            if (first or date.min) < other.begins:
                found.append(Days(first, other.first))
            first = other.end
            if first is None:
                return found
    if (first or date.min) < days.ends:
        found.append(Days(first, days.end))
    return found


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Neighboring spans of one standing price become one."""
    found: list[Span] = []
    for span in _in_order(spans):
        last = found[-1] if found else None
        is_same = last and not (last.is_limited or span.is_limited) and last.amount == span.amount
        if last and is_same and last.days.end == span.days.first:
            found[-1] = replace(last, days=Days(last.days.first, span.days.end), key=0)
        else:
            found.append(span)
    return found


def _with_keys(spans: Sequence[Span], before: Sequence[Span]) -> list[Span]:
    """Spans that are as they were keep their rows."""
    rows = {(span.days, span.amount, span.is_limited): span.key for span in before}
    return [replace(span, key=rows.get((span.days, span.amount, span.is_limited), 0)) for span in spans]
