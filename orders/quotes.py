"""What a cart costs: the pure engine, fed with the market's prices and the place's taxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import business_date
from commerce.pricing import queries as pricing
from commerce.pricing import rules
from commerce.pricing.coupons import FoundCoupon
from commerce.pricing.engine import NoPrice, price
from commerce.pricing.lists import wall_clock
from commerce.pricing.models import Channel, Market
from commerce.pricing.tax_providers import TaxAnswer
from customers import certificates
from orders.errors import NotForSale


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods change hands, which decides the taxes."""

    country: str
    state: str = ""
    time_zone: str = "UTC"
    postal_code: str = ""

    @classmethod
    def of_location(cls, location: Location) -> "Place":
        return cls(location.country, location.state, location.time_zone, location.postal_code)

    @classmethod
    def of_address(cls, address: dict[str, str]) -> "Place":
        return cls(address["country"], address.get("state", ""), postal_code=address.get("postal_code", ""))


def home_of(market: Market) -> Place | None:
    """The place assumed while the shopper has named none: only where prices include tax, so that the total is right."""
    return Place(market.countries[0]) if market.prices_include_tax and market.countries else None


def taxes_at(place: Place | None, *, at: datetime) -> pricing.Taxes:
    """The taxes of a place on its own calendar day; of an unknown place none are known."""
    if place is None:
        return pricing.Taxes()
    return pricing.taxes_for(place.country, place.state, business_date(place.time_zone, at), place.postal_code)


def quote(
    lines: Sequence[tuple[Variant, int]],
    *,
    market: Market,
    place: Place | None,
    ships: bool,
    at: datetime,
    channel: str = Channel.WEB,
    location: Location | None = None,
    coupons: Sequence[FoundCoupon] = (),
    groups: Sequence[str] = (),
    exempt: Mapping[str, Any] | None = None,
    discounts: Sequence[dict[str, Any]] = (),
    taxed: TaxAnswer | None = None,
    explain: bool = False,
) -> dict[str, Any]:
    """The engine's answer for these variants and quantities; each line's id is its variant's primary key as text.

    Prices and promotions go by the market's clock, those in a store (`location`) by the store's. With `ships` the
    market's shipping fee is added, unless the goods are worth enough. `exempt`: {certificate, jurisdictions} of a
    customer who does not pay some taxes. `discounts`: of the whole order, by hand. `taxed`: what a tax provider says of
    the place, instead of the table. Promotions in the trace have their `label`, `kind` and `scope`, and
    `tax_certificate` is the number of the one that counted. Raises `NotForSale`.

    One statement for the rules, one for prices, one more where rules name shelves; the taxes of a place are asked for
    once per change of a rule.
    """
    known, where = _rules_at(market, channel, location, place, taxed, at=at)
    variants = [variant for variant, _quantity in lines]
    prices = pricing.candidates([variant.pk for variant in variants], market=market, at=at)
    gone = next((variant for variant in variants if variant.pk not in prices or not variant.is_active), None)
    if gone is not None:
        raise NotForSale(sku=gone.sku, name=gone.name)
    shelves = rules.shelves_of([variant.product_id for variant in variants]) if known.asks_for_shelves else {}
    basket = {
        "at": wall_clock(location.time_zone if location else market.time_zone, at),
        "channel": str(channel),
        "location": location.code if location else "",
        "market": market.code,
        "currency": market.currency,
        "groups": list(groups),
        "coupons": [coupon.as_asked() for coupon in coupons],
        "place": where,
        "exempt": exempt and dict(exempt),
        "order_discounts": list(discounts),
        "lines": [_line(variant, quantity, prices[variant.pk], shelves) for variant, quantity in lines],
        "charges": [_shipping(market)] if ships and market.shipping_minor else [],
        "explain": explain,
        "with_cart": False,
    }
    try:
        answer = price(basket, known.prepared)
    except NoPrice as error:
        raise NotForSale(sku=variants[error.line].sku, name=variants[error.line].name) from error
    _name_promotions(answer["trace"]["promotions"], known.prepared["promotions"])
    answer["tax_certificate"] = certificates.used_at(exempt, where)
    return answer


def _rules_at(
    market: Market,
    channel: str,
    location: Location | None,
    place: Place | None,
    taxed: TaxAnswer | None,
    *,
    at: datetime,
) -> tuple[rules.RuleSet, list[str]]:
    """The rules with the taxes of a place, and its jurisdictions; with `taxed` both as the tax provider says them."""
    counted = rules.version()
    if taxed is not None:
        known = rules.rule_set(market, channel=channel, location=location, at=at, counted=counted)
        return known.taxed(taxed.rows), taxed.place
    where = rules.place_of(place.country, place.state, place.postal_code, counted=counted) if place else []
    return rules.rule_set(market, channel=channel, location=location, where=where, at=at, counted=counted), where


def _name_promotions(told: list[dict[str, Any]], promotions: list[dict[str, Any]]) -> None:
    """Pages say why by the words that are printed; `skus` are the items that a gift may be."""
    wanted = {row["id"]: row for row in told}
    for promotion in promotions:
        row = wanted.get(promotion["id"])
        if row is not None:
            row.update({name: promotion[name] for name in ("label", "kind", "scope")})
            if promotion["kind"] == "gift":
                row["skus"] = sorted(key[2:] for key in promotion["select"] if key.startswith("s:"))


def _line(variant: Variant, quantity: int, prices: list[Any], shelves: dict[int, Any]) -> dict[str, Any]:
    categories, collections = shelves.get(variant.product_id, ([], []))
    return {
        "id": str(variant.pk),
        "sku": variant.sku,
        "quantity": quantity,
        "scale": variant.unit_scale,
        "categories": categories,
        "collections": collections,
        "tax_class": variant.product.tax_class,
        "prices": prices,
    }


def _shipping(market: Market) -> dict[str, Any]:
    return {
        "id": "shipping",
        "kind": "shipping",
        "label": _("Shipping"),
        "amount_minor": market.shipping_minor,
        "free_from_minor": market.free_shipping_from_minor,
        "tax_class": pricing.STANDARD if market.prices_include_tax else "",
    }
