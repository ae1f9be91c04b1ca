"""Coupons in the cart and in the checkout: a code goes in, a code goes out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.http import address_of
from storefront.actions.enter_coupon import enter_coupon
from storefront.actions.remove_coupon import remove_coupon
from storefront.sessions import Visitor, visitor
from storefront.views import carts, checkout


@require_POST
def coupons(request: HttpRequest) -> HttpResponse:
    """Put in the code that was typed, or take out the one whose button was pressed; answers where it came from."""
    who = visitor(request)
    if who.cart is None:
        return redirect("shop-cart")
    said: dict[str, str] = {}
    try:
        if code := request.POST.get("remove", ""):
            who.cart = _again(who, remove_coupon(who.cart.uid, code, at=now()).coupons)
        else:
            code = request.POST.get("code", "")
            filled, is_new = enter_coupon(who.cart.uid, code, address=address_of(request), at=now())
            who.cart = _again(who, filled.coupons)
            said["done"] = _("The coupon is in.") if is_new else _("This coupon is in already.")
    except DomainError as error:
        said["error"] = str(error)
    return _answer(request, who, said)


def _again(who: Visitor, codes: list[str]) -> Any:
    assert who.cart is not None
    who.cart.coupons = codes
    return who.cart


def _answer(request: HttpRequest, who: Visitor, said: dict[str, str]) -> HttpResponse:
    htmx: Any = getattr(request, "htmx", None)
    in_checkout = request.POST.get("in") == "checkout"
    typed = request.POST.get("code", "") if "error" in said else ""
    more = {"coupon_error": said.get("error", ""), "coupon_done": said.get("done", ""), "coupon_typed": typed}
    status = 422 if "error" in said else 200
    if htmx and in_checkout:
        return render(
            request, "storefront/_checkout_order.html", {**checkout.order_context(request, who), **more}, status=status
        )
    if htmx:
        context = {"basket": carts.basket(who), "in_drawer": request.POST.get("in") == "drawer", "is_fragment": True}
        return render(request, "storefront/_cart.html", {**context, **more}, status=status)
    if "error" in said and not in_checkout:
        return render(request, "storefront/cart.html", {"basket": carts.basket(who), **more}, status=status)
    if said:
        messages.add_message(request, messages.ERROR if "error" in said else messages.SUCCESS, " ".join(said.values()))
    return redirect("shop-checkout" if in_checkout else "shop-cart")
