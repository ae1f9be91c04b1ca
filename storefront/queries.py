"""Reads that the shop's pages and its API share."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.catalog.models import Variant
from commerce.company.models import ApiToken
from commerce.kernel.errors import NotFound
from orders import carts
from orders.models import Cart
from orders.quotes import home_of, quote


def cart_of_client(uid: UUID, client: ApiToken | None) -> Cart:
    """A cart with its market. Another client's does not exist for the caller. Raises `NotFound`."""
    found = Cart.objects.select_related("market__price_list").filter(uid=uid, client=client).first()
    if found is None:
        raise NotFound(what="cart", key=str(uid))
    return found


def priced_cart(cart: Cart, *, at: datetime) -> tuple[list[tuple[Variant, int]], dict[str, Any] | None]:
    """A cart's contents and the engine's answer for them; no answer for an empty cart."""
    contents = carts.contents(cart)
    if not contents:
        return [], None
    return contents, quote(contents, market=cart.market, place=home_of(cart.market), ships=False, at=at)
