"""Pictures drawn for the demo: every product in every color, in up to three views, plus brand marks and banners.

`draw` is a pure function to an SVG of 800 × 1000 without text, scripts or references, so that files, pages and
thumbnails can all use the same drawing.
"""

from __future__ import annotations

from ..catalog import products
from ..palette import COLORS
from ..records import Product
from . import (  # noqa: F401 - importing a family enters its drawings into the register
    bags,
    bottoms,
    cookware,
    drinkware,
    footwear,
    hands_feet,
    headwear,
    household,
    jackets,
    lights,
    packs,
    pantry,
    paper,
    reels,
    shelter,
    sleep,
    stage,
    textiles,
    tools,
    tops,
    wearables,
)
from .brand import emblem, favicon, receipt_logo, wordmark
from .scenes import banner, banner_keys

__all__ = [
    "VIEWS",
    "banner",
    "banner_keys",
    "draw",
    "emblem",
    "favicon",
    "pictures_of",
    "receipt_logo",
    "wordmark",
]

VIEWS = ("front", "detail", "range")


def draw(product_key: str, color: str, view: str = "front") -> str:
    """One picture of a product as SVG. `color` is a palette key; view `range` shows all colors and ignores it.

    Raises KeyError for an unknown product or color, ValueError for a view that the product does not have.
    """
    product = _product(product_key)
    if view not in pictures_of(product_key):
        raise ValueError(f"{product_key} has no view {view!r}; there are {', '.join(pictures_of(product_key))}")
    if view == "range":
        return stage.in_range(product.key, product.drawing, [COLORS[look].hex for _, look in product.looks])
    show = stage.front if view == "front" else stage.detail
    return show(product.key, product.drawing, COLORS[color].hex)


def pictures_of(product_key: str) -> tuple[str, ...]:
    """The views a product has, in gallery order; a single-colored product has no range."""
    return VIEWS if len(_product(product_key).looks) > 1 else VIEWS[:2]


def _product(product_key: str) -> Product:
    for product in products():
        if product.key == product_key:
            return product
    raise KeyError(product_key)
