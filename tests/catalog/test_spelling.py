import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.catalog.spelling import Candidate, best, distance

WORDS = st.text("abcé", max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("merino", "merino", 0),
        ("mernio", "merino", 1),
        ("merno", "merino", 1),
        ("merinno", "merino", 1),
        ("marino", "merino", 1),
        ("", "abc", 3),
        ("abc", "", 3),
        ("swaeter", "sweater", 1),
        ("headphnes", "headphones", 1),
        ("kitten", "sitting", 3),
    ],
)
def test_slips(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips


@given(WORDS, WORDS)
def test_slips_are_the_same_both_ways_and_none_only_for_the_same_word(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, other) <= max(len(one), len(other))


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("mernio", [Candidate("merino", 0.27, 3), Candidate("mercury", 0.35, 90)], "merino"),
        ("jackett", [Candidate("jacket", 0.75, 9), Candidate("jackets", 0.7, 2)], "jacket"),
        ("boot", [Candidate("boots", 0.57, 5), Candidate("boat", 0.43, 50)], "boots"),
        ("xyz", [Candidate("abc", 0.2, 5)], None),
        ("ab", [Candidate("abc", 0.5, 5)], None),
        ("word", [], None),
    ],
)
def test_what_was_meant(word: str, candidates: list[Candidate], meant: str | None) -> None:
    assert best(word, candidates) == meant
