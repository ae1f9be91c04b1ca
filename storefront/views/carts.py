"""The cart: as a page, as a drawer, and what is done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from commerce.catalog.skus import normalize_sku
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.pricing.models import Channel
from commerce.pricing.queries import unit_prices
from orders.carts import read_quantity
from orders.errors import NotForSale
from storefront.actions import fill_cart
from storefront.baskets import Basket, basket_of, empty
from storefront.sessions import Visitor, remember_cart, visitor
from storefront.views.products import product_context


def basket(who: Visitor) -> Basket:
    """The visitor's basket as of now."""
    if who.cart is None:
        return empty(who.market.currency)
    return basket_of(who.cart, locations=who.frame.locations, stores=who.stores, at=now())


@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    who = visitor(request)
    shown = basket(who)
    if who.cart and shown.changed_prices:
        fill_cart.see_prices(who.cart.uid, shown.changed_prices)
    return render(request, "storefront/cart.html", {"basket": shown})


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a variant into the cart: answers with the drawer, or without script with the cart's page."""
    who = visitor(request)
    variant = fill_cart.find_variant(normalize_sku(request.POST.get("sku", "")).value)
    try:
        quantity = read_quantity(request.POST.get("quantity", "1"), variant)
    except InvalidInput as error:
        return _refused(request, variant.product.slug, error)
    price = unit_prices([variant.pk], market=who.market, at=now()).get(variant.pk)
    if price is None:
        raise NotForSale(sku=variant.sku, name=variant.name)
    # What staff put together on the phone stays as it is, and can be paid by its link: other goods are another cart.
    uid = who.cart.uid if who.cart and who.cart.channel != Channel.PHONE else None
    filled = fill_cart.add_to_cart(uid, variant, quantity, market=who.market, seen_unit_minor=price[0], at=now())
    who.cart, who.cart_uid = filled, filled.uid
    response = _added(request, who, variant.pk)
    remember_cart(response, filled.uid)
    return response


def _added(request: HttpRequest, who: Visitor, variant: int) -> HttpResponse:
    if not getattr(request, "htmx", None):
        messages.success(request, _("It is in your cart."))
        return redirect("shop-cart")
    shown = basket(who)
    who.cart_count = shown.count
    return render(request, "storefront/_cart_drawer.html", {"basket": shown, "added": variant, "in_drawer": True})


def _refused(request: HttpRequest, slug: str, error: InvalidInput) -> HttpResponse:
    if getattr(request, "htmx", None):
        raise error
    request.path = request.path_info = f"/products/{slug}/"
    context = {**product_context(request, slug, at=now()), "quantity_error": str(error)}
    return render(request, "storefront/product.html", context, status=422)


@require_POST
def change(request: HttpRequest, sku: str) -> HttpResponse:
    """Make a line's quantity what was typed, or take it out."""
    who = visitor(request)
    if who.cart is None:
        return _shown(request, who, {})
    line = next((line for line in basket(who).lines if line.variant.sku == sku), None)
    errors: dict[str, str] = {}
    try:
        if line:
            typed = "0" if "remove" in request.POST else request.POST.get("quantity", "")
            wanted = read_quantity(typed, line.variant, least=0)
            fill_cart.set_cart_line(who.cart.uid, line.variant, wanted, at=now())
    except InvalidInput as error:
        errors[sku] = str(error)
    return _shown(request, who, errors)


def _shown(request: HttpRequest, who: Visitor, errors: dict[str, str]) -> HttpResponse:
    htmx: Any = getattr(request, "htmx", None)
    if not htmx and not errors:
        return redirect("shop-cart")
    shown = basket(who)
    for line in shown.lines:
        line.problem = errors.get(line.variant.sku, line.problem)
    who.cart_count = shown.count
    context = {"basket": shown, "in_drawer": request.POST.get("in") == "drawer", "is_fragment": bool(htmx)}
    template = "storefront/_cart.html" if htmx else "storefront/cart.html"
    return render(request, template, context, status=422 if errors else 200)
