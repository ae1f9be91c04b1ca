"""Reads that the shop's pages and its API share."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.catalog.listings import NOW
from commerce.catalog.models import Variant
from commerce.company.models import ApiToken
from commerce.kernel.db import rows
from commerce.kernel.errors import NotFound
from commerce.pricing.coupons import Entered
from orders import cart_prices, carts
from orders.models import Cart
from orders.quotes import home_of


def cart_of_client(uid: UUID, client: ApiToken | None) -> Cart:
    """A cart with its market. Another client's does not exist for the caller. Raises `NotFound`."""
    found = Cart.objects.select_related("market__price_list").filter(uid=uid, client=client).first()
    if found is None:
        raise NotFound(what="cart", key=str(uid))
    return found


def open_cart_of(uid: UUID) -> Cart | None:
    """A shopper's cart with its market, unless it was ordered already."""
    found = Cart.objects.select_related("market__price_list")
    return found.filter(uid=uid, client=None, state=Cart.State.OPEN).first()


def units_in_cart(uid: UUID) -> int:
    """How many things a shopper's open cart holds; what is measured is one of them."""
    found = rows(
        "SELECT coalesce(sum(CASE WHEN v.unit = 'each' THEN l.quantity WHEN l.id IS NULL THEN 0 ELSE 1 END), 0)"
        " + coalesce(max(jsonb_array_length(c.gift_card_lines)), 0) FROM orders_cart c"
        " LEFT JOIN (orders_cartline l JOIN catalog_variant v ON v.id = l.variant_id) ON l.cart_id = c.id"
        " WHERE c.uid = %s AND c.client_id IS NULL AND c.state = 'open'",
        [uid],
    )
    return int(found[0][0])


def priced_cart(cart: Cart, *, at: datetime) -> tuple[list[tuple[Variant, int]], dict[str, Any] | None, Entered]:
    """A cart's contents, the engine's answer for them (none for an empty cart), and its coupons as they stand."""
    contents, entered = carts.contents(cart), carts.entered_coupons(cart, at=at)
    if not (contents or cart.gift_card_lines):
        return [], None, entered
    place = home_of(cart.market)
    return contents, cart_prices.price(cart, contents, place=place, ships=False, at=at, entered=entered), entered


def popular_products(market: int, *, at: datetime, limit: int) -> list[int]:
    """Primary keys of what sells best on the web in a market."""
    found = rows(
        f"SELECT p.id FROM catalog_product p JOIN catalog_listing l ON l.product_id = p.id AND {NOW}"
        " WHERE p.status = 'active' AND p.on_web ORDER BY p.popularity DESC, p.id LIMIT %(limit)s",
        {"market": market, "at": at, "limit": limit},
    )
    return [pk for (pk,) in found]


def related_products(product_id: int, category: str, market: int, *, at: datetime, limit: int) -> list[int]:
    """Primary keys of others on the same shelf (a facet such as "category:boots"), the most popular first."""
    found = rows(
        f"SELECT p.id FROM catalog_product p JOIN catalog_listing l ON l.product_id = p.id AND {NOW}"
        " WHERE p.status = 'active' AND p.on_web AND p.id <> %(product)s AND p.facets @> ARRAY[%(shelf)s]::varchar[]"
        " ORDER BY p.popularity DESC, p.id LIMIT %(limit)s",
        {"market": market, "at": at, "product": product_id, "shelf": category, "limit": limit},
    )
    return [pk for (pk,) in found]


def sitemap_pages() -> list[tuple[str, str]]:
    """(kind, slug) of every category and every product that the web sells."""
    return [
        (kind, slug)
        for kind, slug in rows(
            "SELECT 'category', slug FROM catalog_category UNION ALL"
            " SELECT 'product', slug FROM catalog_product WHERE status = 'active' AND on_web ORDER BY 1, 2"
        )
    ]
