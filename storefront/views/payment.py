"""The second half of the checkout: the card. Browser return, webhook and poller all end in the same settling step."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from commerce.kernel.clock import now
from commerce.kernel.http import address_of
from orders import bills, card_consent, codes
from orders.errors import NoCheckout, PaidButGone, PaymentUnknown
from orders.models import Order, Payment
from orders.wallet_payments import held_for
from storefront import checkout as checkouts
from storefront import declines
from storefront.actions import pay
from storefront.actions.settle_checkout import settle_checkout
from storefront.baskets import pictures_of
from storefront.checkout import Checkout
from storefront.sessions import forget_cart, visitor


@never_cache
@require_safe
def payment(request: HttpRequest) -> HttpResponse:
    who, at = visitor(request), now()
    found = checkouts.of_cart(who.cart_uid)
    if found is None:
        return redirect("shop-cart")
    if found.is_placed or found.is_waiting:
        return redirect("shop-payment-return")
    if found.is_over(at):
        return render(request, "storefront/hold_over.html", {"checkout": found}, status=409)
    if checkouts.has_changed(found):
        context = {"checkout": found, "total_now": checkouts.total_now(found, at=at)}
        return render(request, "storefront/cart_changed.html", context, status=409)
    if found.payment.amount_minor and not found.payment.client_secret:
        return redirect("shop-checkout")
    return render(request, "storefront/payment.html", _context(found, at))


def _context(found: Checkout, at: datetime) -> dict[str, Any]:
    order = found.order
    lines = checkouts.lines_of(order)
    bill = bills.of_order(order, ships=found.type == "ship", lines=lines)
    pictures = pictures_of([line.variant for line in lines], order.market_id, at=now())
    return {
        "checkout": found,
        "order": order,
        "lines": [(line, pictures.get(line.variant_id, "")) for line in lines],
        **_sums(found, bill),
        "save": bill.save_minor,
        "note": checkouts.tax_note(order.taxes, order.currency, included=order.prices_include_tax),
        "seconds_left": found.seconds_left(at),
        "minutes_left": max(1, round(found.seconds_left(at) / 60)),
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
        "failure": found.payment.failure_text,
        "consent": card_consent.words(),
        "is_kept": card_consent.is_given(found.payment),
    }


def _sums(found: Checkout, bill: bills.Bill) -> dict[str, Any]:
    """The rows of the bill, what gift cards pay of it, and what is left for the bank card."""
    order, to_pay = found.order, found.payment.amount_minor
    held = held_for(order) if to_pay < order.total_minor else []
    rows = bill.rows()
    if held:
        rows.append((_("Total"), order.total_minor))
        rows += [(f"{_('Gift card')} {one.gift_card}", -one.amount_minor, "discount") for one in held]
    return {"rows": rows, "wallets": held, "to_pay": to_pay, "to_pay_label": _("To pay") if held else ""}


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Before the card form sends the card: may it? Says where to go instead when the payment is made or under way."""
    uid, at = visitor(request).cart_uid, now()
    if uid is None:
        raise NoCheckout()
    declines.check(uid, address_of(request), at=at)
    started = pay.start_payment(uid, at=at)
    if started.is_resumed:
        order, paid = settle_checkout(started.payment, address=address_of(request), at=at)
        if order.state == Order.State.DRAFT and paid.state == Payment.State.PENDING:
            started = pay.start_payment(uid, at=at)
    if started.attempt is None or started.is_resumed:
        return JsonResponse({"state": "elsewhere", "url": reverse("shop-payment-return")})
    return JsonResponse({"state": "go", "client_secret": started.payment.client_secret})


@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """After the card form got an answer: find out from the card network itself what became of it."""
    found = checkouts.of_cart(visitor(request).cart_uid)
    if found is None:
        raise NoCheckout()
    order, paid = settle_checkout(found.payment, address=address_of(request), is_over=True, at=now())
    if order.state == Order.State.DRAFT and paid.state == Payment.State.PENDING:
        return JsonResponse({"state": "refused"})
    return JsonResponse({"state": "elsewhere", "url": reverse("shop-payment-return")})


@never_cache
@require_safe
def payment_return(request: HttpRequest) -> HttpResponse:
    """Where the browser comes back to after the card, and the page that keeps asking while nobody knows."""
    named = checkouts.of_payment(
        request.GET.get("payment_intent", ""), request.GET.get("payment_intent_client_secret", "")
    )
    found = named or checkouts.of_cart(visitor(request).cart_uid)
    if found is None:
        return redirect("shop-cart")
    url = _outcome(request, found)
    if url is None:
        return render(request, "storefront/waiting.html", {"checkout": found})
    response = redirect(url)
    if url.startswith("/orders/"):
        forget_cart(response)
    return response


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """What the waiting page asks every other second."""
    found = checkouts.of_cart(visitor(request).cart_uid)
    url = _outcome(request, found) if found else reverse("shop-cart")
    if url is None:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Redirect": reverse("shop-payment-return")})


def _outcome(request: HttpRequest, found: Checkout) -> str | None:
    """Where a payment has led to; None while the card network has not said. Raises `PaidButGone`."""
    try:
        order, paid = settle_checkout(found.payment, address=address_of(request), at=now())
    except PaymentUnknown:
        return None
    if order.state in (Order.State.OPEN, Order.State.CLOSED):
        return f"{reverse('shop-order', args=[codes.link_token(order.uid)])}?thanks=1"
    if paid.state == Payment.State.CAPTURED:
        raise PaidButGone()
    return None if paid.state == Payment.State.PROCESSING else reverse("shop-payment")
