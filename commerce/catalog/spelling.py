"""What a misspelled word meant, among the words of the catalog."""

from collections.abc import Sequence
from dataclasses import dataclass

from commerce.kernel.db import rows

ALIKE = 0.4  # trigrams in common, of all trigrams of both words (Jaccard)
CANDIDATES_ALIKE = 0.2

_CANDIDATES = """
SELECT asked.word, known.is_it, found.words, found.likeness, found.documents
FROM (SELECT word, n, max(n) OVER () AS last
      FROM unnest(string_to_array(catalog_fold(%s), ' ')) WITH ORDINALITY AS t(word, n)) AS asked,
LATERAL (SELECT EXISTS (SELECT FROM catalog_lexicon l WHERE l.word = asked.word
         OR n = last AND l.word LIKE asked.word || '%%') AS is_it) AS known
LEFT JOIN LATERAL (
    SELECT array_agg(word) AS words, array_agg(likeness) AS likeness, array_agg(documents) AS documents FROM (
        SELECT l.word, l.documents,
            shared::float / (cardinality(l.trigrams) + cardinality(t.trigrams) - shared) AS likeness
        FROM (SELECT catalog_trigrams(asked.word)::varchar[] AS trigrams) t
        JOIN catalog_lexicon l ON l.trigrams && t.trigrams,
        LATERAL (SELECT count(*) AS shared FROM unnest(l.trigrams) AS one WHERE one = ANY(t.trigrams)) AS both_have
        ORDER BY likeness DESC, l.documents DESC, l.word LIMIT 30
    ) AS near
) AS found ON NOT known.is_it
ORDER BY asked.n
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A word of the catalog, how alike it is (0 to 1), and how many products have it."""

    word: str
    likeness: float
    documents: int


def correct(text: str) -> str | None:
    """The text with unknown words replaced by the known ones they look like; None when there is nothing to correct."""
    words, changed = [], False
    for word, known, candidates, likeness, documents in rows(_CANDIDATES, [text]):
        near = [Candidate(*row) for row in zip(candidates or (), likeness or (), documents or (), strict=True)]
        meant = None if known else best(word, near)
        changed = changed or meant is not None
        words.append(meant or word)
    return " ".join(words) if changed else None


def best(word: str, candidates: Sequence[Candidate]) -> str | None:
    """The candidate that was meant: alike enough by trigrams, or one slip of the fingers away (two in long words).

    Trigrams alone miss swapped letters in short words ("mernio"): there one slip changes most of them.
    """
    slips = 2 if len(word) >= 8 else 1
    alike = [candidate for candidate in candidates if candidate.likeness >= ALIKE]
    alike += [c for c in candidates if CANDIDATES_ALIKE <= c.likeness < ALIKE and distance(word, c.word) <= slips]
    if not alike or len(word) < 3:
        return None
    return min(alike, key=lambda c: (distance(word, c.word), -c.likeness, -c.documents, c.word)).word


def distance(one: str, other: str) -> int:
    """Slips between two words: letters inserted, dropped, replaced, or swapped with their neighbor."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        previous, row = row, [i]
        for j, against in enumerate(other, start=1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = previous
    return row[-1]
