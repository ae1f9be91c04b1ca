"""Finding products: exact code, then words with accents folded and the last one as a beginning, then what was meant.

`refresh` writes what is searched: `tsv` (A the name as written, B its English stems, C brand, type and shelves, D
options and tags) and `facets` ("category:knitwear", "brand:Northfold", "option:color=Moss Green"). Whoever changes a
product calls it, in the same transaction. Folding, the query's grammar and trigrams are SQL functions: migration 0003.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commerce.catalog import facets as filters
from commerce.catalog import spelling
from commerce.catalog.listings import NOW
from commerce.catalog.queries import Card, cards, products_by_code
from commerce.kernel.db import in_transaction, rows

LONGEST_TEXT = 200
MOST_FACETS = 40
RANKED = 2000  # relevance is worked out for at most this many hits, the most popular
SORTS = {
    "relevance": "popularity DESC, id",
    "popularity": "popularity DESC, id",
    "newest": "launched_at DESC NULLS LAST, id DESC",
    "price": "from_minor, id",
    "price_desc": "from_minor DESC NULLS LAST, id",
    "name": "title, id",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a list shows: cards of this page, how many there are in all, and the filters beside them.

    `corrected_to` is the text that was searched instead of what was typed; `exact` that a code was typed.
    """

    products: list[Card] = field(default_factory=list)
    total: int = 0
    facets: list[filters.Group] = field(default_factory=list)
    corrected_to: str | None = None
    exact: bool = False


def search(
    text: str = "",
    *,
    market: int,
    at: datetime,
    facets: Sequence[str] = (),
    sort: str = "relevance",
    offset: int = 0,
    limit: int = 24,
) -> Page:
    """Products on the web that have a price in the market now, with the words of `text` and the chosen facets.

    With a category among `facets` and no text this is the shelf's page. An unknown sort is relevance. Takes three
    statements without text, four with it, six when the text had to be corrected.
    """
    text = text.replace("\0", " ").strip()[:LONGEST_TEXT]
    chosen = list(dict.fromkeys(facets))[:MOST_FACETS]
    if text and (found := products_by_code(text)):
        shown = [card for card in cards(found, market, at=at) if card.from_minor is not None]
        if shown:
            return Page(shown, len(shown), exact=True)
    place = {"market": market, "at": at}
    hits = _hits(text, place, chosen, sort, offset, limit)
    corrected = None
    if text and not hits.total and not hits.counts and (corrected := spelling.correct(text)):
        hits = _hits(corrected, place, chosen, sort, offset, limit)
        corrected = corrected if hits.counts else None
    groups = filters.build(hits.counts, chosen, _shelves(chosen)) if hits.counts or chosen else []
    return Page(cards(hits.ids, market, at=at), hits.total, groups, corrected)


@dataclass(frozen=True, slots=True)
class _Hits:
    ids: list[int]
    total: int
    counts: Mapping[str, int]


def _hits(text: str, place: Mapping[str, Any], chosen: list[str], sort: str, offset: int, limit: int) -> _Hits:
    """One statement: the page's products, the total, and what each facet would leave.

    A facet is counted as if its own group were not filtered: `missed` names the groups that a product fails.
    """
    groups = filters.by_group(chosen)
    params = {
        "text": text,
        **place,
        "shelves": [facet for facet in chosen if filters.group_of(facet) == filters.CATEGORY],
        "offset": max(0, min(offset, 1_000_000)),
        "limit": max(0, min(limit, 200)),
        "ranked": RANKED,
    }
    missed = []
    for number, (group, wanted) in enumerate(groups.items()):
        params |= {f"group{number}": group, f"wanted{number}": wanted}
        missed.append(f"CASE WHEN NOT p.facets::text[] && %(wanted{number})s::text[] THEN %(group{number})s END")
    by_relevance = bool(text) and sort not in set(SORTS) - {"relevance"}
    shape = {
        "now": NOW,
        "words": "AND p.tsv @@ (SELECT catalog_query(%(text)s))" if text else "",
        "shelves": "AND p.facets @> %(shelves)s::varchar[]" if params["shelves"] else "",
        "missed": f"array_remove(ARRAY[{', '.join(missed)}]::text[], NULL)" if missed else "NULL",
        "held": "missed = '{}'" if missed else "TRUE",
        "but_own": "OR cardinality(missed) = 1 AND starts_with(facet, missed[1])" if missed else "",
        "order": SORTS.get(sort, SORTS["relevance"]),
    }
    statement = _HITS.format(**shape, page=(_MOST_RELEVANT if by_relevance else _SORTED).format(**shape))
    ids, total, counts = rows(statement, params)[0]
    return _Hits(ids, total, counts or {})


