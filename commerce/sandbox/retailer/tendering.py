"""How baskets are paid: mostly by card, small ones often in cash with the notes people carry, a few with both."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .catalog import variants_by_sku
from .records import SaleLine, Tender

_CASH_SHARE = ((2000, 0.42), (6000, 0.26), (15000, 0.1))


@dataclass(frozen=True, slots=True)
class Settled:
    """A tender with its amounts in minor units: what it covers, what was handed over, what went back."""

    kind: str
    amount_minor: int
    handed_minor: int
    change_minor: int


def settle(total_minor: int, tenders: Iterable[Tender]) -> tuple[Settled, ...]:
    """The amounts of a sale's tenders once its total with tax is known. They add up to the total.

    A fixed part that the total does not reach is cut down to it, and a tender left with nothing is dropped.
    """
    left, found = total_minor, []
    for tender in tenders:
        amount = left if tender.fixed_minor is None else min(left, tender.fixed_minor)
        if amount > 0:
            handed = -(-amount // tender.rounded_to_minor) * tender.rounded_to_minor
            found.append(Settled(tender.kind, amount, handed, handed - amount))
        left -= amount
    return tuple(found)


def goods_value(lines: Iterable[SaleLine], market: str) -> int:
    """The value of the lines at list prices, in the minor units of the market's currency, US prices before tax."""
    value = 0
    for line in lines:
        _, variant = variants_by_sku()[line.sku]
        price = Decimal(line.quantity * (variant.price_usd if market == "US" else variant.price_eur))
        value += int(price.to_integral_value(ROUND_HALF_UP))
    return value


def counter_tenders(dice: random.Random, value_minor: int, market: str) -> tuple[Tender, ...]:
    """The tenders of a basket at the till. In Amsterdam fewer people carry cash, and cents are rounded to five."""
    share = next((share for limit, share in _CASH_SHARE if value_minor < limit), 0.03)
    chance = dice.random() / (1.0 if market == "US" else 0.55)
    if chance < share:
        return (Tender("cash", None, _handed(dice, value_minor, market)),)
    if value_minor > 9000 and dice.random() < 0.03:
        return (Tender("cash", dice.choice((2000, 4000, 5000)), 1000), Tender("card_present"))
    return (Tender("card_present"),)


def _handed(dice: random.Random, value_minor: int, market: str) -> int:
    """The multiple to which someone rounds up what they hand over: exact change, or the notes that fit the sum."""
    if dice.random() < 0.18:
        return 1 if market == "US" else 5
    if value_minor < 1000:
        return dice.choice((100, 500, 500, 1000, 2000))
    if value_minor < 4000:
        return dice.choice((500, 1000, 2000, 2000, 5000))
    return dice.choice((1000, 2000, 5000, 10000))
