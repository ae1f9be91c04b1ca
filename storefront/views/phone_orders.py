"""The link by which a customer pays for what they ordered on the phone."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commerce.kernel.clock import now
from commerce.kernel.errors import NotFound
from orders import bills, cart_prices, codes, phone_orders
from orders.models import Cart, Order, PhoneOrder
from storefront import checkout
from storefront.baskets import basket_of
from storefront.sessions import Visitor, remember_cart, remember_country, remember_store, visitor


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone_order(request: HttpRequest, token: str) -> HttpResponse:
    """What was put together, at the prices of now; pressing its button opens exactly this cart's checkout. Looking at
    it changes nothing, as programs that check mails for their readers look, too."""
    order, at = _opened(token), now()
    placed = Order.objects.placed().filter(cart=order.cart).exclude(state=Order.State.CANCELED).last()
    if placed is not None:
        return redirect(f"{reverse('shop-order', args=[codes.link_token(placed.uid)])}")
    is_over = order.expires_at is None or order.expires_at <= at or order.cart.state != Cart.State.OPEN
    if is_over:
        return _private(render(request, "storefront/phone_order_over.html", {"phone_order": order}, status=410))
    if request.method == "POST":
        return _private(_entered(order))
    context = _context(visitor(request), order, at)
    return _private(render(request, "storefront/phone_order.html", context))


def _opened(token: str) -> PhoneOrder:
    uid = codes.phone_order_of(token)
    try:
        found = phone_orders.by_uid(uid) if uid else None
    except NotFound:
        found = None
    if found is None or found.sent_at is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    # The address opens the order: no other site may learn it. With "no-referrer" its form would have no origin.
    response["Referrer-Policy"] = "same-origin"
    return response


def _entered(order: PhoneOrder) -> HttpResponse:
    """This browser goes on with this cart, where its market sells."""
    response = redirect("shop-checkout")
    remember_cart(response, order.cart.uid)
    countries = order.cart.market.countries
    country = order.address.get("country") or (order.location.country if order.location else "")
    remember_country(response, country if country in countries else (countries or [""])[0])
    if order.location:
        remember_store(response, order.location.code)
    return response


def _context(who: Visitor, order: PhoneOrder, at: datetime) -> dict[str, Any]:
    cart, wish = order.cart, phone_orders.wish_of(order)
    shown = basket_of(cart, locations=who.frame.locations, stores=who.stores, at=at)
    contents = [(line.variant, line.quantity) for line in shown.lines if line.unit_minor is not None]
    context: dict[str, Any] = {"phone_order": order, "basket": shown, "market": cart.market}
    if not contents:
        return context
    priced = cart_prices.price_now(cart, contents, wish=wish, at=at, entered=shown.entered)
    ships = wish.type == "ship"
    knows_place = bool((wish.address or {}).get("country")) if ships else wish.location is not None
    bill = bills.of_answer(priced, ships=ships, tax_known=knows_place)
    return {
        **context,
        "rows": bill.rows(),
        "total": bill.total_minor,
        "save": bill.save_minor,
        "note": checkout.tax_note(bill.taxes, bill.currency, included=bill.included),
        "quoted": order.quoted_minor if order.quoted_minor != bill.total_minor else None,
    }
