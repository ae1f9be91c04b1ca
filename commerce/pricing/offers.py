"""What is for sale at which price: a product's page, and the catalog that a till keeps for itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commerce.catalog.queries import Picture
from commerce.kernel.db import rows
from commerce.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category on the way to the product: for the trail above it."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class OptionChoice:
    """One value of an option, in the order of the variants; `hex` is its color where somebody has said it."""

    value: str
    hex: str


@dataclass(frozen=True, slots=True)
class OptionChoices:
    name: str
    choices: tuple[OptionChoice, ...]


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    """A variant as its page needs it. `price_minor` is None where the market does not sell it."""

    id: int
    uid: UUID
    sku: str
    title: str
    option_values: tuple[str, ...]
    swatch: str
    picture: int | None
    price_minor: int | None
    compare_at_minor: int | None
    unit: str
    unit_scale: int
    barcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product with everything on its page but stock. `pictures` maps Media keys, in order, to our own pictures."""

    id: int
    uid: UUID
    slug: str
    title: str
    brand: str
    description_html: str
    tax_class: str
    status: str
    on_web: bool
    trail: tuple[Shelf, ...]
    pictures: dict[int, Picture]
    options: tuple[OptionChoices, ...]
    variants: tuple[OfferedVariant, ...]

    @property
    def from_minor(self) -> int | None:
        """The lowest price, None when nothing of it is sold in this market."""
        return min((v.price_minor for v in self.variants if v.price_minor is not None), default=None)

    @property
    def to_minor(self) -> int | None:
        return max((v.price_minor for v in self.variants if v.price_minor is not None), default=None)


_PAGE = """
SELECT p.id, p.uid, p.slug, p.title, p.brand, p.description_html, p.tax_class, p.status, p.on_web,
    (WITH RECURSIVE up(slug, name, parent_id, level) AS (
        SELECT slug, name, parent_id, 0 FROM catalog_category WHERE id = p.category_id
        UNION ALL SELECT c.slug, c.name, c.parent_id, level + 1 FROM up JOIN catalog_category c ON c.id = up.parent_id
    ) SELECT json_agg(json_build_array(slug, name) ORDER BY level DESC) FROM up),
    (SELECT json_agg(json_build_array(id, path, alt) ORDER BY position, id) FROM catalog_media
        WHERE product_id = p.id AND strpos(path, '://') = 0),
    (SELECT json_agg(name ORDER BY position) FROM catalog_option WHERE product_id = p.id),
    (SELECT json_agg(json_build_array(v.id, v.uid, v.sku, v.title, v.option_values, v.swatch, v.picture_id,
            r.amount_minor, r.compare_at_minor, v.unit, v.unit_scale,
            (SELECT coalesce(json_agg(key ORDER BY id), '[]') FROM catalog_barcode WHERE variant_id = v.id)
        ) ORDER BY v.position, v.id)
        FROM catalog_variant v LEFT JOIN pricing_price r ON r.variant_id = v.id AND r.price_list_id = %(list)s
            AND r.withdrawn_at IS NULL
        WHERE v.product_id = p.id AND v.is_active)
FROM catalog_product p WHERE p.slug = %(slug)s AND p.status <> 'draft'
"""


def product_page(slug: str, price_list_id: int) -> ProductPage:
    """The page of a product, in one statement. Raises `NotFound` for unknown products and drafts.

    Archived products and those not sold on the web are returned, for orders and links that still name them: look at
    `status` and `on_web`. Inactive variants are left out.
    """
    found = rows(_PAGE, {"slug": slug, "list": price_list_id})
    if not found:
        raise NotFound(what="product", key=slug)
    *head, trail, pictures, options, variants = found[0]
    offered = tuple(_variant(*row) for row in variants or ())
    names = ("id", "uid", "slug", "title", "brand", "description_html", "tax_class", "status", "on_web")
    return ProductPage(
        **dict(zip(names, head, strict=True)),
        trail=tuple(Shelf(*row) for row in trail or ()),
        pictures={pk: Picture(path, alt) for pk, path, alt in pictures or ()},
        options=_choices(options or [], offered),
        variants=offered,
    )


def _variant(pk: int, uid: str, sku: str, title: str, values: list[str], *rest: Any) -> OfferedVariant:
    said = (*rest[:-1], tuple(rest[-1]))  # the barcodes come last
    return OfferedVariant(pk, UUID(uid), sku, title, tuple(values), *said)


