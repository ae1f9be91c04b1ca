"""A cart tried out: priced by the shop's own engine and rules, with one promotion more or less beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from commerce.catalog.models import Category, Collection, Variant
from commerce.company.models import Location
from commerce.kernel.errors import DomainError
from commerce.pricing import coupons, engine, queries, rules
from commerce.pricing.models import CustomerGroup, Market, Promotion
from commerce.pricing.promotion_drafts import COLUMNS, Draft, draft_of


class CannotBePriced(DomainError):
    code = "cannot_be_priced"
    status = 422
    message = _("%(sku)s has no price here on that day.")


@dataclass(frozen=True, slots=True)
class Situation:
    """Who buys what, where and when. `local` is the wall clock of the store, or of the market on the web; quantities
    are in smallest amounts; `ships` adds the market's shipping fee; `address` is (country, state, postal code)."""

    lines: Sequence[tuple[Variant, int]]
    market: Market
    local: datetime
    channel: str = "web"
    location: Location | None = None
    groups: Sequence[str] = ()
    coupons: Sequence[str] = ()
    ships: bool = False
    address: tuple[str, str, str] = ("", "", "")

    @property
    def at(self) -> datetime:
        """The moment that the wall clock means."""
        zone = self.location.time_zone if self.location else self.market.time_zone
        return self.local.replace(tzinfo=ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Tried:
    """Answers of the engine (with all of its trace) without and with the promotion that is tried, and what is wrong
    with coupons: (code, text)."""

    without: dict[str, Any]
    beside: dict[str, Any] | None
    refused_coupons: list[tuple[str, str]] = field(default_factory=list)


def simulate(situation: Situation, *, tried: Promotion | None = None) -> Tried:
    """Price a cart by the rules of the shop. With `tried` once as if it were not there and once as if it ran on its
    days and its coupon, where it needs one, were entered. Raises `CannotBePriced`."""
    known = _rules(situation)
    found, refused = _coupons(situation)
    basket = _basket(situation, known, [coupon.as_asked() for coupon in found])
    if tried is None:
        return Tried(_priced(basket, known.prepared, situation), None, refused)
    others = [row for row in known.document["promotions"] if row["id"] != tried.code]
    rule = as_rule(draft_of(tried), tried.code, situation)
    plain = {**basket, "coupons": [row for row in basket["coupons"] if row["promotion"] != tried.code]}
    unlocked = [{"code": _("its coupon"), "promotion": tried.code}] if tried.needs_coupon else []
    without = _priced(plain, {**known.document, "promotions": others}, situation)
    beside = _priced(
        {**plain, "coupons": [*plain["coupons"], *unlocked]},
        {**known.document, "promotions": [*others, *([rule] if rule else [])]},
        situation,
    )
    return Tried(without, beside, refused)


def as_rule(draft: Draft, code: str, situation: Situation) -> dict[str, Any] | None:
    """A promotion as the engine takes it, whether it runs or not; None where it is not meant for this market."""
    if draft.markets and situation.market.pk not in draft.markets:
        return None
    row = {name: getattr(draft, name) for name in COLUMNS}
    row.update(code=code, tiers=[tier.as_json() for tier in draft.tiers], items=_items(draft))
    row.update(weekdays=list(draft.weekdays), only_channels=list(draft.channels))
    row["groups"] = list(CustomerGroup.objects.filter(pk__in=draft.groups).values_list("code", flat=True))
    row["locations"] = list(Location.objects.filter(pk__in=draft.locations).values_list("code", flat=True))
    return rules.as_rule(row, situation.market.currency)


def _items(draft: Draft) -> list[list[Any]]:
    """[role, part, quantity, SKU, category, collection] of each item."""
    names: dict[str, dict[int, str]] = {}
    for thing, model, column in (
        ("variant", Variant, "sku"),
        ("category", Category, "slug"),
        ("collection", Collection, "slug"),
    ):
        keys = [item.pk for item in draft.items if item.thing == thing]
        rows: Any = model.objects.filter(pk__in=keys).values_list("pk", column)
        names[thing] = dict(rows)
    things = ("variant", "category", "collection")
    return [
        [
            item.role,
            item.part,
            item.quantity,
            *(names[one].get(item.pk) if one == item.thing else None for one in things),
        ]
        for item in draft.items
    ]


def _rules(situation: Situation) -> rules.RuleSet:
    place = situation.location
    address = (place.country, place.state, place.postal_code) if place else situation.address
    counted = rules.version()
    where = rules.place_of(*address, counted=counted) if address[0] else []
    return rules.rule_set(
        situation.market, channel=situation.channel, location=place, where=where, at=situation.at, counted=counted
    )


def _coupons(situation: Situation) -> tuple[list[coupons.FoundCoupon], list[tuple[str, str]]]:
    found, refused = [], []
    for code in situation.coupons:
        try:
            found.append(coupons.find(code, today=situation.local.date()))
        except DomainError as error:
            refused.append((code, str(error)))
    return found, refused


def _basket(situation: Situation, known: rules.RuleSet, entered: list[dict[str, str]]) -> dict[str, Any]:
    market, variants = situation.market, [variant for variant, _quantity in situation.lines]
    prices = queries.candidates([each.pk for each in variants], market=market, at=situation.at, planned=True)
    shelves = rules.shelves_of([each.product_id for each in variants])
    lines = []
    for variant, quantity in situation.lines:
        if variant.pk not in prices:
            raise CannotBePriced(sku=variant.sku)
        categories, collections = shelves.get(variant.product_id, ([], []))
        line = {"id": str(variant.pk), "sku": variant.sku, "quantity": quantity, "scale": variant.unit_scale}
        line.update(categories=categories, collections=collections, prices=prices[variant.pk])
        lines.append({**line, "tax_class": variant.product.tax_class})
    place = situation.location
    address = (place.country, place.state, place.postal_code) if place else situation.address
    return {
        "at": situation.local.strftime("%Y-%m-%dT%H:%M:%S"),
        "channel": situation.channel,
        "location": place.code if place else "",
        "market": market.code,
        "currency": market.currency,
        "groups": list(situation.groups),
        "coupons": entered,
        "place": rules.place_of(*address, counted=rules.version()) if address[0] else [],
        "lines": lines,
        "charges": [_shipping(market)] if situation.ships and market.shipping_minor else [],
        "explain": True,
        "with_cart": False,
    }


def _shipping(market: Market) -> dict[str, Any]:
    """The fee as the checkout charges it."""
    return {
        "id": "shipping",
        "kind": "shipping",
        "label": _("Shipping"),
        "amount_minor": market.shipping_minor,
        "free_from_minor": market.free_shipping_from_minor,
        "tax_class": queries.STANDARD if market.prices_include_tax else "",
    }


def _priced(basket: dict[str, Any], known: dict[str, Any], situation: Situation) -> dict[str, Any]:
    try:
        return engine.price(basket, known)
    except engine.NoPrice as error:
        raise CannotBePriced(sku=situation.lines[error.line][0].sku) from error
