"""A large catalog in seconds: made-up products with the spread of real ones, written with a few SQL statements.

Names, brands and shelves are drawn by arithmetic, not by chance: two runs make the same catalog.
"""

from dataclasses import dataclass

from django.db import transaction

from commerce.catalog import search
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.pricing import listings
from tests.factories.pricing import MarketFactory

NOUNS, ADJECTIVES, SERIES, COLORS, SIZES = (
    words.split()
    for words in (
        """Jacket Sweater Boots Backpack Lantern Mug Notebook Blanket Scarf Tent Kettle Lamp Shirt Trousers Belt Wallet
        Bottle Candle Cushion Sandals Gloves Hat Socks Apron Knife Bowl Plate Basket Towel Clock Vase Chair Stool Rug
        Hammock Thermos Headphones Umbrella Raincoat Cardigan""",
        """Merino Waterproof Linen Canvas Oak Copper Alpine Coastal Classic Heritage Featherlight Insulated Recycled
        Organic Handmade Enameled Brushed Woven Quilted Folding Everyday Nordic Harbor Meadow Granite Cedar Juniper
        Moss Ember Willow Aspen Birch Fern Heather Ivory Slate Saffron Indigo Umber Tidal""",
        """Trail Field Studio Harvest Summit Garden Market Atlas Compass Beacon Voyager Pioneer Ranger Drift Anchor""",
        """Black White Navy Moss Clay Sand Charcoal Rust Sky Plum""",
        """XS S M L XL""",
    )
)
BRANDS = [first + last for first in ("North", "River", "Stone", "Wild", "Ever") for last in ("fold", "wood", "mark")]
SHELVES = 8  # top categories; each holds five


@dataclass(frozen=True, slots=True)
class Catalog:
    """What was made: primary keys, and the default market's."""

    products: list[int]
    variants: list[int]
    market: int


def make_catalog(products: int = 20_000, variants_per_product: int = 3) -> Catalog:
    """Make a catalog, searchable and priced, and gather the planner's statistics. Into an empty catalog only."""
    with transaction.atomic():
        market = MarketFactory()
        _categories()
        rows(
            _PRODUCTS.format(uid=_UID),
            {"n": products, "nouns": NOUNS, "adjectives": ADJECTIVES, "series": SERIES, "brands": BRANDS},
        )
        rows(_OPTIONS)
        rows(_VARIANTS.format(uid=_UID), {"per": variants_per_product, "colors": COLORS, "sizes": SIZES})
        rows(_BARCODES)
        rows(_MEDIA)
        rows(_PRICES, [market.price_list_id])
        made = [pk for (pk,) in rows("SELECT id FROM catalog_product WHERE slug LIKE 'bench-%%' ORDER BY id", [])]
        for start in range(0, len(made), 2000):
            search.refresh(made[start : start + 2000])
            listings.refresh(made[start : start + 2000], at=now())
    for table in ("product", "variant", "barcode", "listing", "media", "option"):
        rows(f"ANALYZE catalog_{table}")
    rows("ANALYZE pricing_price")
    return Catalog(made, [pk for (pk,) in rows(_MADE_VARIANTS)], market.pk)


def _categories() -> None:
    rows(
        "INSERT INTO catalog_category (name, slug, description, picture, position)"
        " SELECT 'Shelf ' || n, 'shelf-' || n, '', '', n FROM generate_series(1, %s) AS n",
        [SHELVES],
    )
    rows(
        "INSERT INTO catalog_category (name, slug, description, picture, position, parent_id)"
        " SELECT c.name || ' ' || n, c.slug || '-' || n, '', '', n, c.id"
        " FROM catalog_category c, generate_series(1, 5) AS n WHERE c.slug LIKE 'shelf-%%' AND c.parent_id IS NULL",
        [],
    )


# As `kernel.ids.new_uid` makes them: half of each is the time, which is what lets a till's catalog be packed small.
_UID = (
    "(lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'"
    " || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid"
)
_PRODUCTS = """
INSERT INTO catalog_product (uid, slug, title, description_html, brand, category_id, product_type, tags, status, on_web,
    at_till, tax_class, popularity, launched_at, facets)
SELECT {uid}, 'bench-' || n, initcap(a || ' ' || s || ' ' || o || ' ' || n),
    '<p>' || repeat(a || ' ' || o || ' made to last. ', 12) || '</p>', b, c.id, o, ARRAY[a, s], 'active', TRUE,
    TRUE, 'standard', (n * 7919) %% 10000, now() - make_interval(hours => n), '{{}}'
FROM generate_series(1, %(n)s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS shelves FROM catalog_category
      WHERE parent_id IS NOT NULL AND slug LIKE 'shelf-%%') c ON c.place = (n * 31) %% c.shelves,
LATERAL (SELECT (%(nouns)s::text[])[1 + n %% 40] AS o, (%(adjectives)s::text[])[1 + (n / 40) %% 40] AS a,
    (%(series)s::text[])[1 + (n * 13 / 7) %% 15] AS s, (%(brands)s::text[])[1 + (n * 17) %% 15] AS b) words
"""
_OPTIONS = """
INSERT INTO catalog_option (product_id, name, position)
SELECT p.id, o.name, o.position FROM catalog_product p, (VALUES ('Color', 1), ('Size', 2)) AS o(name, position)
WHERE p.slug LIKE 'bench-%'
"""
_VARIANTS = """
INSERT INTO catalog_variant (uid, product_id, sku, sku_key, title, option_values, swatch, weight_grams, position,
    is_active, change_seq)
SELECT {uid}, p.id, sku, sku, color || ' / ' || size, ARRAY[color, size], '', 250, n, TRUE, 0
FROM catalog_product p, generate_series(1, %(per)s) AS n,
LATERAL (SELECT (%(colors)s::text[])[1 + (p.id + n / 5) %% 10] AS color,
    (%(sizes)s::text[])[1 + (p.id + n) %% 5] AS size,
    'BN' || lpad(p.id::text, 6, '0') || '-' || n AS sku) AS choice
WHERE p.slug LIKE 'bench-%%' ORDER BY p.id, n
"""
_BARCODES = """
INSERT INTO catalog_barcode (variant_id, code, key)
SELECT id, body || digit, '0' || body || digit FROM catalog_variant,
LATERAL (SELECT '2' || lpad(id::text, 11, '0') AS body) AS ean,
LATERAL (SELECT (10 - sum(substr(body, place, 1)::int * CASE place % 2 WHEN 0 THEN 3 ELSE 1 END) % 10) % 10 AS digit
    FROM generate_series(1, 12) AS place) AS check_digit
WHERE sku LIKE 'BN%'
"""
_MEDIA = """
INSERT INTO catalog_media (product_id, path, alt, position)
SELECT p.id, 'bench/' || p.id || '-' || n || '.svg', p.title, n FROM catalog_product p, generate_series(1, 2) AS n
WHERE p.slug LIKE 'bench-%'
"""
_PRICES = """
INSERT INTO pricing_price (price_list_id, variant_id, amount_minor, compare_at_minor)
SELECT %s, v.id, amount, CASE WHEN v.product_id %% 5 = 0 THEN amount + 1000 END FROM catalog_variant v,
LATERAL (SELECT 900 + (v.product_id * 37) %% 20000 + v.position * 100 AS amount) AS price WHERE v.sku LIKE 'BN%%'
"""
_MADE_VARIANTS = "SELECT id FROM catalog_variant WHERE sku LIKE 'BN%' ORDER BY id"
