"""What Hadlo sells: about ninety products on two levels of categories."""

from __future__ import annotations

from functools import cache

from ..records import Product, Quantity, Variant
from . import accessories, bags, camp, clothing, footwear, home, kitchen, knitwear, lengths, light, pantry, paper
from .builder import build
from .categories import categories

__all__ = ["categories", "parts_of", "products", "variants_by_sku"]


@cache
def products() -> tuple[Product, ...]:
    """The whole catalogue, in shelf order. Always the same, SKUs and barcodes included."""
    modules = (camp, bags, clothing, knitwear, footwear, accessories, kitchen, light, home, paper, pantry, lengths)
    styles = [style for module in modules for style in module.STYLES]
    return tuple(build(style, number) for number, style in enumerate(styles, start=101))


@cache
def variants_by_sku() -> dict[str, tuple[Product, Variant]]:
    """Every variant with its product, by SKU."""
    return {variant.sku: (product, variant) for product in products() for variant in product.variants}


def parts_of(sku: str, quantity: Quantity) -> list[tuple[str, Quantity]]:
    """What is taken off the shelf for so much of a SKU: of a kit its components, of anything else itself."""
    _product, variant = variants_by_sku()[sku]
    return [(part, each * quantity) for part, each in variant.parts] or [(sku, quantity)]
