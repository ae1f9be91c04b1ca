"""The rules of prices as the engine takes them, made from the tables once per change of a rule.

    rule_set(market, channel="web").prepared        # for `engine.price`
    rule_set(market, channel="pos", location=store, places=places.of_location(store)).document   # for a till

A promotion is known to the engine by its code. What cannot count in the market, the channel or the store is left out,
so that a set is small; what begins later is in it.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from commerce.company.models import Location
from commerce.kernel.db import rows
from commerce.kernel.idempotency import fingerprint
from commerce.pricing import engine, lists, places, queries
from commerce.pricing.models import Market
from commerce.pricing.taxes import TaxRow

T = TypeVar("T")
KEPT = 64  # sets of rules per process
KEPT_PLACES = 2000
LONGEST_AGO = timedelta(days=62)  # sales of offline tills come in that late


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`document` is RULES of the engine, `prepared` what `engine.prepare` made of it; any byte changes `version`.

    `asks_for_shelves`: whether any rule names a category or a collection.
    """

    version: str
    document: dict[str, Any]
    prepared: dict[str, Any]
    asks_for_shelves: bool

    def taxed(self, found: Sequence[TaxRow]) -> "RuleSet":
        """The same rules with the taxes that somebody else says."""
        document = {**self.document, "taxes": list(found)}
        return RuleSet(self.version, document, engine.prepare(document), self.asks_for_shelves)


class _Kept:
    """The newest answers to a few questions; all are forgotten when a rule changes."""

    def __init__(self, most: int) -> None:
        self._most, self._version, self._lock = most, "", Lock()
        self._found: OrderedDict[Any, Any] = OrderedDict()

    def get(self, version: str, key: Any, make: Callable[[], T]) -> T:
        with self._lock:
            if version != self._version:
                self._found.clear()
                self._version = version
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        made = make()
        with self._lock:
            if version == self._version:
                self._found[key] = made
                while len(self._found) > self._most:
                    self._found.popitem(last=False)
        return made


_sets, _taxed, _places = _Kept(KEPT), _Kept(KEPT), _Kept(KEPT_PLACES)


def version() -> str:
    """Another text after every change of a rule; one statement. It names the transaction that made the change, too: one
    that was rolled back leaves no number behind that another could take for its own."""
    found = rows("SELECT changed_by || '.' || version FROM pricing_rulechange WHERE id = 1")
    return str(found[0][0]) if found else "0"


def rule_set(
    market: Market,
    *,
    channel: str,
    location: Location | None = None,
    where: Sequence[str] = (),
    at: datetime,
    counted: str | None = None,
) -> RuleSet:
    """The rules for sales of a channel in a market (at a store), with the taxes of the jurisdictions `where`.

    One statement where nothing has changed; `counted` is `version()` where the caller has asked for it already.
    """
    number = version() if counted is None else counted
    since = at.astimezone(ZoneInfo(location.time_zone if location else market.time_zone)).date() - LONGEST_AGO
    key = (market.pk, channel, location.pk if location else None, since)
    bare = _sets.get(number, key, lambda: _made(market, channel, location, since))
    if not where:
        return bare
    return _taxed.get(number, (*key, *where), lambda: _with_taxes(bare, where, since))


def _made(market: Market, channel: str, location: Location | None, since: date) -> RuleSet:
    document: dict[str, Any] = {
        "market": {
            "currency": market.currency,
            "prices_include_tax": market.prices_include_tax,
            "tax_rounding": market.tax_rounding,
            "margin_floor_ppm": market.margin_floor_ppm,
        },
        "lists": lists.rules_of(market),
        "promotions": promotions_of(market, channel=channel, location=location, since=since),
        "taxes": [],
        "fees": _fees_of(market),
    }
    return _named(document, engine.prepare(document))


def _with_taxes(bare: RuleSet, where: Sequence[str], since: date) -> RuleSet:
    taxes = [dict(row) for row in queries.tax_rows(where, on=since)]
    return _named({**bare.document, "taxes": taxes}, engine.with_taxes(bare.prepared, taxes))


def _named(document: dict[str, Any], prepared: dict[str, Any]) -> RuleSet:
    named = fingerprint({**document, "version": ""})[:16]
    return RuleSet(named, {**document, "version": named}, {**prepared, "version": named}, _asks_for_shelves(prepared))


