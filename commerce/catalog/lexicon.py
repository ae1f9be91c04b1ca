"""The words of what is sold on the web, as written: what misspelled ones are compared with."""

from collections.abc import Sequence

from commerce.kernel.db import in_transaction, rows

_WORDS = """
SELECT lexeme AS word, count(*) AS documents, catalog_trigrams(lexeme) AS trigrams
FROM catalog_product p LEFT JOIN catalog_category c ON c.id = p.category_id, unnest(to_tsvector('simple', catalog_fold(
    concat_ws(' ', p.title, p.brand, p.product_type, c.name, array_to_string(p.tags, ' '),
        (SELECT string_agg(array_to_string(v.option_values, ' '), ' ') FROM catalog_variant v WHERE v.product_id = p.id)
    )))) AS w
WHERE p.status = 'active' AND p.on_web {condition} AND length(lexeme) BETWEEN 3 AND 40 AND lexeme !~ '^[0-9]+$'
GROUP BY lexeme ORDER BY lexeme
"""


@in_transaction
def learn(product_uids: Sequence[str]) -> None:
    """Add the words of products that are not known yet. Counts are put right by `rebuild`."""
    rows(
        "INSERT INTO catalog_lexicon (word, documents, trigrams)"
        f" {_WORDS.format(condition='AND p.uid = ANY(%s::uuid[])')} ON CONFLICT (word) DO NOTHING",
        [list(product_uids)],
    )


@in_transaction
def rebuild() -> int:
    """Bring all words and counts up to date and forget those that are gone; how many words there are."""
    rows(
        f"WITH w AS MATERIALIZED ({_WORDS.format(condition='')}),"
        " gone AS (DELETE FROM catalog_lexicon l WHERE NOT EXISTS (SELECT FROM w WHERE w.word = l.word))"
        " INSERT INTO catalog_lexicon AS l (word, documents, trigrams) SELECT word, documents, trigrams FROM w"
        " ON CONFLICT (word) DO UPDATE SET documents = EXCLUDED.documents WHERE l.documents <> EXCLUDED.documents"
    )
    return int(rows("SELECT count(*) FROM catalog_lexicon")[0][0])
