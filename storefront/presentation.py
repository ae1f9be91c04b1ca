"""A cart as the API shows it."""

from typing import Any

from commerce.catalog.models import Variant
from commerce.catalog.units import in_units, named
from commerce.pricing.coupons import Entered
from customers.models import GiftCard, WalletHold
from orders import bought_gift_cards
from orders.bought_gift_cards import BoughtCard
from orders.models import Cart
from orders.presentation import discount_bodies, money
from storefront import savings

Contents = list[tuple[Variant, int]]


def cart_body(cart: Cart, contents: Contents, priced: dict[str, Any] | None, entered: Entered) -> dict[str, Any]:
    """A cart with its prices; `priced` is the engine's answer, None for an empty cart.

    Before checkout the place of delivery is unknown: where prices are without tax, `tax` is then still zero.
    """
    currency = cart.market.currency
    coupons = savings.coupon_lines(cart.coupons, entered, priced, currency)
    hint = savings.hint_of(priced, cart.market)
    return {
        "id": str(cart.uid),
        "state": cart.state,
        "market": cart.market.code,
        "currency": currency,
        "lines": line_bodies(contents, priced),
        "gift_card_lines": [_bought(card, currency) for card in bought_gift_cards.of_cart(cart)],
        **sums_of(priced, currency),
        "coupons": [_coupon(coupon, currency) for coupon in coupons],
        "gift_cards": _paying(cart),
        "hints": [{"text": hint.words, "skus": hint.skus}] if hint else [],
    }


def line_bodies(contents: Contents, priced: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The lines; what `discounts` took off adds up to `discount`, shares of what reduced the whole order among them."""
    found = []
    goods = bought_gift_cards.goods_of(priced) if priced else []
    for (variant, quantity), line in zip(contents, goods, strict=True):
        currency = priced["currency"] if priced else ""
        found.append(
            {
                "sku": variant.sku,
                "name": variant.name,
                "quantity": in_units(quantity, variant.unit_scale),
                **named(variant.unit),
                "unit_price": money(line["unit"], currency),
                "discount": money(line["discount"], currency),
                "discounts": discount_bodies(line["adjustments"], currency),
                "total": money(line["total"], currency),
            }
        )
    return found


def sums_of(priced: dict[str, Any] | None, currency: str) -> dict[str, Any]:
    """The totals. `discounts` are those of the whole order; `savings` counts compare-at prices, too."""
    found = priced or {}
    sums = {name: money(found.get(key, 0), currency) for name, key in _SUMS}
    return {**sums, "discounts": discount_bodies(found.get("adjustments", []), currency)}


_SUMS = (
    *(("subtotal", "subtotal"), ("discount", "discount_total"), ("shipping", "shipping_total"), ("fees", "fee_total")),
    *(("tax", "tax_total"), ("total", "total"), ("savings", "savings")),
)


def _coupon(coupon: savings.CouponLine, currency: str) -> dict[str, Any]:
    shown = {"code": coupon.code, "label": coupon.label, "amount": money(coupon.amount_minor, currency)}
    return {**shown, "message": coupon.why, "is_usable": not coupon.stops}


def _bought(card: BoughtCard, currency: str) -> dict[str, Any]:
    return {
        "id": card.id,
        "sku": card.sku,
        "name": card.name,
        "amount": money(card.amount_minor, currency),
        "recipient": {"name": card.to_name, "email": card.to_email},
        "message": card.message,
        "send_on": card.send_on or None,
    }


def _paying(cart: Cart) -> list[dict[str, Any]]:
    """Gift cards that are to pay, as they were entered; what each pays is known at checkout. No statement without."""
    known = GiftCard.objects.in_bulk(cart.gift_cards) if cart.gift_cards else {}
    return [{"id": str(known[pk].uid), "last4": known[pk].last_four} for pk in cart.gift_cards if pk in known]


def held_body(held: WalletHold) -> dict[str, Any]:
    """What a gift card pays of a checkout."""
    card = held.gift_card
    shown = {"id": str(card.uid), "last4": card.last_four} if card else {}
    return {**shown, "amount": money(held.amount_minor, held.currency)}