def _asks_for_shelves(prepared: dict[str, Any]) -> bool:
    selects = [row["select"] for row in prepared["fees"]]
    for promotion in prepared["promotions"]:
        selects += [promotion["select"], promotion["exclude"], promotion["qualify"]]
        selects += [part["select"] for part in promotion["parts"]]
    return any(not key.startswith("s:") for select in selects for key in select)


def place_of(country: str, state: str, postal_code: str, *, counted: str) -> list[str]:
    """`places.of`, asked once per change of a rule."""
    return _places.get(counted, (country, state, postal_code), lambda: places.of(country, state, postal_code))


_PROMOTIONS = """
SELECT p.code, p.label, p.kind, p.scope, p.percent_ppm, p.amounts, p.buy_quantity, p.get_quantity, p.tier_kind, p.tiers,
    p.min_spend, p.min_quantity, p.max_times, p.max_discount, p.weekdays, p.starts_on, p.ends_on, p.daily_from,
    p.daily_until, p.needs_coupon, p.priority, p.is_exclusive, p.best_of, p.only_channels,
    ARRAY(SELECT g.code FROM pricing_customergroup g JOIN pricing_promotion_only_groups o ON o.customergroup_id = g.id
        WHERE o.promotion_id = p.id ORDER BY 1) AS groups,
    ARRAY(SELECT l.code FROM company_location l JOIN pricing_promotion_only_locations o ON o.location_id = l.id
        WHERE o.promotion_id = p.id ORDER BY 1) AS locations,
    (SELECT coalesce(json_agg(json_build_array(i.role, i.part, i.quantity, v.sku, c.slug, k.slug)
        ORDER BY i.role, i.part, i.id), '[]')
        FROM pricing_promotionitem i LEFT JOIN catalog_variant v ON v.id = i.variant_id
        LEFT JOIN catalog_category c ON c.id = i.category_id LEFT JOIN catalog_collection k ON k.id = i.collection_id
        WHERE i.promotion_id = p.id) AS items
FROM pricing_promotion p
WHERE p.is_active AND (p.ends_on IS NULL OR p.ends_on >= %(since)s)
    AND (p.only_channels = '{}' OR %(channel)s = ANY(p.only_channels))
    AND (NOT EXISTS (SELECT FROM pricing_promotion_only_markets o WHERE o.promotion_id = p.id)
        OR EXISTS (SELECT FROM pricing_promotion_only_markets o
            WHERE o.promotion_id = p.id AND o.market_id = %(market)s))
    AND (NOT EXISTS (SELECT FROM pricing_promotion_only_locations o WHERE o.promotion_id = p.id)
        OR EXISTS (SELECT FROM pricing_promotion_only_locations o WHERE o.promotion_id = p.id
            AND o.location_id = %(location)s))
ORDER BY p.priority, p.code
"""
_COLUMNS = (
    *("code", "label", "kind", "scope", "percent_ppm", "amounts", "buy_quantity", "get_quantity", "tier_kind", "tiers"),
    *("min_spend", "min_quantity", "max_times", "max_discount", "weekdays", "starts_on", "ends_on", "daily_from"),
    *("daily_until", "needs_coupon", "priority", "is_exclusive", "best_of", "only_channels", "groups", "locations"),
    "items",
)


def promotions_of(market: Market, *, channel: str, location: Location | None, since: date) -> list[dict[str, Any]]:
    """The promotions that count or will count there, as the engine takes them."""
    params = {"market": market.pk, "channel": channel, "location": location.pk if location else None, "since": since}
    found = [dict(zip(_COLUMNS, row, strict=True)) for row in rows(_PROMOTIONS, params)]
    made = [as_rule(row, market.currency) for row in found]
    return [row for row in made if row is not None]


