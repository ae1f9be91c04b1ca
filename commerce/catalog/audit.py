from commerce.kernel.audit import Invariant

# The check digit of the 12 or 13 digits of a key, as GS1 reckons it: every other digit from the right counts threefold.
_FITS = (
    "(SELECT sum(substr(lpad(key, 14, '0'), n, 1)::int * CASE n % 2 WHEN 1 THEN 3 ELSE 1 END) % 10 = 0"
    " FROM generate_series(1, 14) AS n)"
)

INVARIANTS = [
    Invariant(
        "I34",
        "Each SKU has one owner, however it is written",
        "SELECT min(id) AS variant, string_agg(sku, ', ') AS skus, count(*) AS owners FROM catalog_variant"
        " GROUP BY upper(btrim(sku)) HAVING count(*) > 1"
        " UNION ALL SELECT id, sku, 0 FROM catalog_variant WHERE sku_key = '' OR sku_key <> upper(btrim(sku_key))",
    ),
    Invariant(
        "I34b",
        "Each barcode has one owner: a GTIN is kept as its 14 digits, whether it was read as UPC or EAN",
        "SELECT id AS barcode, code, key, variant_id AS variant FROM catalog_barcode"
        f" WHERE key = '' OR (CASE WHEN key ~ '^[0-9]{{12,13}}$' THEN {_FITS} ELSE FALSE END)",
    ),
    Invariant(
        "I34c",
        "What is for sale on the web can be found: it is in the search index under its own brand and shelf",
        "SELECT p.id AS product, p.slug, p.brand, c.slug AS category FROM catalog_product p"
        " LEFT JOIN catalog_category c ON c.id = p.category_id WHERE p.status = 'active' AND p.on_web"
        " AND (p.tsv IS NULL OR (p.brand <> '' AND NOT left('brand:' || p.brand, 120) = ANY(p.facets))"
        " OR (c.slug IS NOT NULL AND NOT 'category:' || c.slug = ANY(p.facets)))",
    ),
    Invariant(
        "I34d",
        "A variant's picture is one of its product's",
        "SELECT v.id AS variant, v.product_id AS product, m.product_id AS picture_of FROM catalog_variant v"
        " JOIN catalog_media m ON m.id = v.picture_id WHERE m.product_id <> v.product_id",
    ),
]
