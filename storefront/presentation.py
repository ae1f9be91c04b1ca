"""A cart as the API shows it."""

from typing import Any

from commerce.catalog.models import Variant
from commerce.catalog.units import in_units, named
from orders.models import Cart
from orders.presentation import money


def cart_body(cart: Cart, contents: list[tuple[Variant, int]], priced: dict[str, Any] | None) -> dict[str, Any]:
    """A cart with its prices; `priced` is the engine's answer, None for an empty cart.

    Before checkout the place of delivery is unknown: where prices are without tax, `tax` is then still zero.
    """
    currency = cart.market.currency
    lines = []
    for (variant, quantity), line in zip(contents, priced["lines"] if priced else [], strict=True):
        lines.append(
            {
                "sku": variant.sku,
                "name": variant.name,
                "quantity": in_units(quantity, variant.unit_scale),
                **named(variant.unit),
                "unit_price": money(line["unit"], currency),
                "discount": money(line["discount"], currency),
                "total": money(line["total"], currency),
            }
        )
    return {
        "id": str(cart.uid),
        "state": cart.state,
        "market": cart.market.code,
        "currency": currency,
        "lines": lines,
        "subtotal": money(priced["subtotal"] if priced else 0, currency),
        "discount": money(priced["discount_total"] if priced else 0, currency),
        "tax": money(priced["tax_total"] if priced else 0, currency),
        "total": money(priced["total"] if priced else 0, currency),
    }