def as_rule(row: dict[str, Any], currency: str) -> dict[str, Any] | None:
    """A promotion (`_COLUMNS` by name) for one currency; None where its amounts do not name that currency."""
    kind, tier_kind = row["kind"], row["tier_kind"] or "percent"
    amounts, spend, most = (_json(row[name]) for name in ("amounts", "min_spend", "max_discount"))
    tiers = _tiers(_json(row["tiers"]), tier_kind, currency) if kind == "tiers" else []
    needs_amount = kind in ("amount", "fixed_price", "bundle")
    if tiers is None or (needs_amount and currency not in amounts):
        return None
    if any(said and currency not in said for said in (spend, most)):
        return None
    made = {name: row[name] for name in ("label", "kind", "scope", "buy_quantity", "get_quantity", "min_quantity")}
    made.update({name: row[name] for name in ("max_times", "needs_coupon", "priority", "best_of")})
    made.update(
        id=row["code"],
        value=amounts[currency] if needs_amount else row["percent_ppm"],
        currency=currency,
        tier_kind=tier_kind,
        tiers=tiers,
        min_spend_minor=spend.get(currency, 0),
        max_minor=most.get(currency),
        exclusive=row["is_exclusive"],
        weekdays=list(row["weekdays"]),
        groups=row["groups"],
        locations=row["locations"],
        channels=list(row["only_channels"]),
        starts=row["starts_on"].isoformat() if row["starts_on"] else "",
        ends=(row["ends_on"] + timedelta(days=1)).isoformat() if row["ends_on"] else "",
        daily_from=row["daily_from"].strftime("%H:%M") if row["daily_from"] else "",
        daily_until=row["daily_until"].strftime("%H:%M") if row["daily_until"] else "",
        **_selections(_json(row["items"])),
    )
    return made


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _tiers(tiers: list[dict[str, Any]], kind: str, currency: str) -> list[dict[str, int]] | None:
    if kind == "percent":
        return [{"from_quantity": tier["from_quantity"], "value": tier["percent_ppm"]} for tier in tiers]
    if any(currency not in tier["amounts"] for tier in tiers):
        return None
    return [{"from_quantity": tier["from_quantity"], "value": tier["amounts"][currency]} for tier in tiers]


def _selections(items: list[list[Any]]) -> dict[str, Any]:
    """The rows of a promotion's items as the engine's selections and parts."""
    made: dict[str, Any] = {role: _nothing() for role in ("select", "exclude", "qualify")}
    parts: dict[int, dict[str, Any]] = {}
    for role, part, quantity, sku, category, collection in items:
        if role == "part":
            target = parts.setdefault(part, {"select": _nothing(), "quantity": quantity})["select"]
        else:
            target = made[role]
        for name, value in (("skus", sku), ("categories", category), ("collections", collection)):
            if value is not None:
                target[name].append(value)
    return {**made, "parts": [parts[number] for number in sorted(parts)]}


def _nothing() -> dict[str, list[str]]:
    return {"skus": [], "categories": [], "collections": []}


_FEES = """
SELECT f.code, f.label, f.kind, f.amount_minor, f.currency, f.tax_class, f.country, f.region,
    ARRAY(SELECT v.sku FROM catalog_variant v JOIN pricing_fee_variants o ON o.variant_id = v.id
        WHERE o.fee_id = f.id ORDER BY 1),
    ARRAY(SELECT c.slug FROM catalog_category c JOIN pricing_fee_categories o ON o.category_id = c.id
        WHERE o.fee_id = f.id ORDER BY 1)
FROM pricing_fee f WHERE f.is_active AND f.currency = %s ORDER BY f.code
"""


def _fees_of(market: Market) -> list[dict[str, Any]]:
    made = []
    for code, label, kind, amount, currency, tax_class, country, region, skus, categories in rows(
        _FEES, [market.currency]
    ):
        place = [str(places.Jurisdiction(country, region))] if country else []
        if skus or categories:  # a fee that names no goods is for none
            select = {"skus": skus, "categories": categories, "collections": []}
            row = {"code": code, "label": label, "kind": kind, "amount_minor": amount, "currency": currency}
            made.append({**row, "tax_class": tax_class, "select": select, "jurisdictions": place})
    return made


def shelves_of(product_ids: Sequence[int]) -> dict[int, tuple[list[str], list[str]]]:
    """(categories with those above them, collections) of products, as slugs; one statement."""
    found = rows(
        "SELECT p.id, (WITH RECURSIVE up(id, slug, parent_id) AS ("
        " SELECT id, slug, parent_id FROM catalog_category WHERE id = p.category_id"
        " UNION SELECT c.id, c.slug, c.parent_id FROM up JOIN catalog_category c ON c.id = up.parent_id"
        ") SELECT coalesce(array_agg(slug), '{}') FROM up),"
        " ARRAY(SELECT k.slug FROM catalog_collection k JOIN catalog_collection_products o ON o.collection_id = k.id"
        " WHERE o.product_id = p.id ORDER BY 1) FROM catalog_product p WHERE p.id = ANY(%s::bigint[])",
        [list(product_ids)],
    )
    return {pk: (list(categories), list(collections)) for pk, categories, collections in found}
