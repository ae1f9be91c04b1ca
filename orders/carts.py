"""The only writer of carts."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.catalog import units
from commerce.catalog.models import Variant
from commerce.company.models import ApiToken
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.kernel.idempotency import fingerprint
from commerce.kernel.ids import new_uid
from commerce.pricing import coupons
from commerce.pricing.models import Market
from orders.errors import CartClosed
from orders.models import Cart, CartLine, Order
from orders.models.cart import MAX_QUANTITY

MAX_LINES = 200
MAX_COUPONS = 10


@in_transaction
def open_cart(market: Market, *, at: datetime, client: ApiToken | None = None) -> Cart:
    """A new, empty cart."""
    return Cart.objects.create(uid=new_uid(), market=market, client=client, created_at=at, updated_at=at)


@in_transaction
def hold(uid: UUID, *, client: ApiToken | None = None) -> Cart:
    """Lock a cart that is open. Another client's does not exist for the caller. Raises `NotFound`, `CartClosed`."""
    found = list(
        Cart.objects.raw(
            "SELECT * FROM orders_cart WHERE uid = %s AND client_id IS NOT DISTINCT FROM %s FOR UPDATE",
            [uid, client and client.pk],
        )
    )
    if not found:
        raise NotFound(what="cart", key=str(uid))
    cart = found[0]
    if cart.state != Cart.State.OPEN:
        raise CartClosed()
    return cart


def read_quantity(written: Any, variant: Variant, *, least: int = 1) -> int:
    """How much of a variant was meant, in its smallest amounts. Raises `InvalidInput` with what to write instead."""
    try:
        return units.smallest(written, variant, least=least, most=MAX_QUANTITY * variant.unit_scale)
    except units.NoAmount as error:
        raise InvalidInput({"quantity": [str(error)]}) from error


def check_quantity(quantity: int, variant: Variant) -> int:
    """Raise `InvalidInput` unless so much of a variant, in its smallest amounts, can be ordered at once."""
    return read_quantity(units.in_units(quantity, variant.unit_scale), variant)


@in_transaction
def add(cart: Cart, variant: Variant, quantity: int, *, seen_unit_minor: int | None = None, at: datetime) -> int:
    """Put smallest amounts into the cart, on top of what is there; the line's new quantity.

    `seen_unit_minor` is the price that the shopper was shown, if they were shown one.
    """
    check_quantity(quantity, variant)
    found = rows(
        "WITH line AS (INSERT INTO orders_cartline (cart_id, variant_id, quantity, seen_unit_minor)"
        " SELECT %s, %s, %s, %s"
        " WHERE %s > (SELECT count(*) FROM orders_cartline WHERE cart_id = %s AND variant_id <> %s)"
        " ON CONFLICT (cart_id, variant_id) DO UPDATE SET"
        " quantity = LEAST(orders_cartline.quantity + EXCLUDED.quantity, %s),"
        " seen_unit_minor = coalesce(EXCLUDED.seen_unit_minor, orders_cartline.seen_unit_minor) RETURNING quantity)"
        " UPDATE orders_cart SET updated_at = %s FROM line WHERE orders_cart.id = %s RETURNING quantity",
        [
            *(cart.pk, variant.pk, quantity, seen_unit_minor),
            *(MAX_LINES, cart.pk, variant.pk),
            *(MAX_QUANTITY * variant.unit_scale, at, cart.pk),
        ],
    )
    if not found:
        raise InvalidInput({"sku": [_("A cart holds at most %(most)d different items.") % {"most": MAX_LINES}]})
    return int(found[0][0])


@in_transaction
def see_prices(cart: Cart, prices: dict[int, int]) -> None:
    """The shopper was shown these unit prices, by variant: from now on only another price is news."""
    rows(
        "UPDATE orders_cartline l SET seen_unit_minor = p.unit FROM unnest(%s::bigint[], %s::bigint[])"
        " AS p(variant, unit) WHERE l.cart_id = %s AND l.variant_id = p.variant",
        [list(prices), list(prices.values()), cart.pk],
    )


@in_transaction
def set_quantity(cart: Cart, variant: Variant, quantity: int, *, at: datetime) -> None:
    """Make a line's quantity exactly this; 0 takes the line out."""
    if quantity == 0:
        CartLine.objects.filter(cart=cart, variant=variant).delete()
    else:
        CartLine.objects.filter(cart=cart, variant=variant).update(quantity=check_quantity(quantity, variant))
    Cart.objects.filter(pk=cart.pk).update(updated_at=at)


@in_transaction
def close(cart_id: int) -> None:
    """The cart became an order."""
    rows("UPDATE orders_cart SET state = %s WHERE id = %s", [Cart.State.ORDERED.value, cart_id])


