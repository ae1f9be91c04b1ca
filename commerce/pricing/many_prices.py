"""Prices of a whole catalog at once, for pages that judge all of it.

Nearly every variant has one price that may count. Whether such a row counts is the engine's to say, and its answer is
the same for all rows of the same list, quantity and days: it is asked once for each of these. Whatever has several
prices, or one that a list derives others from, is priced one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commerce.kernel.db import rows
from commerce.pricing import lists, queries
from commerce.pricing.engine import pick_price
from commerce.pricing.models import Market

CHUNK = 5_000
_ANY_AMOUNT = 1_000
# By what the engine looks at: [list, from quantity, starts, ends], the variants that have one such row, their amounts.
_SINGLE = f"""
WITH {lists.MARKET_LISTS}, single AS (
    SELECT p.variant_id, min(u.code) AS code, min(p.amount_minor) AS amount, min(p.from_quantity) AS least,
        coalesce(min(lower(p.during))::text, '') AS starts, coalesce(min(upper(p.during))::text, '') AS ends
    FROM used u JOIN pricing_price p ON p.price_list_id = u.id
    WHERE p.withdrawn_at IS NULL AND p.variant_id = ANY(%(variants)s::bigint[])
        AND p.during && daterange(%(from)s, %(until)s) AND {lists.SOLD_HERE}
    GROUP BY p.variant_id HAVING count(*) = 1
) SELECT json_build_array(code, least, starts, ends), json_agg(variant_id), json_agg(amount), {lists.AS_RULES}
FROM single GROUP BY code, least, starts, ends
"""


def web_prices(variant_ids: Sequence[int], *, market: Market, at: datetime) -> dict[int, int]:
    """Minor units by variant for a shopper on the web whom nobody knows; the same as `queries.unit_prices` says."""
    params = {"variants": list(variant_ids), **lists.of_market(market), **lists.days_around(at)}
    found: dict[int, int] = {}
    seen: set[int] = set()
    for (code, least, starts, ends), variants, amounts, text in rows(_SINGLE, params):
        context, rules = lists.standing(text, market, lists.shopper_on_web(market, at))
        if code in _lenders(rules["lists_by_code"], context["open_lists"]):
            continue  # another list makes its own price of it, and which of the two counts may depend on the amount
        picked = pick_price([[code, _ANY_AMOUNT, None, least, starts, ends]], 1, context, rules)
        seen.update(variants)
        if picked:
            found.update(zip(variants, amounts, strict=True))
    others = [pk for pk in variant_ids if pk not in seen]
    for start in range(0, len(others), CHUNK):
        priced = queries.unit_prices(others[start : start + CHUNK], market=market, at=at)
        found.update((pk, price[0]) for pk, price in priced.items())
    return found


def _lenders(known: Mapping[str, Mapping[str, Any]], standing: Iterable[str]) -> set[str]:
    """The lists that a list which counts is derived from, whether by one step or by several."""
    found: set[str] = set()
    for code in standing:
        base = known[code]["base"]
        while base and base not in found:
            found.add(base)
            base = known[base]["base"]
    return found
