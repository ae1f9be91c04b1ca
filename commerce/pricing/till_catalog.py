"""The catalog that a till keeps for itself: what is sold in its market, with every price that counts or will count."""

from collections.abc import Iterator
from datetime import datetime

from commerce.kernel.db import rows
from commerce.pricing import lists
from commerce.pricing.lists import MARKET_LISTS, PRICE_ROW
from commerce.pricing.models import Market

CHUNK = 5000
TILL_ROW = (
    "variant uid, SKU, product title, variant title, barcode keys, prices, tax class, category slug, picture path,"
    " swatch, product uid, active; and where there is something to say: {unit, scale, packs {barcode key: units},"
    " collections [slugs], held [thousandths, unit], open {all, note, gift, least, most} of what has an open price}."
    " prices:"
    " [price, compare-at price] of the market's own list where that is all, else rows as the price engine takes them"
)

_SOLD = (
    "part.uid, sku, product_title, part.title, coalesce(codes.keys, '[]'), coalesce(prices, '[]'), tax_class,"
    " coalesce(c.slug, ''), coalesce(own.path, covers.path, ''), swatch, product_uid, TRUE"
)
_TILL_CHUNK = f"""
WITH {MARKET_LISTS}, rowed AS MATERIALIZED (
    SELECT v.id, v.uid, v.sku, v.title, v.swatch, v.unit, v.unit_scale, v.picture_id, v.product_id, v.is_active,
        v.is_open_price, v.content_amount, v.content_unit, v.is_open_to_all, v.needs_note,
        v.is_gift_card
    FROM catalog_variant v WHERE v.id > %(last)s AND {{changed}} ORDER BY v.id LIMIT %(chunk)s
), priced AS (
    SELECT p.variant_id, CASE WHEN count(*) = 1 AND bool_and(u.id = %(base)s AND p.from_quantity = 1
            AND p.during = '(,)') THEN json_build_array(min(p.amount_minor), min(p.compare_at_minor))
        ELSE json_agg({PRICE_ROW} ORDER BY u.code, p.from_quantity, p.during) END AS prices
    FROM rowed r JOIN pricing_price p ON p.variant_id = r.id JOIN used u ON u.id = p.price_list_id
    WHERE p.withdrawn_at IS NULL AND p.during && daterange(%(from)s, NULL)
    GROUP BY p.variant_id
), part AS MATERIALIZED (
    SELECT r.*, p.title AS product_title,
        CASE WHEN r.is_gift_card THEN 'exempt' ELSE p.tax_class END AS tax_class,
        p.category_id, p.uid AS product_uid, priced.prices,
        r.is_active AND p.status = 'active' AND p.at_till AND (priced.prices IS NOT NULL OR r.is_open_price)
        AND NOT EXISTS (SELECT FROM pricing_market_excluded_products x
            WHERE x.market_id = %(market)s AND x.product_id = p.id) AS active
    FROM rowed r JOIN catalog_product p ON p.id = r.product_id
        LEFT JOIN priced ON priced.variant_id = r.id AND NOT r.is_open_price
), codes AS (
    SELECT b.variant_id, json_agg(b.key ORDER BY b.id) AS keys,
        jsonb_object_agg(b.key, b.units) FILTER (WHERE b.units > 1) AS packs
    FROM catalog_barcode b JOIN part ON part.id = b.variant_id GROUP BY b.variant_id
), covers AS (
    SELECT DISTINCT ON (m.product_id) m.product_id, m.path FROM catalog_media m
    WHERE m.product_id IN (SELECT product_id FROM part) AND strpos(m.path, '://') = 0
    ORDER BY m.product_id, m.position, m.id
), shown AS (
    SELECT o.product_id, jsonb_agg(k.slug ORDER BY k.slug) AS slugs FROM catalog_collection_products o
    JOIN catalog_collection k ON k.id = o.collection_id WHERE o.product_id IN (SELECT product_id FROM part)
    GROUP BY o.product_id
)
SELECT max(part.id), json_agg(CASE
    WHEN active AND unit = 'each' AND codes.packs IS NULL AND shown.slugs IS NULL AND NOT is_open_price
        AND content_amount IS NULL THEN json_build_array({_SOLD})
    WHEN active THEN
    json_build_array({_SOLD}, jsonb_strip_nulls(jsonb_build_object('unit', nullif(unit, 'each'),
        'scale', nullif(unit_scale, 1), 'packs', codes.packs, 'collections', shown.slugs,
        'held', CASE WHEN content_amount IS NOT NULL THEN
            jsonb_build_array((content_amount * 1000)::bigint, content_unit) END,
        'open', CASE WHEN is_open_price THEN jsonb_build_object('all', is_open_to_all, 'note', needs_note,
            'gift', nullif(is_gift_card, FALSE),
            'least', coalesce(limits.least_minor, 0), 'most', limits.most_minor) END)))
    ELSE
    json_build_array(part.uid, sku, product_title, part.title, '[]'::json, NULL, tax_class, '', '', '', product_uid,
        FALSE)
    END ORDER BY part.id) FILTER (WHERE active OR %(since)s > 0)::text
FROM part LEFT JOIN codes ON codes.variant_id = part.id LEFT JOIN covers ON covers.product_id = part.product_id
LEFT JOIN shown ON shown.product_id = part.product_id
LEFT JOIN pricing_openpricelimit limits ON limits.variant_id = part.id AND limits.currency = %(currency)s
LEFT JOIN catalog_category c ON c.id = part.category_id
LEFT JOIN catalog_media own ON own.id = part.picture_id AND strpos(own.path, '://') = 0
"""


def till_catalog(market: Market, *, since: int = 0, at: datetime) -> tuple[int, Iterator[str]]:
    """What a till keeps, as JSON arrays of at most CHUNK rows (each as in TILL_ROW), and the `since` to ask with next.

    With `since` only what changed, and rows with active false for what is not sold any more. The position was taken
    before the first row is read, so that nothing is missed; a few rows may come twice. Prices that begin later are
    among them, so that a till without a server changes them at its own midnight.
    """
    position = int(rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0])
    return position, _chunks(market, since, at)


def lists_in(market: Market) -> str:
    """The codes of the lists whose prices a till of this market keeps: with another text it asks for all anew."""
    statement = f"WITH {MARKET_LISTS} SELECT coalesce(string_agg(code, ' ' ORDER BY code), '') FROM used"
    return str(rows(statement, lists.of_market(market))[0][0])


def _chunks(market: Market, since: int, at: datetime) -> Iterator[str]:
    changed = "v.change_seq >= %(since)s" if since else "v.is_active"
    params = {"since": since, "chunk": CHUNK, **lists.of_market(market), **lists.days_around(at)}
    last: int | None = 0
    while last is not None:
        last, text = rows(_TILL_CHUNK.format(changed=changed), {**params, "last": last})[0]
        if text:
            yield text
