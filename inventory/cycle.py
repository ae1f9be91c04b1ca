"""Which SKUs of a store to count today. Pure: candidates in, the list out, the same for the same facts.

Few articles make most of the turnover (A: the first 80 % of what was sold, B: up to 95 %, C: the rest), and a wrong
number of one of those costs most; they come round more often. A SKU's urgency is the time since its last count in
terms of its class's interval. One that was never counted is as urgent as one that is two rounds late. A level that
sold more than it had is wrong for certain and goes first; one that was corrected lately may well be wrong again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SIZE = 20  # SKUs a day: about a quarter of an hour's work
WINDOW_DAYS = 90  # how far back turnover is looked at
LATELY_DAYS = 30  # how far back corrections are
INTERVAL_DAYS = {"A": 30, "B": 90, "C": 180}
_SHARE = {"A": 80, "B": 95}  # per cent of the turnover, summed from the largest on
NEVER = 2.0
OVERSOLD = 3.0
PER_CORRECTION, MOST_CORRECTIONS = 0.5, 2
REST_DAYS = 7  # what was counted lately is left alone, even if its number was wrong
REST_DAYS_OVERSOLD = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A variant on a shelf: days since its last count (None: never), what was sold of it within `WINDOW_DAYS` (units,
    and their cost in minor units), how often it was corrected within `LATELY_DAYS`."""

    variant: int
    days_since: float | None
    sold_minor: int = 0
    sold_units: int = 0
    oversold: bool = False
    corrections: int = 0


def choose(candidates: Iterable[Candidate], size: int = SIZE) -> list[int]:
    """The variants that need it most, most urgent first, at most `size` of them."""
    known = list(candidates)
    classes = classify(known)
    due = [one for one in known if not _rests(one)]
    due.sort(key=lambda one: (-_urgency(one, classes[one.variant]), classes[one.variant], one.variant))
    return [one.variant for one in due[:size]]


def classify(candidates: Iterable[Candidate]) -> dict[int, str]:
    """A, B or C by what was sold, in value; in units where nothing has a cost."""
    known = list(candidates)
    priced = any(one.sold_minor for one in known)
    sold = {one.variant: one.sold_minor if priced else one.sold_units for one in known}
    total, so_far, classes = sum(sold.values()), 0, {}
    for variant, amount in sorted(sold.items(), key=lambda item: (-item[1], item[0])):
        share = so_far * 100 / total if total else 100
        classes[variant] = "C" if not amount else next((name for name, upto in _SHARE.items() if share < upto), "C")
        so_far += amount
    return classes


def _rests(one: Candidate) -> bool:
    rest = REST_DAYS_OVERSOLD if one.oversold else REST_DAYS
    return one.days_since is not None and one.days_since < rest


def _urgency(one: Candidate, name: str) -> float:
    late = NEVER if one.days_since is None else one.days_since / INTERVAL_DAYS[name]
    wrong = min(one.corrections, MOST_CORRECTIONS) * PER_CORRECTION
    return late + wrong + (OVERSOLD if one.oversold else 0)
