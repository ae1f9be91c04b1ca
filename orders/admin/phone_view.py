"""What the page of an order by phone shows: reads only."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.catalog import units
from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Product, Variant
from commerce.company.models import Location
from commerce.company.permissions import phone_discount_limit
from commerce.kernel.errors import DomainError
from commerce.kernel.money import Money
from commerce.office.base import person_of
from commerce.pricing import queries as pricing
from commerce.pricing.admin.simulator_words import promotion_rows, reasons_of_price
from commerce.pricing.models import Promotion
from customers import saved_cards
from customers.models import SavedCard
from inventory import availability
from orders import bills, cart_prices, carts, codes, phone_orders
from orders.admin.phone_forms import CustomerForm, DiscountForm, WayForm
from orders.models import Cart, Order, PhoneOrder

FOUND = 8


def context_of(
    order: PhoneOrder, request: HttpRequest, failed: dict[str, forms.Form], *, at: datetime
) -> dict[str, Any]:
    """Everything on the page; `failed` are the forms that need another look."""
    cart, market = order.cart, order.cart.market
    contents = carts.contents(cart)
    query = request.GET.get("q", request.POST.get("q", "")).strip()
    by_hand = cart.discounts[0] if cart.discounts else {}
    limit = phone_discount_limit(person_of(request))
    return {
        "phone_order": order,
        "cart": cart,
        "currency": market.currency,
        "query": query,
        "hits": _hits(query, order, at=at) if query else None,
        "customer_form": CustomerForm(initial={"email": order.email, "name": order.name}),
        "way_form": way_form(order),
        "discount_form": DiscountForm(initial=_shown_discount(by_hand, market.currency)),
        "limit": f"{limit / 10_000:g}",
        "may_reduce": limit > 0,
        "groups": list(cart.customer.groups.values_list("name", flat=True)) if cart.customer else [],
        "link": f"{settings.SITE_URL}{reverse('shop-phone-order', args=[codes.phone_token(order.uid)])}",
        "saved_cards": _saved_cards(order, request, at=at),
        "is_over": order.expires_at is not None and order.expires_at <= at,
        "placed": Order.objects.placed().filter(cart=cart).last() if cart.state != Cart.State.OPEN else None,
        **_costs(order, contents, at=at),
        **failed,
    }


def _saved_cards(order: PhoneOrder, request: HttpRequest, *, at: datetime) -> list[SavedCard]:
    """The customer's cards that this person may charge. The page does not tell their digits: the caller has to."""
    if order.cart.customer is None or not person_of(request).has_perm("card.charge_saved"):
        return []
    return saved_cards.usable(order.cart.customer, on=at.date())


def way_form(order: PhoneOrder, data: Any = None) -> WayForm:
    """The form, filled with what is kept."""
    market = order.cart.market
    stores = Location.objects.filter(
        kind=Location.Kind.STORE, is_active=True, offers_pickup=True, country__in=market.countries
    ).order_by("position", "pk")
    store = order.location.code if order.location else ""
    initial = {"method": order.method, "store": store, "country": (market.countries or [""])[0], **order.address}
    return WayForm(data, initial=initial, stores=list(stores), countries=market.countries)


def _shown_discount(by_hand: dict[str, Any], currency: str) -> dict[str, Any]:
    if not by_hand:
        return {"kind": "percent"}
    value = by_hand["value"]
    shown = f"{value / 10_000:g}" if by_hand["kind"] == "percent" else Money(value, currency).as_decimal()
    return {"kind": by_hand["kind"], "value": shown, "reason": by_hand["reason"]}


def _costs(order: PhoneOrder, contents: list[tuple[Variant, int]], *, at: datetime) -> dict[str, Any]:
    """The lines with what each costs and why, the coupons, the sum; why it cannot be priced, when it cannot."""
    entered = carts.entered_coupons(order.cart, at=at)
    coupons = [(code, str(entered.refused.get(code, ""))) for code in order.cart.coupons]
    if not contents:
        return {"lines": [], "coupons": coupons}
    wish = phone_orders.wish_of(order)
    try:
        priced = cart_prices.price_now(order.cart, contents, wish=wish, at=at, entered=entered, explain=True)
    except DomainError as error:
        bare = [{"variant": variant, "quantity": quantity} for variant, quantity in contents]
        return {"lines": bare, "coupons": coupons, "problem": str(error)}
    ships = wish.type == "ship"
    knows_place = bool((wish.address or {}).get("country")) if ships else wish.location is not None
    bill = bills.of_answer(priced, ships=ships, tax_known=knows_place)
    names = dict(Promotion.objects.values_list("code", "name"))
    return {
        "lines": _lines(contents, priced, order, at),
        "coupons": coupons,
        "rows": bill.rows(),
        "total": bill.total_minor,
        "is_other": order.quoted_minor is not None and order.quoted_minor != bill.total_minor,
        "promotions": promotion_rows(priced["trace"]["promotions"], names, bill.currency),
    }


def _lines(
    contents: list[tuple[Variant, int]], priced: dict[str, Any], order: PhoneOrder, at: datetime
) -> list[dict[str, Any]]:
    told = {row["id"]: row for row in priced["trace"]["prices"]}
    stock = _stock([variant for variant, _quantity in contents], at=at)
    found = []
    for (variant, quantity), line in zip(contents, priced["lines"], strict=True):
        found.append(
            {
                "variant": variant,
                "quantity": quantity,
                "unit_minor": line["unit"],
                "was_minor": line["gross"],
                "amount_minor": line["gross"] - bills.own_discount(line["adjustments"]),
                "rules": [(row.words, -row.amount_minor) for row in bills.of_line(line["adjustments"])],
                "reasons": reasons_of_price(told[line["id"]], line, priced["currency"]),
                "stock": stock.get(variant.pk, _("none anywhere")),
            }
        )
    return found


def _hits(query: str, order: PhoneOrder, *, at: datetime) -> list[dict[str, Any]]:
    """What is meant by a SKU, a barcode or words of a name, with its price for this customer and where it is."""
    sold = Variant.objects.filter(is_active=True, product__status=Product.Status.ACTIVE).select_related("product")
    named = Q()
    for word in query.split()[:6]:
        named &= Q(product__title__icontains=word) | Q(title__icontains=word) | Q(product__brand__icontains=word)
    coded = variants_with_code(query).values("pk")
    found = list(sold.filter(Q(pk__in=coded) | named).order_by("product__title", "position", "pk")[:FOUND])
    prices = pricing.unit_prices([variant.pk for variant in found], market=order.cart.market, at=at)
    stock = _stock(found, at=at)
    return [
        {
            "variant": variant,
            "price": prices[variant.pk][0],
            "stock": stock.get(variant.pk, _("none anywhere")),
        }
        for variant in found
        if variant.pk in prices
    ]


def _stock(variants: list[Variant], *, at: datetime) -> dict[int, str]:
    """ "3 in Alberta Street, 20 in Sparks" by variant; those of which nothing is there are left out."""
    by_pk = {variant.pk: variant for variant in variants}
    names = dict(Location.objects.filter(is_active=True).values_list("pk", "name"))
    found: dict[int, list[str]] = {}
    for level in availability.of_variants(list(by_pk), at=at):
        if level.available > 0:
            there = units.text_of(level.available, by_pk[level.variant])
            text = _("%(n)s in %(place)s") % {"n": there, "place": names.get(level.location, "")}
            found.setdefault(level.variant, []).append(text)
    return {pk: ", ".join(texts) for pk, texts in found.items()}
