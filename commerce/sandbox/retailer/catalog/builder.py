"""Turns a compact style sheet into a product with all its variants, SKUs and barcodes.

SKU: product code, color code, size code, joined by hyphens (`SQLSH-OCH-M`). Barcode: EAN-13 from the prefix 200, which
is kept for numbers inside one company: 200, four digits of product number, five of variant, check digit. 201 are labels
of an older kind, 202 those of coils that were cut beforehand. Prefixes 21 to 29 stay free for labels that carry a
weight or a price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product as combinations

from stdnum import ean

from ..palette import COLORS
from ..records import Option, Product, Quantity, Variant


@dataclass(frozen=True, slots=True)
class Size:
    """One value of a size-like option: its SKU code, what it adds to price (minor units) and weight (grams), and what a
    piece of it holds ("1 kg")."""

    value: str
    code: str
    usd: int = 0
    eur: int = 0
    grams: int = 0
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    """A product as its author writes it; prices are those of the smallest size or of a meter, in minor units.

    With a `reel` it is sold by the meter, from reels of so many; `coil` is the length of those cut beforehand.
    `holds` is what is in one piece, "250 g". `parts` makes it a kit: for each look, SKUs and how much of them is in it.
    """

    key: str
    code: str
    title: str
    brand: str
    category: str
    drawing: str
    looks: tuple[str, ...]
    usd: int
    eur: int
    cost: int
    grams: int
    text: str
    materials: str
    care: str
    tags: tuple[str, ...]
    launched: str
    popularity: float
    returns: float
    sizes: tuple[Size, ...] = ()
    size_option: str = "Size"
    was: tuple[int, int] | None = None
    tax_class: str = "standard"
    fit: str = ""
    look_option: str = "Color"
    look_names: tuple[str, ...] = ()
    look_codes: tuple[str, ...] = ()
    has_old_labels: bool = False
    is_discontinued: bool = False
    has_serials: bool = False
    reel: int = 0
    coil: int = 0
    parts: tuple[tuple[tuple[str, Quantity], ...], ...] = ()
    holds: str = ""


def barcode(product_number: int, variant_number: int, prefix: str = "200") -> str:
    """The EAN-13 of one variant, check digit included."""
    digits = f"{prefix}{product_number:04d}{variant_number:05d}"
    return digits + ean.calc_check_digit(digits)


def alphabetic(*values: str) -> tuple[Size, ...]:
    """Sizes without surcharge whose SKU code is the value itself."""
    return tuple(Size(value, value.replace(" ", "").replace("/", "").upper()) for value in values)


def build(style: Style, number: int) -> Product:
    """The product of a style; `number` is its place in the catalogue and part of its barcodes."""
    names = style.look_names or tuple(COLORS[look].name for look in style.looks)
    codes = style.look_codes or tuple(COLORS[look].code for look in style.looks)
    sizes: tuple[Size | None, ...] = style.sizes or (None,)
    variants = tuple(
        _variant(style, number, position, (style.looks[index], names[index], codes[index]), size)
        for position, (index, size) in enumerate(combinations(range(len(names)), sizes), start=1)
    )
    options = [Option(style.look_option, names)]
    if style.sizes:
        options.append(Option(style.size_option, tuple(size.value for size in style.sizes)))
    return Product(
        key=style.key,
        title=style.title,
        brand=style.brand,
        category=style.category,
        description=style.text,
        materials=style.materials,
        care=style.care,
        fit=style.fit,
        drawing=style.drawing,
        options=tuple(options),
        picture_option=style.look_option,
        looks=tuple(zip(names, style.looks, strict=True)),
        variants=variants,
        tax_class=style.tax_class,
        tags=style.tags,
        launched_on=date.fromisoformat(style.launched),
        popularity=style.popularity,
        return_rate=style.returns,
        is_discontinued=style.is_discontinued,
        has_serials=style.has_serials,
    )


def _variant(style: Style, number: int, position: int, look: tuple[str, str, str], size: Size | None) -> Variant:
    color, name, code = look
    extra = size or Size("", "")
    parts = [style.code, code] + ([size.code] if size else [])
    options = [(style.look_option, name)] + ([(style.size_option, size.value)] if size else [])
    was_usd, was_eur = style.was or (None, None)
    return Variant(
        sku="-".join(parts),
        barcode=barcode(number, position),
        alternate_barcodes=(barcode(number, position, "201"),) if style.has_old_labels else (),
        options=tuple(options),
        color=color,
        price_usd=style.usd + extra.usd,
        price_eur=style.eur + extra.eur,
        compare_at_usd=None if was_usd is None else was_usd + extra.usd,
        compare_at_eur=None if was_eur is None else was_eur + extra.eur,
        cost_usd=style.cost + extra.usd * 2 // 5,
        weight_grams=style.grams + extra.grams,
        position=position,
        unit="m" if style.reel else "each",
        unit_scale=100 if style.reel else 1,
        reel=style.reel,
        packs=((barcode(number, position, "202"), style.coil),) if style.coil else (),
        content=_content(extra.holds or style.holds),
        parts=style.parts[style.looks.index(color)] if style.parts else (),
    )


def _content(text: str) -> tuple[str, str]:
    amount, _space, unit = text.partition(" ")
    return amount, unit
