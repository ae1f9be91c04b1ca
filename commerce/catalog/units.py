"""Amounts of goods: what people and programs write, as the whole numbers that everything inside counts in, and back.

Inside, a quantity is a whole number of the smallest amount that is sold: pieces, or hundredths of a meter. Outside it
is in units: "0.35". These functions are the edge between the two. Exact: they never count with floats.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PIECE = "each"
MOST = 1_000_000_000
FINEST = 1_000  # the largest scale that there is
SYMBOLS = {PIECE: "", "m2": "m²", "l": "L"}  # the others are written as they are stored
NUMBER = re.compile(r"(?P<sign>[-+]?)(?P<whole>[0-9]*)(?:[.,](?P<part>[0-9]*))?", re.ASCII)
WORDS = {
    "m": ("meter", "meters"),
    "m2": ("m^2", "sqm"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "l": ("liter", "liters"),
    "yd": ("yard", "yards"),
    "ft": ("foot", "feet"),
    "lb": ("lbs", "pound", "pounds"),
    "oz": ("ounce", "ounces"),
}


class Measured(Protocol):
    """What has a unit: a variant, or the line of an order."""

    @property
    def unit(self) -> str: ...
    @property
    def unit_scale(self) -> int: ...
    @property
    def name(self) -> str: ...


class NoAmount(ValueError):
    """What was written is no amount of this; the text says what to write instead."""


def smallest(written: Any, of: Measured, *, least: int = 1, most: int = MOST) -> int:
    """How many smallest amounts of `of` were meant: "0,35", "0.35 m", 0.35 and Decimal("0.35") are 35 hundredths.

    A comma or a point is the decimal separator; thousands are not separated. `least` and `most` are in smallest
    amounts. Raises `NoAmount`.
    """
    found = NUMBER.fullmatch(_bare(written, of.unit))
    if found is None or not (found["whole"] or found["part"]):
        raise NoAmount(_not_a_number(of))
    digits = len(str(of.unit_scale)) - 1
    part = (found["part"] or "").rstrip("0")
    negative = found["sign"] == "-" and bool((found["whole"] + part).strip("0"))
    if not negative and len(part) > digits:
        raise NoAmount(_too_fine(of))
    whole = found["whole"].lstrip("0")
    if not negative and len(whole) > len(str(MOST)):
        raise NoAmount(_too_much(of, most))
    amount = -1 if negative else int(whole + part.ljust(digits, "0") or "0")
    if amount < least:
        raise NoAmount(_too_little(of, max(least, 1)))
    if amount > most:
        raise NoAmount(_too_much(of, most))
    return amount


def _bare(written: Any, unit: str) -> str:
    """The number as text, without the unit behind it. A float is taken at its shortest writing, as JSON sent it."""
    if isinstance(written, bool) or not isinstance(written, str | int | float | Decimal):
        return ""
    text = written if isinstance(written, str) else f"{written:f}" if isinstance(written, Decimal) else str(written)
    text = text[:100].strip().casefold()
    names = {symbol(unit), unit, *WORDS.get(unit, ())} if unit != PIECE else set()
    ending = max((name.casefold() for name in names if text.endswith(name.casefold())), key=len, default="")
    bare = text.removesuffix(ending).strip()
    if any(unicodedata.category(letter) == "No" for letter in bare):  # "2²" is not 22
        return ""
    return unicodedata.normalize("NFKC", bare).replace("\N{MINUS SIGN}", "-").strip()


def _not_a_number(of: Measured) -> str:
    if of.unit_scale == 1 and of.unit == PIECE:
        return _("Enter the quantity as a whole number, such as 2.")
    example = text_of(of.unit_scale * 3 // 2 if of.unit_scale > 1 else 2, of)
    return _("Enter the amount as a number, such as %(example)s.") % {"example": example}


def _too_fine(of: Measured) -> str:
    if of.unit == PIECE:
        return _("%(name)s is sold in whole pieces.") % {"name": of.name}
    return _("%(name)s is sold in steps of %(step)s.") % {"name": of.name, "step": text_of(1, of)}


def _too_little(of: Measured, least: int) -> str:
    if of.unit == PIECE:
        return _("Enter a quantity of %(least)d or more.") % {"least": least}
    return _("Enter %(least)s or more.") % {"least": text_of(least, of)}


def _too_much(of: Measured, most: int) -> str:
    return _("At most %(most)s can be ordered at once.") % {"most": text_of(most, of, grouped=False)}


def in_units(quantity: int, scale: int) -> int | str:
    """As programs read it: a whole number where things are sold whole, else a decimal fraction as text: "0.35", "2"."""
    return quantity if scale == 1 else _plain(quantity, scale)


def named(unit: str) -> dict[str, str]:
    """What stands beside a quantity of measured goods in the API; nothing beside pieces."""
    return {} if unit == PIECE else {"unit": unit}


def typed(quantity: int, scale: int) -> str:
    """As a number field of a page holds it: "0.35", "12"."""
    return str(in_units(quantity, scale))


def _plain(quantity: int, scale: int) -> str:
    text = f"{Decimal(quantity).scaleb(1 - len(str(scale))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def symbol(unit: str) -> str:
    """What stands behind a number: "m", "m²", nothing for pieces."""
    return SYMBOLS.get(unit, unit)


def number_text(quantity: int, scale: int, *, grouped: bool = True) -> str:
    """For people, in their language, without the unit: "0.35", "0,35", "1,200"."""
    return _number(quantity, scale, grouped, get_language() or "en")


def text_of(quantity: int, of: Measured, *, grouped: bool = True) -> str:
    """For people, in their language: "0.35 m", "0,35 m", "12"."""
    return amount_text(quantity, of.unit, of.unit_scale, grouped=grouped)


def amount_text(quantity: int, unit: str, scale: int, *, grouped: bool = True) -> str:
    """`text_of` for whoever holds the unit and its scale apart."""
    number = number_text(quantity, scale, grouped=grouped)
    return f"{number} {symbol(unit)}" if symbol(unit) else number


def pieces_of(parts: Iterable[tuple[int, Measured]]) -> int:
    """How many things these are: each length or weight that is not nothing is one of them."""
    return sum(pieces_in(quantity, of.unit) for quantity, of in parts if quantity)


def total_text(parts: Iterable[tuple[int, int]]) -> str:
    """What goods of all kinds add up to, as a bare number: pieces, meters and kilograms count 1 each. `parts` are
    quantities with their scales."""
    return number_text(sum(quantity * (FINEST // scale) for quantity, scale in parts), FINEST)


def pieces_in(quantity: int, unit: str) -> int:
    """How many things a person carries: a cut of ribbon or a bag of nuts is one, whatever it measures."""
    return quantity if unit == PIECE else 1


@lru_cache(maxsize=4_000)
def _number(quantity: int, scale: int, grouped: bool, language: str) -> str:
    value = Decimal(_plain(quantity, scale))
    return str(format_decimal(value, "#,##0.###", locale=language.replace("-", "_"), group_separator=grouped))
