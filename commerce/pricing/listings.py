"""What lists show of prices: worked out here with the engine, kept by the catalog."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from commerce.catalog import changes, listings
from commerce.catalog.listings import Range
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.pricing import lists, unit_prices
from commerce.pricing.engine import pick_price
from commerce.pricing.lists import AS_RULES, MARKET_LISTS, PRICE_ROW, SOLD_HERE, PriceRow
from commerce.pricing.models import Market

MOST_PERIODS = 12  # then the last one ends and is worked out anew by the beat
CHUNK = 500
Shown = tuple[int, int, int | None, int, str]
Priced = tuple[list[PriceRow], int, str]  # of a variant: its prices, and what it holds

_PRICED = f"""
WITH {MARKET_LISTS}, of_variant AS (
    SELECT v.product_id, v.id, json_build_array(json_agg({PRICE_ROW} ORDER BY u.code, p.from_quantity, p.during),
        coalesce((v.content_amount * 1000)::bigint, 0), v.content_unit) AS found
    FROM catalog_variant v JOIN pricing_price p ON p.variant_id = v.id JOIN used u ON u.id = p.price_list_id
    WHERE v.product_id = ANY(%(products)s::bigint[]) AND v.is_active AND p.withdrawn_at IS NULL
        AND p.during && daterange(%(from)s, NULL) AND {SOLD_HERE}
    GROUP BY v.product_id, v.id
), of_product AS (SELECT product_id, json_agg(found) AS found FROM of_variant GROUP BY product_id)
SELECT (SELECT json_agg(json_build_array(product_id, found)) FROM of_product), {AS_RULES}
"""


@in_transaction
def refresh(product_ids: Iterable[int], *, at: datetime) -> set[int]:
    """Work out anew what products cost in every market over their active variants, now and in all times to come.

    What is shown is what the engine picks for one piece and a shopper on the web whom nobody knows. Returns the
    products of which something has changed.
    """
    ids = sorted(set(product_ids))
    changed: set[int] = set()
    markets = list(Market.objects.select_related("price_list").order_by("pk"))
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        changed |= listings.put(part, [row for market in markets for row in _ranges(market, part, at)])
    return changed


@in_transaction
def settle(product_ids: Iterable[int], *, at: datetime) -> None:
    """`refresh`, and tell of what changed."""
    changed = refresh(product_ids, at=at)
    if changed:
        changes.announce(changed, at=at)


def lapsed(*, at: datetime, limit: int = CHUNK) -> list[int]:
    """Products (primary keys) with a price that is over."""
    found = rows("SELECT DISTINCT product_id FROM catalog_listing WHERE ends_at <= %s ORDER BY 1 LIMIT %s", [at, limit])
    return [product for (product,) in found]


def priced_products(currency: str, *, after: int, limit: int = CHUNK) -> list[int]:
    """Products (primary keys above `after`, in their order) with a price in a currency, or listed anywhere: a market
    may have had another currency until now."""
    found = rows(
        "SELECT p.id FROM catalog_product p WHERE p.id > %s AND (EXISTS (SELECT FROM catalog_variant v"
        " JOIN pricing_price r ON r.variant_id = v.id AND r.withdrawn_at IS NULL JOIN pricing_pricelist l"
        " ON l.id = r.price_list_id AND l.currency = %s WHERE v.product_id = p.id)"
        " OR EXISTS (SELECT FROM catalog_listing l WHERE l.product_id = p.id)) ORDER BY p.id LIMIT %s",
        [after, currency, limit],
    )
    return [product for (product,) in found]


def wrong(*, at: datetime) -> Iterator[dict[str, Any]]:
    """Products that lists show otherwise than the engine prices them, now or in times to come: an invariant."""
    last = 0
    while part := _products(after=last):
        last = part[-1]
        for market in Market.objects.select_related("price_list").order_by("pk"):
            try:
                yield from _wrong_in(market, part, at)
            except ValueError as error:  # the engine takes none of it
                yield {"product": part[0], "market": market.code, "error": str(error)}


def _wrong_in(market: Market, product_ids: Sequence[int], at: datetime) -> Iterator[dict[str, Any]]:
    expected = set(_ranges(market, product_ids, at))
    rows_shown = listings.shown(product_ids, market.pk, at=at)
    shown = {row._replace(starts_at=_unless_past(row.starts_at, at)) for row in rows_shown}
    for row in sorted(expected ^ shown, key=str):
        yield {"product": row.product, "market": market.code, "expected" if row in expected else "shown": str(row[2:])}


def _unless_past(moment: datetime | None, at: datetime) -> datetime | None:
    return moment if moment and moment > at else None


def _products(*, after: int) -> list[int]:
    found = rows("SELECT id FROM catalog_product WHERE id > %s ORDER BY id LIMIT %s", [after, CHUNK])
    return [product for (product,) in found]


def _ranges(market: Market, product_ids: Sequence[int], at: datetime) -> list[Range]:
    params = {"products": list(product_ids), **lists.of_market(market), **lists.days_around(at)}
    priced, text = rows(_PRICED, params)[0]
    calendar = _Calendar(market, text, at)
    return [row for product, variants in priced or () for row in calendar.ranges(product, variants)]


class _Calendar:
    """The days on which prices change in a market, and what counts on each."""

    def __init__(self, market: Market, text: str, at: datetime) -> None:
        self._market, self._text, self._zone = market, text, ZoneInfo(market.time_zone)
        self._today = business_date(market.time_zone, at).isoformat()
        self._standing: dict[str, Any] = {}
        _context, rules = self._on(self._today)
        self._own = {day for row in rules["lists"] for day in (row["starts"], row["ends"]) if day > self._today}
        self._picked: dict[Any, list[Any]] = {}

    def ranges(self, product: int, variants: Sequence[Priced]) -> list[Range]:
        """What a product costs over its variants, period by period; neighbors that show the same are one."""
        days = self._own | {
            day for prices, _held, _unit in variants for row in prices for day in row[4:] if day > self._today
        }
        ahead = sorted(days)
        begins = ["", *ahead[: MOST_PERIODS - 1]]
        ends = [*ahead[:MOST_PERIODS], ""]
        found: list[tuple[str, str, Shown]] = []
        for begin, end in zip(begins, ends, strict=False):
            shown = self._shown(variants, begin or self._today)
            if found and shown and found[-1][1:] == (begin, shown):
                found[-1] = (found[-1][0], end, shown)
            elif shown:
                found.append((begin, end, shown))
        key = self._market.pk
        return [Range(product, key, self._midnight(begin), self._midnight(end), *shown) for begin, end, shown in found]

    def _shown(self, variants: Sequence[Priced], day: str) -> Shown | None:
        context, rules = self._on(day)
        picked = []
        for priced, held, unit in variants:
            key = (day, str(priced))
            if key not in self._picked:
                self._picked[key] = pick_price(priced, 1, context, rules)
            if row := self._picked[key]:
                picked.append((row[1], -(row[2] or 0), held, unit))
        if not picked:
            return None
        prices = sorted(picked)
        lowest, before = prices[0][:2]
        cheapest = [(held, unit) for amount, _before, held, unit in prices if amount == lowest]
        return (lowest, prices[-1][0], -before or None, *unit_prices.shared(cheapest))

    def _on(self, day: str) -> tuple[dict[str, Any], dict[str, Any]]:
        if day not in self._standing:
            context = {"at": f"{day}T00:00:00", "channel": "web"}
            self._standing[day] = lists.standing(self._text, self._market, context)
        found: tuple[dict[str, Any], dict[str, Any]] = self._standing[day]
        return found

    def _midnight(self, day: str) -> datetime | None:
        return datetime.combine(date.fromisoformat(day), time.min, self._zone) if day else None
