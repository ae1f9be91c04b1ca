"""Which price lists may count in a market and which prices are on them, as parts of an SQL statement.

SQL fetches candidates and never decides between them: `engine.pick_price` does. Placeholders: `MARKET_LISTS` needs
`market`, `base` and `currency` (`of_market`), `PRICE_ROW` none.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from commerce.kernel.db import rows
from commerce.pricing import engine
from commerce.pricing.models import Market

# [list, amount, compare-at, from quantity, starts, ends]; days as texts, "" is open.
PriceRow = list[Any]

# `counting`: the lists that may count; `used`: these and those that they are derived from.
MARKET_LISTS = """
counting AS (
    SELECT l.id, l.derived_from_id FROM pricing_pricelist l
    WHERE l.is_active AND l.currency = %(currency)s AND (l.id = %(base)s
        OR EXISTS (SELECT FROM pricing_pricelist_only_markets o
            WHERE o.pricelist_id = l.id AND o.market_id = %(market)s)
        OR NOT EXISTS (SELECT FROM pricing_pricelist_only_markets o WHERE o.pricelist_id = l.id)
            AND NOT EXISTS (SELECT FROM pricing_market m WHERE m.price_list_id = l.id))
), used AS (
    WITH RECURSIVE chain(id, derived_from_id) AS (
        SELECT id, derived_from_id FROM counting
        UNION SELECT b.id, b.derived_from_id FROM chain JOIN pricing_pricelist b ON b.id = chain.derived_from_id
    ) SELECT l.*, EXISTS (SELECT FROM counting c WHERE c.id = l.id) AS counts
    FROM chain JOIN pricing_pricelist l ON l.id = chain.id
)"""

# What `engine` calls a price list, for each of `used`. One that only lends its prices to another is over since long.
AS_RULES = """
(SELECT coalesce(json_agg(json_build_object('code', l.code, 'name', l.name, 'currency', l.currency,
    'markets', ARRAY(SELECT m.code FROM pricing_market m WHERE m.price_list_id = l.id
        UNION SELECT m.code FROM pricing_market m JOIN pricing_pricelist_only_markets o ON o.market_id = m.id
            WHERE o.pricelist_id = l.id ORDER BY 1),
    'locations', ARRAY(SELECT p.code FROM company_location p JOIN pricing_pricelist_only_locations o
        ON o.location_id = p.id WHERE o.pricelist_id = l.id ORDER BY 1),
    'channels', l.only_channels,
    'groups', ARRAY(SELECT g.code FROM pricing_customergroup g JOIN pricing_pricelist_only_groups o
        ON o.customergroup_id = g.id WHERE o.pricelist_id = l.id ORDER BY 1),
    'starts', coalesce(l.starts_on::text, ''),
    'ends', CASE WHEN l.counts THEN coalesce((l.ends_on + 1)::text, '') ELSE '0001-01-01' END,
    'rank', l.rank, 'is_base', EXISTS (SELECT FROM pricing_market m WHERE m.price_list_id = l.id),
    'base', coalesce((SELECT b.code FROM pricing_pricelist b WHERE b.id = l.derived_from_id), ''),
    'factor_ppm', l.factor_ppm, 'step_minor', l.step_minor, 'ending_minor', l.ending_minor) ORDER BY l.code), '[]')
FROM used l)::text"""

# `p` is the price, `u` its list among `used`.
PRICE_ROW = (
    "json_build_array(u.code, p.amount_minor, p.compare_at_minor, p.from_quantity,"
    " coalesce(lower(p.during)::text, ''), coalesce(upper(p.during)::text, ''))"
)
SOLD_HERE = (
    "NOT EXISTS (SELECT FROM pricing_market_excluded_products x JOIN catalog_variant xv ON xv.product_id = x.product_id"
    " WHERE x.market_id = %(market)s AND xv.id = p.variant_id)"
    " AND NOT EXISTS (SELECT FROM catalog_variant ov WHERE ov.id = p.variant_id AND ov.is_open_price)"
)


def of_market(market: Market) -> dict[str, Any]:
    """The placeholders of `MARKET_LISTS`."""
    return {"market": market.pk, "base": market.price_list_id, "currency": market.currency}


def days_around(at: datetime, *, planned: bool = False) -> dict[str, date | None]:
    """Placeholders `from` and `until`: the days that any place on earth may have now, or from then on for ever."""
    today = at.astimezone(ZoneInfo("UTC")).date()
    return {"from": today - timedelta(days=1), "until": None if planned else today + timedelta(days=2)}


def rules_of(market: Market) -> list[dict[str, Any]]:
    """The market's lists as the price engine takes them, in one statement."""
    return list(json.loads(rows(f"WITH {MARKET_LISTS} SELECT {AS_RULES}", of_market(market))[0][0]))


def standing(text: str, market: Market, context: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(context, rules) for `engine.pick_price`, ready for thousands of items; `text` is what `AS_RULES` gave."""
    rules = _prepared(text, market.currency)
    return engine.standing({"currency": market.currency, "market": market.code, **context}, rules), rules


def shopper_on_web(market: Market, at: datetime) -> dict[str, Any]:
    """The context of somebody whom nobody knows, by the market's own clock."""
    return {"at": wall_clock(market.time_zone, at), "channel": "web"}


@lru_cache(maxsize=64)
def _prepared(text: str, currency: str) -> dict[str, Any]:
    """By the text itself, so that nothing old is ever taken."""
    about = {"currency": currency, "prices_include_tax": False, "tax_rounding": "document"}
    prepared: dict[str, Any] = engine.prepare({"market": about, "lists": json.loads(text)})
    return prepared


def wall_clock(time_zone: str, at: datetime) -> str:
    """What the clock of a place shows, as the price engine takes it: "2026-05-03T14:10:00"."""
    return at.astimezone(ZoneInfo(time_zone)).strftime("%Y-%m-%dT%H:%M:%S")