def _choices(names: list[str], variants: tuple[OfferedVariant, ...]) -> tuple[OptionChoices, ...]:
    """The options with the values that variants have. Shopify's "Title: Default Title" stands for no option at all."""
    options = []
    for place, name in enumerate(names):
        found: dict[str, str] = {}
        for variant in variants:
            value = variant.option_values[place] if place < len(variant.option_values) else ""
            if value:
                colored = variant.swatch if name.lower() in ("color", "colour") else ""
                found[value] = found.get(value) or colored
        if set(found) - {"Default Title"}:
            options.append(OptionChoices(name, tuple(OptionChoice(value, color) for value, color in found.items())))
    return tuple(options)


CHUNK = 5000
TILL_ROW = (
    "variant uid, SKU, product title, variant title, barcode keys, price, compare-at price, tax class, category slug,"
    " picture path, swatch, product uid, active; and where there is something to say: {unit, scale, packs {barcode key:"
    " units}}"
)

_SOLD = (
    "part.uid, sku, product_title, part.title, coalesce(codes.keys, '[]'), amount_minor, compare_at_minor, tax_class,"
    " coalesce(c.slug, ''), coalesce(own.path, covers.path, ''), swatch, product_uid, TRUE"
)
_TILL_CHUNK = """
WITH part AS MATERIALIZED (
    SELECT v.id, v.uid, v.sku, v.title, v.swatch, v.unit, v.unit_scale, v.picture_id, v.product_id,
        p.title AS product_title, p.tax_class, p.category_id, p.uid AS product_uid, r.amount_minor, r.compare_at_minor,
        v.is_active AND p.status = 'active' AND p.at_till AND r.amount_minor IS NOT NULL AS active
    FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id
    LEFT JOIN pricing_price r ON r.variant_id = v.id AND r.price_list_id = %(list)s AND r.withdrawn_at IS NULL
    WHERE v.id > %(last)s AND {changed} ORDER BY v.id LIMIT %(chunk)s
), codes AS (
    SELECT b.variant_id, json_agg(b.key ORDER BY b.id) AS keys,
        jsonb_object_agg(b.key, b.units) FILTER (WHERE b.units > 1) AS packs
    FROM catalog_barcode b JOIN part ON part.id = b.variant_id GROUP BY b.variant_id
), covers AS (
    SELECT DISTINCT ON (m.product_id) m.product_id, m.path FROM catalog_media m
    WHERE m.product_id IN (SELECT product_id FROM part) AND strpos(m.path, '://') = 0
    ORDER BY m.product_id, m.position, m.id
)
SELECT max(part.id), json_agg(CASE WHEN active AND unit = 'each' AND codes.packs IS NULL THEN
    json_build_array({sold})
    WHEN active THEN
    json_build_array({sold}, jsonb_strip_nulls(jsonb_build_object(
        'unit', nullif(unit, 'each'), 'scale', nullif(unit_scale, 1), 'packs', codes.packs)))
    ELSE
    json_build_array(part.uid, sku, product_title, part.title, '[]'::json, NULL, NULL, tax_class, '', '', '',
        product_uid, FALSE)
    END ORDER BY part.id) FILTER (WHERE active OR %(since)s > 0)::text
FROM part LEFT JOIN codes ON codes.variant_id = part.id LEFT JOIN covers ON covers.product_id = part.product_id
LEFT JOIN catalog_category c ON c.id = part.category_id
LEFT JOIN catalog_media own ON own.id = part.picture_id AND strpos(own.path, '://') = 0
"""


def till_catalog(price_list_id: int, *, since: int = 0) -> tuple[int, Iterator[str]]:
    """What a till keeps, as JSON arrays of at most CHUNK rows (each as in TILL_ROW), and the `since` to ask with next.

    With `since` only what changed, and rows with active false for what is not sold any more. The position was taken
    before the first row is read, so that nothing is missed; a few rows may come twice.
    """
    position = int(rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0])
    return position, _chunks(price_list_id, since)


def _chunks(price_list_id: int, since: int) -> Iterator[str]:
    changed = "v.change_seq >= %(since)s" if since else "v.is_active"
    last: int | None = 0
    while last is not None:
        params = {"list": price_list_id, "since": since, "last": last, "chunk": CHUNK}
        last, text = rows(_TILL_CHUNK.format(changed=changed, sold=_SOLD), params)[0]
        if text:
            yield text
