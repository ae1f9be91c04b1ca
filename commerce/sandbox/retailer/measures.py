"""Goods that are cut to length: how much of them people ask for, what stands on a shelf, and what a tape measure finds.

Everything is cut to five centimeters here, although a hundredth of a meter is the least that could be sold.
"""

from __future__ import annotations

import random
from decimal import Decimal
from math import ceil

from .records import Quantity, Variant

_STEPS = 20  # cuts in a meter
_ROUND, _COIL, _HALF = 0.45, 0.2, 0.3  # how often somebody asks for such a length


def is_cut(variant: Variant) -> bool:
    """Whether it is sold by the meter."""
    return variant.reel > 0


def about(wanted: float, variant: Variant) -> Quantity:
    """The amount nearest to this that can be there: whole pieces, or a length."""
    return _length(round(wanted * _STEPS)) if is_cut(variant) else round(wanted)


def asked(dice: random.Random, variant: Variant, *, by_hand: bool) -> Decimal:
    """What somebody wants of it. `by_hand`: at the counter they bring the thing that it has to fit, so that it is as
    often 2.35 m as a round length; on the web it is whole and half meters."""
    most = variant.reel // 5
    if by_hand and dice.random() > _ROUND:
        return _length(dice.randint(8, most * _STEPS))
    if variant.packs and dice.random() < _COIL:
        return Decimal(variant.packs[0][1])
    return Decimal(dice.randint(1, most)) + Decimal("0.5" if dice.random() < _HALF else 0)


def slip(dice: random.Random) -> Decimal:
    """By how much the tape measure and the books differ."""
    return _length(dice.randint(1, 16))


def spoiled(dice: random.Random) -> Decimal:
    """What is cut away because it cannot be sold."""
    return _length(dice.randint(4, 30))


def from_maker(wanted: Quantity, variant: Variant) -> Quantity:
    """What has to be ordered to get this: whole reels."""
    return ceil(wanted / variant.reel) * variant.reel if is_cut(variant) else wanted


def from_warehouse(wanted: Quantity, variant: Variant) -> Quantity:
    """What is sent to a store that needs this: whole meters."""
    return int(wanted) if is_cut(variant) else wanted


def _length(steps: int) -> Decimal:
    return Decimal(steps) / _STEPS
