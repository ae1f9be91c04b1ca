"""What the catalog knows of the products that drafts are about, read with one statement per table."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from commerce.kernel.db import rows

PRODUCT_FIELDS = (
    "title",
    "description_html",
    "brand",
    "category_id",
    "product_type",
    "tags",
    "status",
    "on_web",
    "at_till",
    "tax_class",
    "popularity",
)
VARIANT_FIELDS = (
    "sku",
    "sku_key",
    "title",
    "option_values",
    "swatch",
    "weight_grams",
    "picture_id",
    "is_active",
    "content_amount",
    "content_unit",
)


@dataclass(slots=True)
class KnownVariant:
    """A variant as it is; `position` only serves to put new ones behind."""

    id: int
    position: int
    values: dict[str, Any]


@dataclass(slots=True)
class KnownProduct:
    id: int
    values: dict[str, Any]
    options: list[str] = field(default_factory=list)
    media: dict[str, tuple[int, str, int]] = field(default_factory=dict)  # path -> primary key, alt, position
    variants: list[KnownVariant] = field(default_factory=list)


@dataclass(slots=True)
class Known:
    """Products by slug; owners (primary keys of variants) of SKU keys and barcode keys."""

    products: dict[str, KnownProduct]
    skus: dict[str, int]
    barcodes: dict[str, int]


def read(slugs: Iterable[str], sku_keys: Iterable[str], barcode_keys: Iterable[str]) -> Known:
    """Everything about the products named, and who has the SKUs and barcodes."""
    found = rows(
        f"SELECT id, slug, {', '.join(PRODUCT_FIELDS)} FROM catalog_product WHERE slug = ANY(%s)", [list(slugs)]
    )
    products = {row[1]: KnownProduct(row[0], dict(zip(PRODUCT_FIELDS, row[2:], strict=True))) for row in found}
    by_id = {product.id: product for product in products.values()}
    ids = list(by_id)
    for product_id, name in rows(
        "SELECT product_id, name FROM catalog_option WHERE product_id = ANY(%s) ORDER BY product_id, position", [ids]
    ):
        by_id[product_id].options.append(name)
    for product_id, pk, path, alt, position in rows(
        "SELECT product_id, id, path, alt, position FROM catalog_media WHERE product_id = ANY(%s) ORDER BY id DESC",
        [ids],
    ):
        by_id[product_id].media[path] = (pk, alt, position)
    for product_id, pk, position, *values in rows(
        f"SELECT product_id, id, position, {', '.join(VARIANT_FIELDS)} FROM catalog_variant"
        " WHERE product_id = ANY(%s) ORDER BY position, id",
        [ids],
    ):
        variant = KnownVariant(pk, position, dict(zip(VARIANT_FIELDS, values, strict=True)))
        by_id[product_id].variants.append(variant)
    return Known(products, _owners("catalog_variant", sku_keys), _owners("catalog_barcode", barcode_keys))


def _owners(table: str, keys: Iterable[str]) -> dict[str, int]:
    key, owner = ("sku_key", "id") if table == "catalog_variant" else ("key", "variant_id")
    found = rows(f"SELECT {key}, {owner} FROM {table} WHERE {key} = ANY(%s)", [list(keys)])
    return dict(found)
