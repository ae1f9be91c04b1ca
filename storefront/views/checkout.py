"""The first half of the checkout: who buys, and where the goods go. Ends with units held and a payment announced."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from commerce.catalog import units
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.http import address_of
from commerce.pricing.models import Channel
from inventory.errors import InsufficientStock
from orders import bills, cart_prices, offered, phone_orders
from orders.drafts import Contact
from orders.errors import EmptyCart, PaymentInProgress
from orders.fulfillment_types.base import Wish
from orders.models import Cart, PhoneOrder
from storefront import checkout as checkouts
from storefront import promises
from storefront.actions import fill_cart
from storefront.actions.check_out import check_out
from storefront.baskets import Basket
from storefront.forms import DetailsForm, details_of
from storefront.sessions import Visitor, visitor
from storefront.views.carts import basket


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    who = visitor(request)
    if who.cart is None:
        return redirect("shop-cart")
    form = _form(request, who)
    if request.method != "POST":
        shown = basket(who)
        if not shown.can_check_out:
            return redirect("shop-cart")
        return render(request, "storefront/checkout.html", _context(who, form, shown))
    if not form.is_valid():
        return render(request, "storefront/checkout.html", _context(who, form, basket(who)), status=422)
    return _hold(request, who, form)


def _form(request: HttpRequest, who: Visitor) -> DetailsForm:
    ways = offered.ways(who.market)
    stores = [store for store in who.stores if store.offers_pickup and "pickup" in ways]
    is_mailed = bool(who.cart and who.cart.gift_card_lines) and basket(who).is_mailed
    given: dict[str, Any] = {
        "countries": who.market.countries,
        "stores": stores,
        "ships": "ship" in ways,
        "is_mailed": is_mailed,
    }
    if request.method == "POST":
        return DetailsForm(request.POST, **given)
    method = "ship" if given["ships"] else "pickup"
    initial: dict[str, Any] = {"country": who.country, "method": method, "store": who.store.code if who.store else ""}
    earlier = checkouts.of_cart(who.cart_uid)
    if earlier:
        initial |= details_of(earlier.contact, earlier.wish)
    elif who.cart and who.cart.channel == Channel.PHONE:
        initial |= _said_on_the_phone(who.cart)
    return DetailsForm(initial=initial, **given)


def _said_on_the_phone(cart: Cart) -> dict[str, Any]:
    order = PhoneOrder.objects.select_related("location").get(cart=cart)
    return details_of(Contact(order.email, order.name), phone_orders.wish_of(order))


def _hold(request: HttpRequest, who: Visitor, form: DetailsForm) -> HttpResponse:
    """Check out, after lowering what the shopper agreed to lower; refusals are shown with everything they typed."""
    assert who.cart is not None
    wish, at = form.wish(), now()
    try:
        if "lower" in request.POST:
            fill_cart.lower_lines(who.cart.uid, _most(basket(who), wish), at=at)
        check_out(who.cart.uid, contact=form.contact(), wish=wish, address=address_of(request), at=at)
    except EmptyCart:
        messages.warning(request, _("Nothing of your cart is left to order."))
        return redirect("shop-cart")
    except PaymentInProgress:
        return redirect("shop-payment-return")
    except DomainError as error:
        context = _context(who, form, basket(who), refusal=error)
        return render(request, "storefront/checkout.html", context, status=error.status)
    return redirect("shop-payment")


def _most(shown: Basket, wish: Wish) -> dict[int, int]:
    """What can be had of each variant in the chosen way."""
    there = shown.stock.get(wish.location.pk, {}) if wish.location else shown.shippable
    return {line.variant.pk: there.get(line.variant.pk, 0) for line in shown.lines}


def _context(who: Visitor, form: DetailsForm, shown: Basket, refusal: DomainError | None = None) -> dict[str, Any]:
    at = now()
    method = "pickup" if form["method"].value() == "pickup" or not form.ships else "ship"
    store = next((store for store in form.stores if store.code == form["store"].value()), None)
    wish = Wish(method, location=store if method == "pickup" else None, address=_place(form))
    wish = Wish("email") if shown.is_mailed else wish
    return {
        "form": form,
        "basket": shown,
        "refusal": refusal,
        "shortage": _shortage(refusal, shown) if isinstance(refusal, InsufficientStock) else [],
        "store_choices": _stores(form, shown, at),
        "cannot_ship": shown.missing_for_delivery(),
        "delivery_days": promises.delivery_sentence(
            at, who.frame.locations[0].time_zone if who.frame.locations else "UTC"
        ),
        **_summary(who, shown, wish, at),
    }


def _shortage(refusal: InsufficientStock, shown: Basket) -> list[dict[str, str]]:
    """What is missing, line by line, with its unit: a length of ribbon is not a number of ribbons."""
    named = {line.variant.sku: line.variant for line in shown.lines}
    return [_missing(item, named.get(str(item["sku"]))) for item in refusal.context["items"]]


def _missing(item: dict[str, Any], variant: Variant | None) -> dict[str, str]:
    unit = f" {units.symbol(variant.unit)}" if variant and variant.unit != units.PIECE else ""
    there = f"{item['available']}{unit}" if item["available"] else ""
    return {"name": item.get("name") or item["sku"], "there": there, "wanted": f"{item['requested']}{unit}"}


def _place(form: DetailsForm) -> dict[str, str]:
    country = form["country"].value() or form.countries[0]
    state = form["state"].value() or ""
    is_known = country in form.countries and (state or not form.has_states)
    return {"country": country, "state": state, "postal_code": form["postal_code"].value() or ""} if is_known else {}


def _stores(form: DetailsForm, shown: Basket, at: datetime) -> list[dict[str, Any]]:
    """The stores to collect from, each with what it lacks of this very cart."""
    choices = []
    for store in form.stores:
        missing = shown.missing_at(store.pk)
        names = ", ".join(line.variant.name for line in missing)
        ready = _("All of it is here, %(ready)s") % {"ready": promises.ready_sentence(store, at)}
        choices.append(
            {
                "store": store,
                "hint": _("Not enough here of %(names)s") % {"names": names} if missing else ready,
                "is_complete": not missing,
                "is_chosen": form["store"].value() == store.code,
            }
        )
    return sorted(choices, key=lambda choice: (not choice["is_chosen"], not choice["is_complete"]))


def _summary(who: Visitor, shown: Basket, wish: Wish, at: datetime) -> dict[str, Any]:
    """The totals as far as they are known before the address is complete."""
    contents = [(line.variant, line.quantity) for line in shown.lines if line.unit_minor is not None]
    if not (contents or shown.cards) or not who.cart:
        return {"rows": [], "total": 0, "note": "", "save": 0}
    priced = cart_prices.price_now(who.cart, contents, wish=wish, at=at, entered=shown.entered)
    tax_known = wish.location is not None or bool(wish.address) or wish.type == "email"
    bill = bills.of_answer(priced, ships=wish.type == "ship", tax_known=tax_known)
    note = checkouts.tax_note(bill.taxes, bill.currency, included=bill.included)
    return {"rows": bill.rows(), "total": bill.total_minor, "note": note, "save": bill.save_minor}


@never_cache
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """The totals again, for the address or store that has just been chosen."""
    return render(request, "storefront/_checkout_summary.html", order_context(request, visitor(request)))


def order_context(request: HttpRequest, who: Visitor) -> dict[str, Any]:
    """The lines and the totals, for what the form holds so far."""
    given = request.POST if request.method == "POST" else request.GET
    method = "pickup" if given.get("method") == "pickup" else "ship"
    store = next((store for store in who.stores if store.code == given.get("store")), None)
    country = given.get("country") or who.country
    state = given.get("state", "")
    told = {"country": country, "state": state, "postal_code": given.get("postal_code", "")[:20]}
    address = told if state or who.market.prices_include_tax else {}
    wish = Wish(method, location=store if method == "pickup" else None, address=address if method == "ship" else {})
    shown = basket(who)
    wish = Wish("email") if shown.is_mailed else wish
    return {"basket": shown, **_summary(who, shown, wish, now())}


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Check out once more as before: after the hold has run out, or with a cart that has changed."""
    who = visitor(request)
    earlier = checkouts.of_cart(who.cart_uid)
    if who.cart is None or earlier is None or not earlier.contact.email:
        return redirect("shop-checkout")
    try:
        address = address_of(request)
        check_out(who.cart.uid, contact=earlier.contact, wish=earlier.wish, address=address, at=now())
    except PaymentInProgress:
        return redirect("shop-payment-return")
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("shop-checkout")
    return redirect("shop-payment")
