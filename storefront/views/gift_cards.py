"""Gift cards in the shop: what is on one, and paying with one in the checkout."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.http import address_of
from commerce.kernel.money import Money
from customers import gift_cards
from customers.actions.look_up_gift_card import look_up_balance
from orders.errors import PaymentInProgress
from storefront.actions.enter_gift_card import enter_gift_card, remove_gift_card
from storefront.actions.pay import start_payment
from storefront.sessions import visitor
from storefront.views import checkout


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def balance(request: HttpRequest) -> HttpResponse:
    """What is on a card. A number that is unknown, empty or blocked is one answer, and guessing is slowed down."""
    if request.method != "POST":
        return render(request, "storefront/gift_card.html", {})
    context: dict[str, Any] = {}
    status, at = 200, now()
    try:
        card = look_up_balance(request.POST.get("code", ""), origin=address_of(request), at=at)
    except DomainError as error:
        context["error"], status = str(error), error.status
    else:
        if card:
            left = gift_cards.available(card, at=at)
            context |= {"card": card, "left": Money(left, card.currency).format()}
        else:
            context["error"], status = (
                _("There is nothing to spend on a card with this number. Check what you typed."),
                422,
            )
    return render(request, "storefront/gift_card.html", context, status=status)


@require_POST
def in_checkout(request: HttpRequest) -> HttpResponse:
    """Pay with the card whose number was typed, or without the one whose button was pressed; then check out anew, so
    that what the bank card pays is the rest."""
    who = visitor(request)
    if who.cart is None:
        return redirect("shop-cart")
    removed = request.POST.get("remove", "")
    try:
        if removed.isdecimal():
            remove_gift_card(who.cart.uid, int(removed[:18]), at=now())
        else:
            enter_gift_card(who.cart.uid, request.POST.get("code", ""), address=address_of(request), at=now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("shop-payment")
    return checkout.again(request)


@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Gift cards pay for all of it: the order is placed without a bank card."""
    uid = visitor(request).cart_uid
    if uid is None:
        return redirect("shop-cart")
    try:
        start_payment(uid, at=now())
    except PaymentInProgress:
        return redirect("shop-payment-return")
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("shop-payment")
    return redirect("shop-payment-return")
