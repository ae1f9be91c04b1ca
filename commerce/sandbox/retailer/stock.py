"""How much of what stands where: par levels, and the stock with which the demo's history begins.

The plan is uneven on purpose: full shelves of what sells, sizes that have run out in one store, styles that a small
store does not carry at all, and a discontinued rug that is nearly gone.
"""

from __future__ import annotations

import random
from functools import cache

from .catalog import products
from .measures import about, is_cut
from .places import locations
from .records import Product, Quantity, StockLine, Variant

_SHARE = {"WH-1": 6.0, "PDX-1": 1.15, "MSP-1": 0.8, "BKN-1": 1.1, "AUS-1": 0.9, "AMS-1": 2.6}
_MIDDLE_SIZES = ("M", "L", "40", "41", "42", "32", "34", "Regular", "750 ml", "38-39", "40-41")
_NOT_CARRIED = {
    "BKN-1": ("alder-5-tent", "larder-cooler", "perch-chair", "stave-poles"),
    "AUS-1": ("snowline-mitten", "fjord-down-bag", "hearth-down-jacket"),
    "MSP-1": ("brook-sun-hat",),
    "AMS-1": ("larder-cooler",),
}
_SERVED = 4  # shoppers by a reel


@cache
def par_levels(scale: float = 1.0) -> dict[tuple[str, str], int]:
    """The number of pieces or meters each location aims for, by (location code, SKU). 0: not carried there. Kits are
    made of what is there, and have none.

    `scale` above 1 is a retailer that sells that many times as much; below 1 the shelves stay as full as they are.
    """
    dice = random.Random("hadlo par levels")
    levels = {}
    for location in locations():
        for product in products():
            carried = product.key not in _NOT_CARRIED.get(location.code, ())
            for variant in _kept(product):
                size = variant.options[-1][1]
                demand = product.popularity / len(product.variants) ** 0.72 * (1.35 if size in _MIDDLE_SIZES else 0.85)
                wanted = (1.4 + demand * 0.34 * max(1, scale)) * _SHARE[location.code] * dice.uniform(0.8, 1.25)
                levels[location.code, variant.sku] = _par(variant, wanted) if carried else 0
    return levels


def _kept(product: Product) -> list[Variant]:
    return [variant for variant in product.variants if not variant.parts]


def _par(variant: Variant, wanted: float) -> int:
    """Pieces as they are wanted; of what is cut to length whole reels, each of which serves several shoppers."""
    return variant.reel * max(1, round(wanted / _SERVED)) if is_cut(variant) else max(1, round(wanted))


@cache
def initial_stock(scale: float = 1.0) -> tuple[StockLine, ...]:
    """Stock on the first morning of the history, one line per location and SKU, including those with zero units."""
    dice = random.Random("hadlo initial stock")
    levels = par_levels(scale)
    found = []
    for location in locations():
        for product in products():
            for variant in _kept(product):
                par = levels[location.code, variant.sku]
                there = _units(dice, product, variant, location.code, par)
                found.append(StockLine(location.code, variant.sku, there))
    return tuple(found)


def _units(dice: random.Random, product: Product, variant: Variant, code: str, par: int) -> Quantity:
    chance = dice.random()
    if par == 0:
        return 0
    if product.is_discontinued:
        return dice.randint(0, 2) if code != "WH-1" else 4
    if code == "WH-1":
        return about(par * dice.uniform(0.75, 1.15), variant)
    if chance < 0.06:
        return 0
    if chance < 0.18:
        return min(par, dice.randint(1, 2))
    return max(1, about(par * dice.uniform(0.7, 1.3), variant))
