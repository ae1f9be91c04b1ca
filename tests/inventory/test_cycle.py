"""The chooser of cycle counts: the same list for the same facts, and the right one."""

import random

import pytest

from inventory.cycle import Candidate, choose, classify


def one(variant: int, days_since: float | None = 60, **facts: object) -> Candidate:
    return Candidate(variant, days_since, **facts)


def test_classes_follow_what_was_sold() -> None:
    """A up to 80 % of the turnover, B up to 95 %, C the rest and what did not sell."""
    sold = {1: 500, 2: 300, 3: 100, 4: 60, 5: 40, 6: 0}
    classes = classify(one(variant, sold_minor=minor) for variant, minor in sold.items())
    assert classes == {1: "A", 2: "A", 3: "B", 4: "B", 5: "C", 6: "C"}


def test_the_article_that_crosses_the_line_still_belongs_to_its_class() -> None:
    assert classify([one(1, sold_minor=900), one(2, sold_minor=100)]) == {1: "A", 2: "B"}
    assert classify([one(1, sold_minor=1)]) == {1: "A"}


def test_units_stand_in_for_value_where_nothing_has_a_cost() -> None:
    assert classify([one(1, sold_units=9), one(2, sold_units=1), one(3)]) == {1: "A", 2: "B", 3: "C"}
    mixed = [one(1, sold_minor=10, sold_units=1), one(2, sold_units=99)]
    assert classify(mixed) == {1: "A", 2: "C"}


def test_nothing_sold_is_all_of_the_last_class() -> None:
    assert classify([one(2), one(1)]) == {1: "C", 2: "C"}
    assert classify([]) == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(9, None), one(1, 300)),  # never counted, before one counted ten months ago
        (one(9, 100, sold_minor=100), one(1, 100)),  # what sells, before what does not
        (one(9, 200), one(1, 100)),  # longest ago first
        (one(9, 20, oversold=True), one(1, None)),  # wrong for certain, before never counted
        (one(9, 60, corrections=1), one(1, 90)),  # corrected lately, before somewhat older
        (one(1, 60), one(9, 60)),  # all else equal: always the same order
    ],
)
def test_the_more_urgent_comes_first(first: Candidate, second: Candidate) -> None:
    assert choose([second, first]) == [first.variant, second.variant]
    assert choose([first, second], size=1) == [first.variant]


def test_many_corrections_do_not_outweigh_an_oversold_level() -> None:
    assert choose([one(1, 60, corrections=50), one(2, 60, oversold=True)]) == [2, 1]


def test_what_was_counted_lately_rests() -> None:
    resting = [one(1, 0.2), one(2, 6.9, corrections=2), one(3, 0.9, oversold=True)]
    assert choose(resting) == []
    assert choose([*resting, one(4, 7.0), one(5, 1.0, oversold=True)]) == [5, 4]


def test_no_more_than_asked_for_and_the_same_in_any_order() -> None:
    rng = random.Random(3)
    shelf = [
        one(n, rng.choice([None, *range(1, 200)]), sold_minor=rng.randrange(9) * 100, corrections=rng.randrange(3))
        for n in range(300)
    ]
    chosen = choose(shelf, 20)
    assert len(chosen) == len(set(chosen)) == 20
    rng.shuffle(shelf)
    assert choose(shelf, 20) == chosen
    assert choose(shelf[:5], 20) == choose(shelf[:5], 5)
