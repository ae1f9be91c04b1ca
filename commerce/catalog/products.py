"""The only writers of products, variants, barcodes, pictures and categories: thousands in a few statements.

`put` is for imports, the demo and forms alike. What is the same already is not written, so that tills fetch only what
has really changed. One catalog writer works at a time (an advisory lock, held to the end of the transaction): two could
otherwise give the same SKU to two variants, and the second would fail after all its work.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from commerce.catalog import changes, search
from commerce.catalog.drafts import CategoryDraft, ProductDraft
from commerce.catalog.known import PRODUCT_FIELDS, VARIANT_FIELDS
from commerce.catalog.matching import PlannedProduct, PlannedVariant, plan
from commerce.catalog.models import Barcode, Category, Media, Option, Product, Variant
from commerce.kernel import bulk
from commerce.kernel.db import advisory_lock, in_transaction, rows

LOCK = "catalog.products"


@in_transaction
def take_turn() -> None:
    """Be the only writer of the catalog until the transaction ends. Raises `Busy` when that cannot be had in time; the
    transaction can go on without it, which `put` has no use for."""
    advisory_lock(LOCK)


@in_transaction
def put(drafts: Sequence[ProductDraft], *, at: datetime) -> list[int]:
    """Make the catalog as the drafts say and note on each what became of it; the products (primary keys) that changed.

    Records one `catalog.changed` and refreshes what is searched. Products and variants that no draft names stay.
    """
    rows("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
    touched = [product for product in plan(drafts) if product.touched]
    _write_products(touched, at)
    _write_options([product for product in touched if product.options is not None])
    pictures = _write_media(touched)
    _write_variants(touched, pictures)
    ids = [product.draft.id for product in touched if product.draft.id is not None]
    search.refresh(ids)
    changes.announce(ids, at=at)
    return ids


def _write_products(products: list[PlannedProduct], at: datetime) -> None:
    new = [product for product in products if product.known is None]
    launched = [product.draft.launched_at or at for product in new]
    keys = bulk.insert(
        Product,
        ["slug", "launched_at", "facets", *PRODUCT_FIELDS],
        [[p.draft.slug, at_, [], *_ordered(p.values, PRODUCT_FIELDS)] for p, at_ in zip(new, launched, strict=True)],
    )
    for product, pk in zip(new, keys, strict=True):
        product.draft.id = pk
    changed = [product for product in products if product.known is not None and product.changed]
    bulk.update(Product, PRODUCT_FIELDS, [[p.draft.id, *_ordered(p.values, PRODUCT_FIELDS)] for p in changed])


def _write_options(products: list[PlannedProduct]) -> None:
    rows("DELETE FROM catalog_option WHERE product_id = ANY(%s)", [[product.draft.id for product in products]])
    bulk.insert(
        Option,
        ["product_id", "name", "position"],
        [[p.draft.id, name, place] for p in products for place, name in enumerate(p.options or (), start=1)],
    )


def _write_media(products: list[PlannedProduct]) -> dict[tuple[int | None, str], int]:
    """Primary keys of all pictures of these products by product and path."""
    new = [(product.draft.id, media) for product in products for media in product.media]
    keys = bulk.insert(
        Media, ["product_id", "path", "alt", "position"], [[pk, m.path, m.alt[:500], m.position] for pk, m in new]
    )
    bulk.update(Media, ["alt", "position"], [[pk, alt[:500], n] for p in products for pk, alt, n in p.moved])
    pictures = {(pk, media.path): key for (pk, media), key in zip(new, keys, strict=True)}
    for product in products:
        for path, (key, _alt, _position) in product.known.media.items() if product.known else ():
            pictures[product.draft.id, path] = key
    return pictures


def _write_variants(products: list[PlannedProduct], pictures: dict[tuple[int | None, str], int]) -> None:
    pairs = [(product.draft.id, variant) for product in products for variant in product.variants]
    for product_id, variant in pairs:
        if variant.picture:
            variant.values["picture_id"] = pictures[product_id, variant.picture]
    new = [(product_id, variant) for product_id, variant in pairs if variant.pk is None]
    columns = [*VARIANT_FIELDS, "position"]
    keys = bulk.insert(Variant, ["product_id", *columns], [[pk, *_ordered(v.values, columns)] for pk, v in new])
    for (_product, variant), pk in zip(new, keys, strict=True):
        variant.draft.id = pk
    changed = [
        variant for _product, variant in pairs if variant.pk is not None and (variant.changed or variant.picture)
    ]
    bulk.update(Variant, VARIANT_FIELDS, [[v.pk, *_ordered(v.values, VARIANT_FIELDS)] for v in changed])
    _write_barcodes([variant for _product, variant in pairs])


def _write_barcodes(variants: list[PlannedVariant]) -> None:
    bulk.insert(
        Barcode,
        ["variant_id", "code", "key"],
        [[variant.draft.id, code, key] for variant in variants for code, key in variant.barcodes],
    )


def _ordered(values: dict[str, Any], names: Sequence[str]) -> list[Any]:
    return [values[name] for name in names]


@in_transaction
def put_categories(drafts: Sequence[CategoryDraft], *, at: datetime) -> dict[str, int]:
    """Create or change categories by slug; their primary keys by slug. ValueError for a parent that does not exist.

    Products on a shelf that was renamed or moved are searched by its new name at once.
    """
    keys: dict[str, int] = {category.slug: category.pk for category in Category.objects.all()}
    moved: list[int] = []
    for draft in drafts:
        if draft.parent and draft.parent not in keys:
            raise ValueError(f"category {draft.slug!r} names a parent {draft.parent!r} that does not exist")
        values = {
            "name": draft.name,
            "parent_id": keys.get(draft.parent),
            "description": draft.description,
            "picture": draft.picture,
            "position": draft.position,
        }
        category, created = Category.objects.get_or_create(slug=draft.slug, defaults=values)
        keys[draft.slug] = category.pk
        if not created and any(getattr(category, name) != value for name, value in values.items()):
            Category.objects.filter(pk=category.pk).update(**values)
            moved.append(category.pk)
    refresh_shelves(moved, at=at)
    return {draft.slug: keys[draft.slug] for draft in drafts}


@in_transaction
def refresh_shelves(category_ids: Sequence[int], *, at: datetime) -> None:
    """After categories were renamed or moved: search their products, and those of the shelves below, anew."""
    found = rows(
        "WITH RECURSIVE below(id) AS (SELECT unnest(%s::bigint[]) UNION"
        " SELECT c.id FROM below JOIN catalog_category c ON c.parent_id = below.id)"
        " SELECT p.id FROM catalog_product p JOIN below ON below.id = p.category_id",
        [list(category_ids)],
    )
    products = [pk for (pk,) in found]
    search.refresh(products)
    changes.announce(products, at=at)
