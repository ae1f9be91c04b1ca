"""The verdict on a counted line, for every combination that there is."""

from dataclasses import replace
from decimal import Decimal

import pytest

from inventory.variances import BOOKED, TO_RECOUNT, Tally, needs_other_person

LINE = Tally(line=1, variant=1, round=1, counted=10, expected=10, on_hand=10, unit_cost=Decimal("2.5000"))


@pytest.mark.parametrize(
    ("facts", "verdict", "variance"),
    [
        ({}, "matches", 0),
        ({"counted": None}, "uncounted", 0),
        ({"counted": None, "round": 2}, "waiting", 0),
        ({"counted": 8}, "differs", -2),
        ({"counted": 13}, "differs", 3),
        ({"counted": 0, "expected": 0}, "matches", 0),
        ({"counted": 0, "expected": -2, "on_hand": -2}, "differs", 2),  # oversold, and now it is known to be empty
        ({"counted": 8, "moved_between": True}, "moved", -2),
        ({"moved_between": True}, "matches", 0),  # it fits: nothing to doubt
        ({"counted": 8, "corrected_since": True}, "corrected", -2),
        ({"corrected_since": True}, "matches", 0),
        ({"counted": 8, "on_hand": 1}, "impossible", -2),  # nine were sold since, and only eight were counted
        ({"counted": 8, "on_hand": 2}, "differs", -2),
        ({"counted": 0, "expected": -5, "on_hand": -8}, "impossible", 5),
        ({"on_hand": -3}, "matches", 0),  # sold beyond what was there afterwards: not the count's business
    ],
)
def test_the_verdict(facts: dict[str, object], verdict: str, variance: int) -> None:
    tally = replace(LINE, **facts)
    assert (tally.verdict, tally.variance) == (verdict, variance)
    assert (tally.verdict in BOOKED) == (verdict in ("matches", "differs"))
    assert (tally.verdict in TO_RECOUNT) == (verdict in ("moved", "corrected", "impossible"))


@pytest.mark.parametrize(("counted", "value"), [(10, 0), (13, 8), (7, -8), (11, 3), (9, -3), (12, 5)])
def test_the_value_is_at_average_cost(counted: int, value: int) -> None:
    assert replace(LINE, counted=counted).value_minor == value


def test_large_differences_need_another_person() -> None:
    """Losses and gains are added up; the value decides, and the units where goods have no cost."""
    dear = replace(LINE, unit_cost=Decimal(1_000))
    assert not needs_other_person([replace(dear, counted=0), replace(dear, counted=20)])
    assert needs_other_person([replace(dear, counted=0), replace(dear, counted=20), replace(dear, counted=11)])
    free = replace(LINE, unit_cost=Decimal(0), expected=100, on_hand=100)
    assert not needs_other_person([replace(free, counted=75), replace(free, counted=125)])
    assert needs_other_person([replace(free, counted=75), replace(free, counted=126)])
