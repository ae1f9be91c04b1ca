"""What a cart costs: the pure engine, fed with the market's prices and the place's taxes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import business_date
from commerce.pricing import queries as pricing
from commerce.pricing.engine import price_cart, price_of
from commerce.pricing.models import Market
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
    lines: Sequence[tuple[Variant, int]], *, market: Market, place: Place | None, ships: bool, at: datetime
) -> dict[str, Any]:
    """The engine's answer for these variants and quantities; each line's id is its variant's primary key as text.

    With `ships` the market's shipping fee is added, unless the goods are worth enough. Raises `NotForSale`.
    """
    prices = pricing.unit_prices(market.price_list_id, [variant.pk for variant, _quantity in lines])
    taxes = taxes_at(place, at=at)
    priced_lines: list[dict[str, Any]] = []
    for variant, quantity in lines:
        if variant.pk not in prices or not variant.is_active:
            raise NotForSale(sku=variant.sku, name=variant.name)
        unit, compare_at = prices[variant.pk]
        priced_lines.append(
            {
                "id": str(variant.pk),
                "sku": variant.sku,
                "quantity": quantity,
                "scale": variant.unit_scale,
                "unit_minor": unit,
                "compare_at_minor": compare_at,
                "taxes": taxes[variant.product.tax_class],
                "discounts": [],
            }
        )
    cart: dict[str, Any] = {
        "currency": market.currency,
        "prices_include_tax": market.prices_include_tax,
        "tax_rounding": "document",
        "lines": priced_lines,
        "order_discounts": [],
        "charges": [],
    }
    goods = sum(price_of(line["unit_minor"], line["quantity"], line["scale"]) for line in priced_lines)
    if ships and not _ships_free(market, goods):
        cart["charges"] = [
            {
                "id": "shipping",
                "kind": "shipping",
                "label": _("Shipping"),
                "amount_minor": market.shipping_minor,
                "taxes": taxes[pricing.STANDARD] if market.prices_include_tax else [],
                "discounts": [],
            }
        ]
    return price_cart(cart)


def _ships_free(market: Market, goods_minor: int) -> bool:
    threshold = market.free_shipping_from_minor
    return market.shipping_minor == 0 or (threshold is not None and goods_minor >= threshold)
