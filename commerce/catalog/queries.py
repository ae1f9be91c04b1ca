"""Reads of the catalog that several callers need. Each takes one statement, however many products it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from commerce.catalog.barcodes import lookup_keys
from commerce.catalog.listings import NOW
from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.kernel.db import rows


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours: its path below MEDIA_URL, and what it shows."""

    path: str
    alt: str


@dataclass(frozen=True, slots=True)
class Swatch:
    """A color that a product comes in; `hex` is empty where nobody has said what it looks like."""

    name: str
    hex: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a product. Prices in minor units of the list's currency; None: not sold in that market.
    `unit` is what they are for, where all its variants have the same; `held` is what one piece at the lowest price
    holds, in thousandths of `held_unit`, 0 where that is not known or not the same for all of them."""

    id: int
    uid: UUID
    slug: str
    title: str
    brand: str
    launched_at: datetime | None
    from_minor: int | None
    to_minor: int | None
    compare_at_minor: int | None
    variants: int
    unit: str
    held: int
    held_unit: str
    pictures: tuple[Picture, ...]
    swatches: tuple[Swatch, ...]

    @property
    def cover(self) -> Picture | None:
        return self.pictures[0] if self.pictures else None

    @property
    def second_picture(self) -> Picture | None:
        return self.pictures[1] if len(self.pictures) > 1 else None

    @property
    def has_price_range(self) -> bool:
        return self.from_minor != self.to_minor


_CARDS = """
SELECT p.id, p.uid, p.slug, p.title, p.brand, p.launched_at, l.from_minor, l.to_minor, l.compare_at_minor,
    coalesce(made.variants, 0), coalesce(made.unit, 'each'), coalesce(l.held, 0), coalesce(l.held_unit, ''),
    pictures.shown, made.swatches
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS wanted(id, place)
JOIN catalog_product p ON p.id = wanted.id
LEFT JOIN catalog_listing l ON l.product_id = p.id AND {now}
LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(path, alt) ORDER BY position, id) AS shown FROM (
        SELECT path, alt, position, id FROM catalog_media m
        WHERE m.product_id = p.id AND strpos(path, '://') = 0 ORDER BY position, id LIMIT 2) AS two
) AS pictures ON TRUE
LEFT JOIN LATERAL (
    SELECT sum(variants)::int AS variants, CASE WHEN min(unit) = max(unit_too) THEN min(unit) END AS unit,
        json_agg(json_build_array(color, swatch) ORDER BY place) FILTER (WHERE color <> '') AS swatches
    FROM (
        SELECT coalesce(v.option_values[o.position], '') AS color, max(v.swatch) AS swatch, count(*) AS variants,
            min(ARRAY[v.position, v.id]) AS place, min(v.unit) AS unit, max(v.unit) AS unit_too
        FROM catalog_variant v LEFT JOIN catalog_option o
            ON o.product_id = v.product_id AND lower(o.name) IN ('color', 'colour')
        WHERE v.product_id = p.id AND v.is_active GROUP BY 1) AS colors
) AS made ON TRUE
ORDER BY wanted.place
""".replace("{now}", NOW)


def cards(product_ids: Sequence[int], market: int, *, at: datetime) -> list[Card]:
    """Cards of products with their prices in a market, in the order given; unknown ones are left out."""
    if not product_ids:
        return []
    names = [field.name for field in fields(Card)]
    return [
        Card(
            **dict(zip(names, row[:13], strict=False)),
            pictures=tuple(Picture(path, alt) for path, alt in row[13] or ()),
            swatches=tuple(Swatch(name, color) for name, color in row[14] or ()),
        )
        for row in rows(_CARDS, {"ids": list(product_ids), "market": market, "at": at})
    ]


def products_by_code(text: str) -> list[int]:
    """Products on the web (primary keys) one of whose active variants has this very barcode or SKU."""
    keys = lookup_keys(text)
    sku = normalize_sku(text).value
    found = rows(
        "SELECT DISTINCT p.id FROM catalog_product p JOIN catalog_variant v ON v.product_id = p.id"
        " WHERE p.status = 'active' AND p.on_web AND v.is_active AND v.id IN ("
        " SELECT id FROM catalog_variant WHERE sku_key = %s"
        " UNION ALL SELECT variant_id FROM catalog_barcode WHERE key = ANY(%s))",
        [sku, keys],
    )
    return [pk for (pk,) in found]


def variants_by_code(code: str) -> list[Variant]:
    """The variants that a scanned or typed code means: by barcode, the best reading first, else by SKU; with products.

    Includes those that are not sold any more, so that the till can say so.
    """
    keys = lookup_keys(code)
    found = dict(rows("SELECT key, variant_id FROM catalog_barcode WHERE key = ANY(%s)", [keys]))
    wanted = next((found[key] for key in keys if key in found), None)
    variants = Variant.objects.select_related("product")
    if wanted is not None:
        return list(variants.filter(pk=wanted))
    return list(variants.filter(sku_key=normalize_sku(code).value or None))
