"""Amounts at the edge: what is typed, and what is shown of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from commerce.catalog import units


@dataclass(frozen=True)
class Goods:
    unit: str
    unit_scale: int
    name: str


RIBBON = Goods("m", 100, "Cotton ribbon")
NUTS = Goods("kg", 1000, "Cashew nuts")
TILES = Goods("m2", 1, "Cork tiles")
PACK = Goods("each", 1, "Rolltop pack")


@pytest.mark.parametrize(
    ("written", "goods", "amount"),
    [
        ("0,35", RIBBON, 35),
        ("0.35 m", RIBBON, 35),
        ("0.35m", RIBBON, 35),
        ("0.35 Meters", RIBBON, 35),
        (" 1.5 ", RIBBON, 150),
        ("1.500", RIBBON, 150),
        (".5", RIBBON, 50),
        ("2.", RIBBON, 200),
        (2, RIBBON, 200),
        (0.35, RIBBON, 35),
        (1.1, NUTS, 1100),
        (Decimal("1.1"), NUTS, 1100),
        ("０.３５", RIBBON, 35),
        ("0.035 kg", NUTS, 35),
        ("3 m²", TILES, 3),
        ("3 m2", TILES, 3),
        ("12", PACK, 12),
        ("+2", PACK, 2),
        ("2.0", PACK, 2),
        (2.0, PACK, 2),
    ],
)
def test_what_is_written_is_taken_exactly(written: Any, goods: Goods, amount: int) -> None:
    assert units.smallest(written, goods) == amount


@pytest.mark.parametrize(
    ("written", "goods", "problem"),
    [
        ("abc", PACK, "Enter the quantity as a whole number, such as 2."),
        ("", PACK, "Enter the quantity as a whole number, such as 2."),
        (None, PACK, "Enter the quantity as a whole number, such as 2."),
        (True, PACK, "Enter the quantity as a whole number, such as 2."),
        ("²", PACK, "Enter the quantity as a whole number, such as 2."),
        ("2² m", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        ("2 m", PACK, "Enter the quantity as a whole number, such as 2."),
        ("1.5", PACK, "Rolltop pack is sold in whole pieces."),
        ("abc", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        (".", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        ("1,200.5", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        ("1e3", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        (float("nan"), RIBBON, "Enter the amount as a number, such as 1.5 m."),
        ("2 kg", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        ("٣", RIBBON, "Enter the amount as a number, such as 1.5 m."),
        ("0.355", RIBBON, "Cotton ribbon is sold in steps of 0.01 m."),
        (0.1 + 0.2, RIBBON, "Cotton ribbon is sold in steps of 0.01 m."),
        ("1.5", TILES, "Cork tiles is sold in steps of 1 m²."),
        ("0", PACK, "Enter a quantity of 1 or more."),
        ("-3", PACK, "Enter a quantity of 1 or more."),
        ("0.00", RIBBON, "Enter 0.01 m or more."),
        ("-0.355", RIBBON, "Enter 0.01 m or more."),
        ("10000000.01", RIBBON, "At most 10000000 m can be ordered at once."),
        ("9" * 60, RIBBON, "At most 10000000 m can be ordered at once."),
        ("9" * 60, PACK, "At most 1000000000 can be ordered at once."),
    ],
)
def test_what_cannot_be_taken_is_told_what_to_write(written: Any, goods: Goods, problem: str) -> None:
    with pytest.raises(units.NoAmount) as refused:
        units.smallest(written, goods)
    assert str(refused.value) == problem


def test_zero_is_an_amount_where_it_may_be() -> None:
    assert units.smallest("-0", RIBBON, least=0) == 0
    with pytest.raises(units.NoAmount, match=r"^Enter 0.01 m or more\.$"):
        units.smallest("-1", RIBBON, least=0)


def test_amounts_are_written_in_the_readers_language() -> None:
    assert units.text_of(35, RIBBON) == "0.35 m"
    assert units.text_of(150, RIBBON) == "1.5 m"
    assert units.text_of(1_234_500, NUTS) == "1,234.5 kg"
    assert units.text_of(-35, RIBBON) == "-0.35 m"
    assert units.text_of(12, PACK) == "12"
    assert units.text_of(4, TILES) == "4 m²"
    with override("de"):
        assert units.text_of(1_234_500, NUTS) == "1.234,5 kg"


def test_programs_read_fractions_as_text_and_pieces_as_numbers() -> None:
    assert units.in_units(35, 100) == "0.35"
    assert units.in_units(200, 100) == "2"
    assert units.in_units(1000, 1000) == "1"
    assert units.in_units(12, 1) == 12


GOODS = st.sampled_from([RIBBON, NUTS, TILES, PACK, Goods("l", 10, "Lamp oil"), Goods("yd", 1000, "Thread")])


@given(GOODS, st.integers(1, units.MOST))
def test_what_is_written_out_reads_back_as_it_was(goods: Goods, amount: int) -> None:
    assert units.smallest(units.in_units(amount, goods.unit_scale), goods) == amount
    assert units.smallest(units.typed(amount, goods.unit_scale), goods) == amount
    for language in ("en-us", "de", "fr"):
        with override(language):
            assert units.smallest(units.text_of(amount, goods, grouped=False), goods) == amount


@given(GOODS, st.text(max_size=12))
def test_whatever_is_written_is_an_amount_or_refused_in_words(goods: Goods, written: str) -> None:
    try:
        assert 1 <= units.smallest(written, goods) <= units.MOST
    except units.NoAmount as refused:
        assert str(refused).endswith(".")  # noqa: PT017 -- both outcomes are right