def lines(cart: Cart) -> list[CartLine]:
    """Lines with their variants and products, in the order in which they were put in."""
    return list(CartLine.objects.filter(cart=cart).select_related("variant__product").order_by("id"))


@in_transaction
def enter_coupon(cart: Cart, code: str, *, at: datetime) -> bool:
    """Put a code into a cart that the caller holds; whether it was not in it yet. It is used up with the order.

    Whether it takes anything off is the price engine's business: what gives nothing yet may do so with another item.
    Raises `CouponUnknown`, `CouponEnded`, `CouponUsedUp`, and `InvalidInput` for nothing or for too many.
    """
    if not coupons.normalize(code):
        raise InvalidInput({"code": [_("Enter the code of your coupon.")]})
    if coupons.normalize(code) in {coupons.normalize(there) for there in cart.coupons}:
        return False
    if len(cart.coupons) >= MAX_COUPONS:
        raise InvalidInput({"code": [_("At most %(most)d coupons can be used at once.") % {"most": MAX_COUPONS}]})
    found = coupons.find(code, today=business_date(cart.market.time_zone, at))
    set_coupons(cart, [*cart.coupons, found.code], at=at)
    return True


@in_transaction
def remove_coupon(cart: Cart, code: str, *, at: datetime) -> None:
    """Take a code out again; one that is not in the cart is no matter."""
    kept = [there for there in cart.coupons if coupons.normalize(there) != coupons.normalize(code)]
    if kept != cart.coupons:
        set_coupons(cart, kept, at=at)


@in_transaction
def set_coupons(cart: Cart, codes: Sequence[str], *, at: datetime) -> None:
    """The codes that a shopper has entered, as they are written."""
    Cart.objects.filter(pk=cart.pk).update(coupons=list(codes), updated_at=at)
    cart.coupons = list(codes)


@in_transaction
def set_gift_cards(cart: Cart, cards: Sequence[int], *, at: datetime) -> None:
    """The gift cards (primary keys) that are to pay for it. The caller holds the cart's lock."""
    Cart.objects.filter(pk=cart.pk).update(gift_cards=list(cards), updated_at=at)
    cart.gift_cards = list(cards)


@in_transaction
def set_gift_card_lines(cart: Cart, lines: Sequence[dict[str, Any]], *, at: datetime) -> None:
    """The gift cards that are bought with it. The caller holds the cart's lock."""
    Cart.objects.filter(pk=cart.pk).update(gift_card_lines=list(lines), updated_at=at)
    cart.gift_card_lines = list(lines)


def entered_coupons(cart: Cart, *, at: datetime) -> coupons.Entered:
    """The cart's coupons as they stand on this day of its market; no statement without any. One that the cart's own
    checkout holds is not used up for it."""
    if not cart.coupons:
        return coupons.look_up([], today=at.date())
    own = Order.objects.filter(cart=cart, state=Order.State.DRAFT).values_list("uid", flat=True)
    return coupons.look_up(cart.coupons, today=business_date(cart.market.time_zone, at), held_by=list(own))


def contents(cart: Cart) -> list[tuple[Variant, int]]:
    """Variants with their products, and quantities, in the order in which they were put in."""
    return [(line.variant, line.quantity) for line in lines(cart)]


def content_hash(
    lines: list[tuple[Variant, int]],
    codes: Sequence[str] = (),
    gift_cards: Sequence[int] = (),
    bought: Sequence[dict[str, Any]] = (),
) -> str:
    """By which a checkout knows whether its cart has changed since: a line, a coupon, a gift card that pays or one that
    is bought."""
    return _hash(((variant.pk, quantity) for variant, quantity in lines), codes, gift_cards, bought)


def _hash(
    lines: Iterable[tuple[int, int]],
    codes: Sequence[str],
    gift_cards: Sequence[int],
    bought: Sequence[dict[str, Any]],
) -> str:
    parts: list[Any] = [sorted(lines), sorted(codes), list(gift_cards), list(bought)]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return fingerprint(parts if len(parts) > 1 else parts[0])


def hash_now(cart: Cart) -> str:
    """The `content_hash` of what is in the cart."""
    found = rows(
        "SELECT l.variant_id, l.quantity, c.coupons, c.gift_cards, c.gift_card_lines FROM orders_cart c"
        " LEFT JOIN orders_cartline l ON l.cart_id = c.id"
        " WHERE c.id = %s",
        [cart.pk],
    )
    lines = ((row[0], row[1]) for row in found if row[0])
    codes, cards, bought = found[0][2:] if found else ([], [], [])
    return _hash(lines, codes, cards, json.loads(bought) if isinstance(bought, str) else bought)
