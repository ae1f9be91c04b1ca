"""Saved cards: whether one is kept with a payment, and the page, behind a signed link, where a customer sees them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commerce.kernel.clock import now
from commerce.kernel.errors import NotFound
from commerce.kernel.http import address_of
from customers import saved_cards
from customers.models import Customer
from orders import card_consent, codes
from orders.actions.keep_card import begin_keeping
from orders.actions.remove_card import remove_card
from orders.errors import CardNotKept, NoCheckout
from storefront import declines
from storefront.actions.choose_card_keeping import choose_card_keeping
from storefront.actions.save_card import save_card
from storefront.sessions import visitor


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Before the card form sends the card: may the card network keep it?"""
    uid = visitor(request).cart_uid
    if uid is None:
        raise NoCheckout()
    choose_card_keeping(uid, is_wanted=request.POST.get("keep") == "1", at=now())
    return JsonResponse({"state": "noted"})


@never_cache
@require_safe
def cards(request: HttpRequest, token: str) -> HttpResponse:
    """The customer's cards; the card network sends a browser back here after a bank's question."""
    customer, at = _opened(token), now()
    if setup := request.GET.get("setup_intent", ""):
        _finish(request, customer, setup, at)
        return redirect("shop-cards", token)
    return _private(render(request, "storefront/cards.html", _context(customer, token, at)))


@require_POST
def addition(request: HttpRequest, token: str) -> HttpResponse:
    """Announces a card to the network: the form's secret. Counted like refused cards, so that none are tried out."""
    customer, at = _opened(token), now()
    declines.check(customer.uid, address_of(request), at=at)
    return JsonResponse({"state": "go", "client_secret": begin_keeping(customer, at=at)})


@require_POST
def settling(request: HttpRequest, token: str) -> HttpResponse:
    """After the card form got an answer: keep the card, or say that there is none."""
    customer, at = _opened(token), now()
    is_kept = _finish(request, customer, request.POST.get("setup_intent", ""), at)
    return JsonResponse({"state": "elsewhere" if is_kept else "refused", "url": reverse("shop-cards", args=[token])})


@require_POST
def removal(request: HttpRequest, token: str, uid: UUID) -> HttpResponse:
    customer = _opened(token)
    try:
        card = remove_card(uid, customer=customer, at=now())
        messages.success(request, _("%(card)s is removed. Nobody can charge it here any more.") % {"card": card})
    except NotFound:
        messages.error(request, _("This card is not here any more."))
    return redirect("shop-cards", token)


def _finish(request: HttpRequest, customer: Customer, setup: str, at: datetime) -> bool:
    try:
        card = save_card(customer, setup[:120], address=address_of(request), at=at)
    except CardNotKept as error:
        messages.error(request, str(error))
        return False
    messages.success(request, _("%(card)s is saved.") % {"card": card})
    return True


def _opened(token: str) -> Customer:
    uid = codes.customer_of_cards(token)
    found = Customer.objects.filter(uid=uid).first() if uid else None
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    # The address opens the cards: no other site may learn it. With "no-referrer" its forms would have no origin.
    response["Referrer-Policy"] = "same-origin"
    return response


def _context(customer: Customer, token: str, at: datetime) -> dict[str, Any]:
    return {
        "customer": customer,
        "token": token,
        "cards": [(card, card.is_expired(at.date())) for card in saved_cards.of_customer(customer)],
        "consent": card_consent.words(),
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
    }
