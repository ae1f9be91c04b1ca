"""Prices over the days: standing ones, limited ones, and never two on one day."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.pricing import timeline
from commerce.pricing.timeline import ALWAYS, Amount, Days, Overlap, Span

TODAY = date(2026, 11, 23)


def day(text: str) -> date | None:
    return date.fromisoformat(f"2026-{text}") if text else None


def days(first: str = "", last: str = "") -> Days:
    """As people say it: the last day belongs to it."""
    until = day(last)
    return Days(day(first), until + timedelta(days=1) if until else None)


def span(amount: int, first: str = "", last: str = "", limited: bool = False, key: int = 0) -> Span:
    return Span(days(first, last), (amount, None), limited, key)


def planned(*steps: tuple[int, str, str], start: int = 59) -> list[Span]:
    """A standing price and what was planned on top of it, one after the other."""
    found = [span(start, key=1)]
    for amount, first, last in steps:
        found = timeline.plan(found, days(first, last), (amount, None), TODAY)
    return found


def plain(spans: list[Span]) -> list[tuple[int, str, str, bool]]:
    def text(one: date | None) -> str:
        return f"{one:%m-%d}" if one else ""

    return [(s.amount[0], text(s.days.first), text(s.days.last), s.is_limited) for s in spans]


def test_from_a_day_on() -> None:
    assert plain(planned((65, "12-01", ""))) == [(59, "", "11-30", False), (65, "12-01", "", False)]


def test_for_some_days_then_back() -> None:
    assert plain(planned((49, "12-01", "12-24"))) == [
        (59, "", "11-30", False),
        (49, "12-01", "12-24", True),
        (59, "12-25", "", False),
    ]


def test_two_that_touch_and_one_between() -> None:
    found = planned((49, "12-01", "12-24"), (39, "12-25", "12-26"), (45, "11-28", "11-30"))
    assert plain(found) == [
        (59, "", "11-27", False),
        (45, "11-28", "11-30", True),
        (49, "12-01", "12-24", True),
        (39, "12-25", "12-26", True),
        (59, "12-27", "", False),
    ]


def test_after_a_change_the_new_price_comes_back() -> None:
    assert plain(planned((65, "12-10", ""), (49, "12-12", "12-13")))[1:] == [
        (65, "12-10", "12-11", False),
        (49, "12-12", "12-13", True),
        (65, "12-14", "", False),
    ]


def test_another_price_begins_when_a_limited_one_ends() -> None:
    assert plain(planned((49, "12-01", "12-24"), (70, "12-25", "")))[2:] == [(70, "12-25", "", False)]


@pytest.mark.parametrize(
    ("first", "last", "amount"),
    [
        ("12-01", "12-24", 49),
        ("12-24", "12-24", 49),
        ("12-20", "12-28", 49),
        ("11-25", "12-01", 49),
        ("11-25", "", 49),
        ("12-05", "", 49),
        ("12-30", "", 70),  # another one begins during it
        ("12-30", "12-31", 70),
        ("12-31", "", 70),  # on the same day
    ],
)
def test_what_is_planned_already_stands_in_the_way(first: str, last: str, amount: int) -> None:
    found = planned((49, "12-01", "12-24"), (70, "12-31", ""))
    with pytest.raises(Overlap) as refused:
        timeline.plan(found, days(first, last), (1, None), TODAY)
    assert refused.value.span.amount[0] == amount


def test_a_standing_price_changes_around_what_is_planned() -> None:
    found = planned((49, "12-01", "12-24"), (70, "12-31", ""))
    assert plain(timeline.set_standing(found, (61, None), TODAY)) == [
        (61, "", "11-30", False),
        (49, "12-01", "12-24", True),
        (61, "12-25", "12-30", False),
        (70, "12-31", "", False),
    ]


def test_what_is_over_is_forgotten_with_the_next_price() -> None:
    found = planned((49, "12-01", "12-24"))
    later = timeline.set_standing(found, (61, None), date(2027, 1, 7))
    assert plain(later) == [(61, "", "", False)]
    on_the_day_after = timeline.set_standing(found, (61, None), date(2026, 12, 25))
    assert [row[0] for row in plain(on_the_day_after)] == [61, 49, 61]  # somewhere it is still the 24th


def test_a_first_price_before_one_that_is_planned() -> None:
    found = timeline.plan([], days("12-01"), (65, None), TODAY)
    assert plain(timeline.set_standing(found, (59, None), TODAY)) == [
        (59, "", "11-30", False),
        (65, "12-01", "", False),
    ]


@pytest.mark.parametrize(
    "steps", [[(49, "12-01", "12-24")], [(65, "12-01", "")], [(39, "11-25", "11-26"), (65, "12-01", "")]]
)
def test_taking_back_what_was_planned_leaves_it_as_it_was(steps: list[Any]) -> None:
    before = planned(*steps[:-1])
    found = [Span(s.days, s.amount, s.is_limited, number) for number, s in enumerate(planned(*steps), 1)]
    last = next(s for s in found if s.amount[0] == steps[-1][0])
    assert plain(timeline.drop(found, last.key, TODAY)) == plain(before)


def test_ending_a_limited_price_today() -> None:
    found = [span(59, "", "11-19", key=1), span(49, "11-20", "11-30", limited=True, key=2), span(59, "12-01", key=3)]
    assert plain(timeline.drop(found, 2, TODAY)) == [
        (59, "", "11-19", False),
        (49, "11-20", "11-22", True),
        (59, "11-23", "", False),
    ]


def test_the_standing_price_of_today_is_not_taken_back() -> None:
    with pytest.raises(ValueError, match="standing"):
        timeline.drop(planned((49, "12-01", "12-24")), 1, TODAY) if False else timeline.drop(
            [span(59, key=1)], 1, TODAY
        )
    with pytest.raises(KeyError):
        timeline.drop([span(59, key=1)], 9, TODAY)


def test_rows_that_are_named_again_are_those_rows() -> None:
    found = [Span(s.days, s.amount, s.is_limited, n) for n, s in enumerate(planned((49, "12-01", "12-24")), 1)]
    same: list[tuple[Days, Amount]] = [(s.days, s.amount) for s in found]
    assert timeline.apply(found, same, TODAY) == found
    other = timeline.apply(found, [(found[1].days, (45, None))], TODAY)
    assert plain(other)[1] == (45, "12-01", "12-24", True)
    assert [s.key for s in other] == [1, 0, 3]


def test_a_price_for_always_and_one_for_some_days_in_one_file() -> None:
    found = timeline.apply([], [(days("12-01", "12-24"), (49, None)), (ALWAYS, (59, None))], TODAY)
    assert plain(found) == plain(planned((49, "12-01", "12-24")))


OFFSETS = st.integers(-40, 40)
STEPS = st.lists(st.tuples(st.integers(1, 9), OFFSETS, st.none() | st.integers(0, 12)), max_size=8)


@given(steps=STEPS, standing=st.none() | st.integers(20, 29))
def test_never_two_prices_on_a_day_and_every_day_as_planned(steps: list[Any], standing: int | None) -> None:
    """Day by day what people meant: a limited price on its days, else the newest standing one that has begun."""
    span_of_days = [TODAY + timedelta(days=n) for n in range(-60, 80)]
    meant: dict[date, int | None] = dict.fromkeys(span_of_days, standing)
    found = [] if standing is None else [Span(ALWAYS, (standing, None))]
    for amount, first, length in steps:
        start = TODAY + timedelta(days=first)
        wanted = Days(start, None if length is None else start + timedelta(days=length + 1))
        try:
            found = timeline.plan(found, wanted, (amount, None), TODAY)
        except Overlap:
            continue
        for one in span_of_days:
            if wanted.begins <= one < wanted.ends:
                meant[one] = amount
    for one_span, second in pairwise(found):
        assert one_span.days.ends <= second.days.begins
    for one in span_of_days:
        at = timeline.on(found, one)
        assert (at.amount[0] if at else None) == meant[one]


@given(steps=STEPS, amount=st.integers(30, 39))
def test_another_standing_price_leaves_limited_ones_alone(steps: list[Any], amount: int) -> None:
    found = [Span(ALWAYS, (20, None))]
    for price, first, length in steps:
        start = TODAY + timedelta(days=abs(first) + 1)
        wanted = Days(start, None if length is None else start + timedelta(days=length + 1))
        try:
            found = timeline.plan(found, wanted, (price, None), TODAY)
        except Overlap:
            continue
    later = timeline.set_standing(found, (amount, None), TODAY)
    until = next((s.days.begins for s in found if not s.is_limited and s.amount[0] != 20), date.max)
    for number in range(80):
        one = TODAY + timedelta(days=number)
        before, now = timeline.on(found, one), timeline.on(later, one)
        assert before
        assert now
        is_standing = not before.is_limited and one < until
        assert now.amount[0] == (amount if is_standing else before.amount[0])
