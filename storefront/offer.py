"""A product's page: which variant is looked at, the choices around it, and where it can be had."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog import units
from commerce.catalog.queries import Picture
from commerce.company.models import Location
from commerce.kernel.money import Money
from commerce.pricing.offers import OfferedVariant, ProductPage
from commerce.pricing.unit_prices import SCHEMA_CODES
from inventory import availability
from storefront import promises

FEW = 3


@dataclass(frozen=True, slots=True)
class Later:
    """Units that may be promised before they are there, by which policy, and the day that shoppers are told."""

    policy: str
    expected_on: date | None


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of each variant that the web may promise: to be sent anywhere, and per store for pickup.

    `ready` is what is there of `shippable`; `later` says of what may be promised beyond it how (a policy) and when.
    """

    shippable: dict[int, int]
    in_store: dict[tuple[int, int], int]
    stores: tuple[int, ...]
    ready: dict[int, int]
    later: dict[int, Later]

    def of(self, variant: int) -> int:
        """The most that one order of any kind can have of a variant."""
        return max(self.shippable.get(variant, 0), *(self.in_store.get((variant, s), 0) for s in self.stores), 0)


def stock_of(variants: Sequence[int], locations: Sequence[Location], stores: Sequence[Location], at: datetime) -> Stock:
    """The stock behind a page, in one statement. `stores` are those that this shopper can collect from."""
    ships = {place.pk for place in locations if place.ships}
    pickup = tuple(store.pk for store in stores if store.offers_pickup)
    shippable: dict[int, int] = dict.fromkeys(variants, 0)
    ready: dict[int, int] = dict.fromkeys(variants, 0)
    later: dict[int, Later] = {}
    in_store: dict[tuple[int, int], int] = {}
    for level in availability.of_variants(variants, at=at):
        if level.location in ships:
            shippable[level.variant] += level.promisable
            ready[level.variant] += level.available
            if level.backorder:
                later.setdefault(level.variant, Later(level.policy, level.expected_on))
        if level.location in pickup:
            in_store[level.variant, level.location] = level.available
    return Stock(shippable, in_store, pickup, ready, later)


def chosen_variant(page: ProductPage, sku: str, stock: Stock) -> OfferedVariant | None:
    """The variant that the address names, else the first that can be had, else the first with a price."""
    sold = [variant for variant in page.variants if variant.price_minor is not None]
    named = next((variant for variant in sold if variant.sku == sku), None)
    there = next((variant for variant in sold if stock.of(variant.id)), None)
    return named or there or next(iter(sold), None)


def choices(page: ProductPage, chosen: OfferedVariant | None, stock: Stock) -> list[dict[str, Any]]:
    """Per option its values, each a link to the variant that it would lead to. `is_gone`: not to be had like this."""
    if chosen is None:
        return []
    shown = []
    names = [option.name for option in page.options]
    for option in page.options:
        place = names.index(option.name)
        values = [_choice(page, chosen, stock, place, choice.value, choice.hex) for choice in option.choices]
        is_color = all(value["hex"] for value in values)
        shown.append(
            {"name": option.name, "value": chosen.option_values[place], "choices": values, "is_color": is_color}
        )
    return shown


def _choice(
    page: ProductPage, chosen: OfferedVariant, stock: Stock, place: int, value: str, color: str
) -> dict[str, Any]:
    def likeness(variant: OfferedVariant) -> tuple[int, bool]:
        pairs = zip(variant.option_values, chosen.option_values, strict=False)
        return sum(own == other for own, other in pairs), stock.of(variant.id) > 0

    candidates = [
        v for v in page.variants if v.price_minor is not None and v.option_values[place : place + 1] == (value,)
    ]
    best = max(candidates, key=likeness, default=None)
    others = len(chosen.option_values) - 1
    fits = best is not None and (best is chosen or likeness(best)[0] >= others)
    return {
        "value": value,
        "hex": color,
        "href": f"?{urlencode({'variant': best.sku})}" if best else "",
        "is_current": chosen.option_values[place] == value,
        "is_gone": not (fits and best is not None and stock.of(best.id)),
    }


def pictures(page: ProductPage, chosen: OfferedVariant | None) -> list[dict[str, Any]]:
    """The gallery of a variant: its own picture, those that name its color, then those that name none.

    Pictures of other variants, and those whose words name another choice ("Tent in Ochre, detail"), are left out.
    """
    own = chosen.picture if chosen and chosen.picture in page.pictures else None
    owned = {variant.picture for variant in page.variants}
    values = {value for variant in page.variants for value in variant.option_values if len(value) > 2}
    mine = set(chosen.option_values) if chosen else set()
    ranked: list[tuple[int, Picture]] = []
    for key, picture in page.pictures.items():
        named = {value for value in values if re.search(rf"\b{re.escape(value)}\b", picture.alt, re.IGNORECASE)}
        if own is None or key == own:
            ranked.append((0, picture))
        elif key not in owned and (not named or named & mine):
            ranked.append((1 if named else 2, picture))
    shown = sorted(ranked, key=lambda pair: pair[0])
    return [{"path": picture.path, "alt": picture.alt or page.title} for _rank, picture in shown]


