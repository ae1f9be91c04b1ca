"""What shoppers put into a basket: a few popular things often, things that go together, the middle sizes most."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from itertools import accumulate

from .catalog import categories, products
from .measures import asked, is_cut
from .records import Product, Quantity, SaleLine, Variant

CAMPAIGN = "Field Week"
_CAMPAIGN_SHELVES = ("camp", "footwear", "light")
_GOES_WITH = {
    "camp": ("light", "kitchen", "camp", "bags"),
    "bags": ("bags", "accessories", "kitchen", "paper"),
    "clothing": ("accessories", "clothing", "footwear"),
    "footwear": ("accessories", "footwear", "clothing"),
    "accessories": ("accessories", "clothing", "paper"),
    "kitchen": ("kitchen", "pantry", "camp"),
    "light": ("light", "camp", "paper"),
    "household": ("household", "pantry", "kitchen"),
    "paper": ("paper", "pantry", "household"),
    "pantry": ("pantry", "kitchen", "paper"),
}
_LOCAL_TASTE = {
    "PDX-1": {"squall-shell": 1.5, "lee-umbrella": 1.6, "daybreak-coffee": 1.4, "puddle-boot": 1.4},
    "MSP-1": {"dock-beanie": 1.6, "rag-wool-gloves": 1.7, "hearth-down-jacket": 1.5, "stoveside-flask": 1.4},
    "BKN-1": {"quay-rolltop": 1.7, "market-tote": 1.5, "log-notebook": 1.4, "glide-cabin-case": 1.5},
    "AUS-1": {"spring-bottle": 1.6, "field-cap": 1.6, "brook-sun-hat": 2.2, "lull-hammock": 1.8, "shoal-sandal": 2.0},
    "AMS-1": {"lee-umbrella": 1.5, "quay-rolltop": 1.6, "squall-shell": 1.4, "summit-chocolate": 1.3},
}
_MIDDLE = ("M", "L", "40", "41", "42", "32", "34", "Regular", "750 ml", "40-41", "38-39", "250 g")
_BOUGHT_IN_NUMBERS = ("pantry", "paper", "kitchen")
_LINES = ((1, 52), (2, 26), (3, 13), (4, 6), (5, 3))
Available = Callable[[str, Mapping[str, Quantity]], Quantity]


@cache
def _shelf_of() -> dict[str, str]:
    parents = {category.slug: category.parent or category.slug for category in categories()}
    return {product.key: parents[product.category] for product in products()}


@cache
def _counter(location_code: str, day: date, is_campaign: bool, shelf: str) -> tuple[list[Product], list[float]]:
    """The products a shopper may pick from, with running sums of their weights. `shelf` is empty for all of them."""
    found, weights = [], []
    for product in products():
        own = _shelf_of()[product.key]
        if product.launched_on > day or (shelf and own != shelf):
            continue
        weight = product.popularity * _LOCAL_TASTE.get(location_code, {}).get(product.key, 1.0)
        if is_campaign and own in _CAMPAIGN_SHELVES:
            weight *= 1.9
        found.append(product)
        weights.append(weight)
    return found, list(accumulate(weights))


def fill_basket(
    dice: random.Random, location_code: str, day: date, is_campaign: bool, available: Available, *, at_counter: bool
) -> tuple[SaleLine, ...]:
    """One to five lines that the location can serve; empty when nothing the shopper wanted was there.

    `available` tells how much of a SKU may be taken beyond what is in the basket; the basket never holds more.
    """
    wanted = dice.choices([lines for lines, _ in _LINES], [weight for _, weight in _LINES])[0]
    basket: dict[str, Quantity] = {}
    shelf = ""
    for _ in range(wanted):
        for _ in range(3):
            found, sums = _counter(location_code, day, is_campaign, shelf)
            product = dice.choices(found or list(products()), cum_weights=sums or None)[0]
            variant = _choose_variant(dice, product, lambda sku: available(sku, basket))
            if variant:
                wish: Quantity = asked(dice, variant, by_hand=at_counter) if is_cut(variant) else _units(dice, product)
                basket[variant.sku] = basket.get(variant.sku, 0) + min(available(variant.sku, basket), wish)
                shelf = dice.choice(_GOES_WITH[_shelf_of()[product.key]]) if dice.random() < 0.6 else ""
                break
    return tuple(SaleLine(sku, quantity) for sku, quantity in basket.items())


def _choose_variant(dice: random.Random, product: Product, available: Callable[[str], Quantity]) -> Variant | None:
    """The variant the shopper came for; when it is out, now and then another one of the product."""
    weights = []
    for variant in product.variants:
        size = 1.7 if variant.options[-1][1] in _MIDDLE else 1.0
        weights.append(size * (1.4 if variant.position * 3 <= len(product.variants) else 1.0))
    choice = dice.choices(product.variants, weights)[0]
    if available(choice.sku) > 0:
        return choice
    others = [variant for variant in product.variants if available(variant.sku) > 0]
    return dice.choice(others) if others and dice.random() < 0.45 else None


def _units(dice: random.Random, product: Product) -> int:
    if product.variants[0].price_usd <= 2500 and _shelf_of()[product.key] in _BOUGHT_IN_NUMBERS:
        return dice.choices((1, 2, 3, 4), (62, 24, 9, 5))[0]
    return 2 if dice.random() < 0.05 else 1
