"""What a cart needs to be priced: its market, the unit prices, the taxes of a place on a day. One statement each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NotRequired, TypedDict

from django.db.models import Q
from django.db.models.expressions import OrderBy, RawSQL
from django.utils.translation import gettext as _

from commerce.kernel.db import rows
from commerce.kernel.errors import NotFound
from commerce.pricing import lists, places
from commerce.pricing.engine import pick_price
from commerce.pricing.lists import AS_RULES, MARKET_LISTS, PRICE_ROW, SOLD_HERE, PriceRow
from commerce.pricing.models import Market
from commerce.pricing.places import Jurisdiction
from commerce.pricing.taxes import NEVER_STANDARD, STANDARD, Dated, TaxRow, judge, midnight, periods


class Tax(TypedDict):
    """A tax as the price engine takes it."""

    code: str
    name: str
    rate_ppm: int
    compound: NotRequired[bool]


class Taxes(dict[str, list[Tax]]):
    """Taxes by tax class. A class that has none of its own is taxed as standard goods, but never what is exempt or
    zero-rated; with no taxes, an empty list."""

    def __missing__(self, tax_class: str) -> list[Tax]:
        return [] if tax_class in NEVER_STANDARD else self.get(STANDARD, [])


def market_for(country: str | None) -> Market:
    """The market that a country (two letters) belongs to, else the default one, with its price list."""
    wanted = (country or "").strip().upper()
    named = Q(countries__contains=[wanted])
    own_first = OrderBy(RawSQL("%s = ANY(countries)", [wanted]), descending=True)
    found = Market.objects.select_related("price_list").filter(named | Q(is_default=True))
    market = found.order_by(own_first, "code").first()
    if market is None:
        raise NotFound(what=_("market for"), key=wanted or _("everybody else"))
    return market


_CANDIDATES = f"""
WITH {MARKET_LISTS} SELECT p.variant_id, json_agg({PRICE_ROW} ORDER BY u.code, p.from_quantity, p.during)
FROM used u JOIN pricing_price p ON p.price_list_id = u.id
WHERE p.withdrawn_at IS NULL AND p.variant_id = ANY(%(variants)s::bigint[])
    AND p.during && daterange(%(from)s, %(until)s) AND {SOLD_HERE}
GROUP BY p.variant_id
"""


def candidates(
    variant_ids: Sequence[int], *, market: Market, at: datetime, planned: bool = False
) -> dict[int, list[PriceRow]]:
    """The prices that may count for variants in a market around `at`, with `planned` those to come, too.

    By variant the rows of all active lists that may count there, as `engine.pick_price` takes them: [list, amount,
    compare-at, from quantity, starts, ends]. What has none, or is not sold in the market, is left out.
    """
    params = {"variants": list(variant_ids), **lists.of_market(market), **lists.days_around(at, planned=planned)}
    return dict(rows(_CANDIDATES, params))


_WITH_RULES = f"""
WITH {MARKET_LISTS}, priced AS (
    SELECT p.variant_id, json_agg({PRICE_ROW}) AS found FROM used u JOIN pricing_price p ON p.price_list_id = u.id
    WHERE p.withdrawn_at IS NULL AND p.variant_id = ANY(%(variants)s::bigint[])
        AND p.during && daterange(%(from)s, %(until)s) AND {SOLD_HERE}
    GROUP BY p.variant_id
) SELECT (SELECT json_agg(json_build_array(variant_id, found)) FROM priced), {AS_RULES}
"""


def unit_prices(
    variant_ids: Sequence[int], *, market: Market, at: datetime, quantities: Mapping[int, int] | None = None
) -> dict[int, tuple[int, int | None]]:
    """(price, compare-at price) in minor units by variant, for a shopper on the web whom nobody knows.

    `quantities` are smallest amounts by variant, 1 unless told. A variant without a price there is left out.
    """
    params = {"variants": list(variant_ids), **lists.of_market(market), **lists.days_around(at)}
    known, text = rows(_WITH_RULES, params)[0]
    context, rules = lists.standing(text, market, lists.shopper_on_web(market, at))
    found = {}
    for variant, priced in known or ():
        picked = pick_price(priced, (quantities or {}).get(variant, 1), context, rules)
        if picked:
            found[variant] = (picked[1], picked[2])
    return found


def taxes_for(country: str, region: str, on: date, postal_code: str = "") -> Taxes:
    """The taxes in force on a day, by tax class, each class's in the order of their codes, compound ones last.

    A country's rates count everywhere in it, those of a region and of the localities of a postal code only there. Where
    several of these have the same code the most local one wins; of several dates the newest that is in force.
    """
    found = _periods(
        f"WITH area AS ({places.AREA_OF_CODE}),"
        " p AS (SELECT %s AS country, unnest(ARRAY['', %s]) AS region, '' AS locality"
        " UNION SELECT country, region, unnest(localities) FROM area)",
        [*places.area_parameters(country, region, postal_code), country.strip().upper(), region.strip().upper()],
        on,
    )
    where = places.in_order({row["jurisdiction"] for row in found})
    taxes = Taxes()
    for tax_class in sorted({row["tax_class"] for row in found}):
        verdicts = judge(found, place=where, tax_class=tax_class, at=midnight(on))
        if any(verdict.row["tax_class"] == tax_class for verdict in verdicts if verdict.is_charged):
            taxes[tax_class] = [_tax(verdict.row) for verdict in verdicts if verdict.is_charged]
    return taxes


def _tax(row: TaxRow) -> Tax:
    tax: Tax = {"code": row["code"], "name": row["name"], "rate_ppm": row["rate_ppm"]}
    if row["compound"]:
        tax["compound"] = True
    return tax


def tax_rows(jurisdictions: Sequence[str], *, on: date | None = None) -> list[TaxRow]:
    """The taxes of jurisdictions for the rules of the price engine, as periods that do not overlap; one statement.

    With `on` what ended before that day is left out, but what begins later is in it, so that a till without a line
    charges next year's rate next year.
    """
    columns = [list(column) for column in zip(*map(Jurisdiction.parse, jurisdictions), strict=True)]
    if not columns:
        return []
    wanted = "WITH p AS (SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) AS p (country, region, locality))"
    return _periods(wanted, columns, on)


def _periods(places_named_p: str, parameters: Sequence[Any], on: date | None) -> list[TaxRow]:
    found = rows(
        f"{places_named_p} SELECT r.country, r.region, r.locality, r.tax_class, r.code, r.name, r.rate_ppm,"
        " r.is_compound, r.valid_from, r.valid_until FROM p JOIN pricing_taxrate r USING (country, region, locality)"
        " WHERE r.valid_until IS NULL OR r.valid_until >= COALESCE(%s::date, r.valid_until)",
        [*parameters, on],
    )
    return periods([Dated(_row(*columns), first, last) for *columns, first, last in found], on)


def _row(
    country: str, region: str, locality: str, tax_class: str, code: str, name: str, rate_ppm: int, compound: bool
) -> TaxRow:
    return {
        "jurisdiction": str(Jurisdiction(country, region, locality)),
        "tax_class": tax_class,
        "code": code,
        "name": name,
        "rate_ppm": rate_ppm,
        "compound": compound,
        "starts": "",
        "ends": "",
    }