def store_rows(
    variant: OfferedVariant, stock: Stock, stores: Sequence[Location], mine: Location | None, at: datetime
) -> list[dict[str, Any]]:
    """A sentence per store that offers pickup, the shopper's own first."""
    shown = []
    for store in sorted(stores, key=lambda place: place != mine):
        if store.offers_pickup:
            count = stock.in_store.get((variant.id, store.pk), 0)
            there = units.amount_text(count, variant.unit, variant.unit_scale)
            shown.append(
                {
                    "code": store.code,
                    "is_mine": store == mine,
                    "state": state_of(count, variant.unit_scale),
                    "sentence": _at_store(there if count > 0 else "", store),
                    "detail": promises.ready_sentence(store, at) if count else "",
                }
            )
    return shown


def state_of(count: int, scale: int = 1) -> str:
    """The word that the stock component takes."""
    return "none" if count <= 0 else "low" if count <= FEW * scale else "in"


def _at_store(count: str, store: Location) -> SafeString:
    """The number stands alone in an element, so that a page can point out that it has changed."""
    if not count:
        return format_html(_("None at {store}"), store=store.name)
    number = format_html('<span class="stock__count" data-live="{}">{}</span>', store.code, count)
    return format_html(_("{count} at {store}"), count=number, store=store.name)


def delivery_row(variant: OfferedVariant, stock: Stock, locations: Sequence[Location], at: datetime) -> dict[str, Any]:
    """Whether and when it can be sent."""
    count = stock.ready.get(variant.id, 0)
    later = stock.later.get(variant.id)
    if count <= 0 and later:
        return {"state": "low", "sentence": later_sentence(later), "detail": ""}
    if count <= 0:
        return {"state": "none", "sentence": _("Not available for delivery right now"), "detail": ""}
    there = units.amount_text(count, variant.unit, variant.unit_scale)
    number = format_html('<span class="stock__count" data-live="web">{}</span>', there)
    text = ngettext("{count} ready to ship", "{count} ready to ship", units.pieces_in(count, variant.unit))
    home = next((place for place in locations if place.ships), None)
    first, last = map(promises.short_day, promises.delivery_window(at, home.time_zone if home else "UTC"))
    detail = _("arriving %(first)s – %(last)s") % {"first": first, "last": last}
    state = state_of(count, variant.unit_scale)
    return {"state": state, "sentence": format_html(text, count=number), "detail": detail}


def is_preorder(variant: OfferedVariant, stock: Stock) -> bool:
    """Nothing is there anywhere, but it can be ordered ahead."""
    later = stock.later.get(variant.id)
    there = stock.ready.get(variant.id, 0) or any(stock.in_store.get((variant.id, s), 0) for s in stock.stores)
    return bool(later and later.policy == "preorder" and not there)


def later_sentence(later: Later) -> str:
    """ "Preorder: leaves from Thu, Dec 3 on", "On backorder: leaves about Thu, Dec 3"."""
    day = promises.short_day(later.expected_on) if later.expected_on else ""
    if later.policy == "preorder":
        return _("Preorder: leaves from %(day)s on") % {"day": day} if day else _("Preorder")
    return _("On backorder: leaves about %(day)s") % {"day": day} if day else _("On backorder: leaves when it comes in")


def structured(page: ProductPage, stock: Stock, *, currency: str, url: str, images: list[str]) -> dict[str, Any]:
    """The product for search engines (schema.org): every variant with the price and availability of this very page."""
    schema = "https://schema.org/"
    offers = [
        {
            "@type": "Offer",
            "sku": variant.sku,
            "url": f"{url}?{urlencode({'variant': variant.sku})}",
            "price": plain_price(variant.price_minor, currency),
            "priceCurrency": currency,
            **_unit_price_data(variant, currency),
            "availability": f"{schema}{_schema_state(variant.id, stock)}",
            "itemCondition": f"{schema}NewCondition",
        }
        for variant in page.variants
        if variant.price_minor is not None
    ]
    brand = {"brand": {"@type": "Brand", "name": page.brand}} if page.brand else {}
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": page.title,
        "url": url,
        "image": images,
        **brand,
        "offers": offers,
    }


def _unit_price_data(variant: OfferedVariant, currency: str) -> dict[str, Any]:
    """The price per kilogram or the like as schema.org knows it; nothing where there is none."""
    found = variant.unit_price
    if found is None or variant.price_minor is None:
        return {}
    quantity = {"@type": "QuantitativeValue", "value": found.per, "unitCode": SCHEMA_CODES[found.unit]}
    return {
        "priceSpecification": {
            "@type": "UnitPriceSpecification",
            "price": plain_price(found.minor, currency),
            "priceCurrency": currency,
            "referenceQuantity": quantity,
        }
    }


def _schema_state(variant: int, stock: Stock) -> str:
    if stock.ready.get(variant, 0) or any(stock.in_store.get((variant, store), 0) for store in stock.stores):
        return "InStock"
    later = stock.later.get(variant)
    if later is None:
        return "OutOfStock"
    return "PreOrder" if later.policy == "preorder" else "BackOrder"


def structured_trail(trail: Sequence[tuple[str, str]], *, url: str, site: str) -> dict[str, Any]:
    """The breadcrumb above a page, for search engines."""
    steps = [
        {"@type": "ListItem", "position": place, "name": name, "item": f"{site}{href}" if href else url}
        for place, (name, href) in enumerate(trail, start=1)
    ]
    return {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": steps}


def plain_price(minor: int, currency: str) -> str:
    """A price as schema.org wants it: "19.99"."""
    return str(Money(minor, currency).as_decimal())
