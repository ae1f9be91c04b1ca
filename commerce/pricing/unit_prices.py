"""The price per kilogram, liter, meter, square meter or piece of goods that are sold in packs. Integers only.

Source: Directive 98/6/EC on the indication of prices, article 2 (b): "the final price, including VAT and all other
taxes, for one kilogram, one liter, one meter, one square meter or one cubic meter of the product or a different single
unit of quantity which is widely and customarily used"; article 3 (1) and (4): it stands beside every selling price.
Small packs use the second half of that sentence: what holds up to 250 g or 250 ml is priced per 100. So a price shown
with tax has a unit price with tax, and one shown without it has one without. static/js/till/unit_price.js is the same
table for the till; tests compare the two.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple, Protocol

from commerce.pricing.engine import round_half_up

THOUSAND = 1_000
SMALL = 250 * THOUSAND  # thousandths of a gram or milliliter
# What one of a unit is in thousandths of the smallest that it is compared in, and which that is.
KINDS = {
    "g": (THOUSAND, "g"),
    "kg": (1_000 * THOUSAND, "g"),
    "ml": (THOUSAND, "ml"),
    "cl": (10 * THOUSAND, "ml"),
    "l": (1_000 * THOUSAND, "ml"),
    "cm": (THOUSAND, "cm"),
    "m": (100 * THOUSAND, "cm"),
    "m2": (THOUSAND, "m2"),
    "piece": (THOUSAND, "piece"),
}
# By what is compared: how many thousandths of it the price is for, and how that is called: number and unit.
LARGE_PACK = {
    "g": (1_000 * THOUSAND, 1, "kg"),
    "ml": (1_000 * THOUSAND, 1, "l"),
    "cm": (100 * THOUSAND, 1, "m"),
    "m2": (THOUSAND, 1, "m2"),
    "piece": (THOUSAND, 1, "piece"),
}
SMALL_PACK = {"g": (100 * THOUSAND, 100, "g"), "ml": (100 * THOUSAND, 100, "ml")}
SCHEMA_CODES = {"g": "GRM", "kg": "KGM", "ml": "MLT", "l": "LTR", "m": "MTR", "m2": "MTK", "piece": "C62"}


class UnitPrice(NamedTuple):
    """Minor units for `per` of `unit`: (1240, 1, "l"), (399, 100, "g")."""

    minor: int
    per: int
    unit: str


class Holding(Protocol):
    """What may say what one piece of it holds: a variant."""

    @property
    def content_amount(self) -> Decimal | None: ...
    @property
    def content_unit(self) -> str: ...


def thousandths(amount: Decimal | None) -> int:
    """250 g are 250,000; 0 where nothing is said."""
    return 0 if amount is None else int(amount * THOUSAND)


def unit_price(minor: int, held: int, unit: str) -> UnitPrice | None:
    """What `held` thousandths of `unit` at `minor` cost per kilogram or the like, rounded half up to the minor unit.

    None where nothing is held, and for a single piece, whose price says it already.
    """
    if held <= 0 or unit not in KINDS or (unit == "piece" and held <= THOUSAND):
        return None
    size, kind = KINDS[unit]
    is_small = kind in SMALL_PACK and held * size <= SMALL * THOUSAND
    base, per, name = (SMALL_PACK if is_small else LARGE_PACK)[kind]
    return UnitPrice(round_half_up(minor * base * THOUSAND, held * size), per, name)


def of(minor: int | None, goods: Holding) -> UnitPrice | None:
    """`unit_price` of something that holds `content_amount` of `content_unit`; None without a price."""
    return None if minor is None else unit_price(minor, thousandths(goods.content_amount), goods.content_unit)


def shared(contents: Iterable[tuple[int, str]]) -> tuple[int, str]:
    """What all of these (thousandths, unit) hold, (0, "") where they differ: one price per kilogram for all of them."""
    found = set(contents)
    return found.pop() if len(found) == 1 else (0, "")