_HITS = """
WITH base AS MATERIALIZED (
    SELECT p.id, p.facets, p.popularity, p.launched_at, p.title, l.from_minor, {missed} AS missed
    FROM catalog_product p JOIN catalog_listing l ON l.product_id = p.id AND {now}
    WHERE p.status = 'active' AND p.on_web {words} {shelves}
)
SELECT ARRAY({page}), (SELECT count(*) FROM base WHERE {held}),
    (SELECT json_object_agg(facet, products) FROM (
        SELECT facet, count(*) AS products FROM base, unnest(facets) AS facet WHERE {held} {but_own} GROUP BY facet
    ) AS counted)
"""
_SORTED = "SELECT id FROM base WHERE {held} ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s"
_MOST_RELEVANT = """
    SELECT p.id FROM (SELECT id FROM base WHERE {held} ORDER BY popularity DESC, id LIMIT %(ranked)s) AS best
    JOIN catalog_product p ON p.id = best.id, catalog_query(%(text)s) AS query
    ORDER BY ts_rank_cd(p.tsv, query) DESC, p.popularity DESC, p.id OFFSET %(offset)s LIMIT %(limit)s
"""


def _shelves(chosen: list[str]) -> list[tuple[str, str]]:
    """Slug and name of the categories to offer: the children of the chosen ones, or the top ones, and the chosen."""
    slugs = [facet.partition(":")[2] for facet in chosen if filters.group_of(facet) == filters.CATEGORY]
    found = rows(
        "SELECT c.slug, c.name FROM catalog_category c LEFT JOIN catalog_category up ON up.id = c.parent_id"
        " WHERE c.slug = ANY(%(slugs)s) OR up.slug = ANY(%(slugs)s) OR c.parent_id IS NULL AND %(slugs)s = '{}'::text[]"
        " ORDER BY c.position, c.name",
        {"slugs": slugs},
    )
    return [(slug, name) for slug, name in found]


_REFRESH = """
WITH RECURSIVE shelves(leaf, slug, name, parent_id) AS (
    SELECT id, slug, name, parent_id FROM catalog_category
    UNION ALL
    SELECT s.leaf, c.slug, c.name, c.parent_id FROM shelves s JOIN catalog_category c ON c.id = s.parent_id
), shelf AS (
    SELECT leaf, string_agg(name, ' ') AS names, array_agg('category:' || slug ORDER BY slug) AS facets
    FROM shelves GROUP BY leaf
), choice AS (
    SELECT v.product_id, string_agg(DISTINCT value, ' ') AS words,
        array_agg(DISTINCT left('option:' || replace(lower(o.name), 'colour', 'color') || '=' || value, 120)) AS facets
    FROM catalog_variant v JOIN catalog_option o ON o.product_id = v.product_id AND lower(o.name) <> 'title',
    LATERAL (SELECT v.option_values[o.position] AS value) chosen
    WHERE v.product_id = ANY(%(ids)s) AND o.product_id = ANY(%(ids)s) AND v.is_active AND value <> ''
    GROUP BY v.product_id
), fresh AS (
    SELECT p.id,
        setweight(to_tsvector('simple', t.name), 'A') || setweight(to_tsvector('english', t.name), 'B')
        || setweight(to_tsvector('simple', t.about) || to_tsvector('english', t.about), 'C')
        || setweight(to_tsvector('simple', t.more) || to_tsvector('english', t.more), 'D') AS tsv,
        coalesce(shelf.facets, '{}') || coalesce(choice.facets, '{}')
        || CASE WHEN p.brand = '' THEN '{}' ELSE ARRAY[left('brand:' || p.brand, 120)] END AS facets
    FROM catalog_product p LEFT JOIN shelf ON shelf.leaf = p.category_id LEFT JOIN choice ON choice.product_id = p.id,
    LATERAL (SELECT catalog_fold(p.title) AS name,
        catalog_fold(concat_ws(' ', p.brand, p.product_type, shelf.names)) AS about,
        catalog_fold(concat_ws(' ', choice.words, array_to_string(p.tags, ' '))) AS more OFFSET 0) t
    WHERE p.id = ANY(%(ids)s)
)
UPDATE catalog_product p SET tsv = fresh.tsv, facets = fresh.facets FROM fresh
WHERE p.id = fresh.id AND (p.tsv IS DISTINCT FROM fresh.tsv OR p.facets::text[] IS DISTINCT FROM fresh.facets)
"""


@in_transaction
def refresh(product_ids: Sequence[int]) -> None:
    """Write anew what is searched of these products, in one statement; what has not changed is not written."""
    if product_ids:
        rows(_REFRESH, {"ids": sorted(set(product_ids))})
