"""The stores, and choosing one; the country, and choosing it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from commerce.kernel.clock import now
from storefront import promises
from storefront.actions.move_cart import move_cart
from storefront.context import country_name
from storefront.sessions import remember_cart, remember_country, remember_store, visitor


def way_back(request: HttpRequest, fallback: str = "/") -> str:
    """Where to go on: the address of this site that the request names, else a fallback."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else fallback


@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    who, at = visitor(request), now()
    shown = [(store, promises.hours_sentence(store, at)) for store in who.stores]
    return render(request, "storefront/stores.html", {"shown": shown})


@require_safe
def store(request: HttpRequest, code: str) -> HttpResponse:
    who = visitor(request)
    found = next((place for place in who.frame.locations if place.code == code and place.kind == "store"), None)
    if found is None:
        raise Http404
    context = {"place": found, "hours": promises.hours_sentence(found, now()), "week": promises.week(found)}
    return render(request, "storefront/store.html", context)


@require_safe
def choose_store(request: HttpRequest, code: str) -> HttpResponse:
    """A preference of this browser alone, so a link may set it."""
    if not any(place.code == code for place in visitor(request).stores):
        raise Http404
    response = redirect(way_back(request, "/stores/"))
    remember_store(response, code)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def country(request: HttpRequest) -> HttpResponse:
    who = visitor(request)
    if request.method != "POST":
        groups = [
            (market, sorted((country_name(code), code) for code in market.countries)) for market in who.frame.markets
        ]
        return render(
            request, "storefront/country.html", {"groups": groups, "chosen": who.country, "next": way_back(request)}
        )
    chosen = request.POST.get("country", "")
    market = next((market for market in who.frame.markets if chosen in market.countries), None)
    if market is None:
        raise Http404
    response = redirect(way_back(request))
    remember_country(response, chosen)
    if who.cart:
        cart, dropped = move_cart(who.cart.uid, market=market, at=now())
        remember_cart(response, cart.uid)
        for name in dropped:
            messages.warning(request, _("%(name)s is not sold there and was taken out of your cart.") % {"name": name})
    return response
