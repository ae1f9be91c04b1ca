"""The page of one order by phone: who, what, how it gets there, what it costs and why, and the link to pay.

Every form works by POST and says in `do` what it is; with htmx the page's part comes back, else the page.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.company.models import User
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError, NotFound
from commerce.office.base import person_of
from orders import carts, phone_orders
from orders.actions.address_phone_order import choose_way, name_customer
from orders.actions.fill_phone_order import add_item, enter_coupon, remove_coupon, set_item
from orders.actions.reduce_phone_order import reduce_phone_order
from orders.actions.send_payment_link import send_payment_link
from orders.admin import phone_view
from orders.admin.phone_forms import CustomerForm, DiscountForm
from orders.models import Cart, PhoneOrder

Said = tuple[str, dict[str, forms.Form]]  # what to tell, and the forms that need another look


def page(admin: Any, request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show it, or do what one of its forms asks for."""
    person = person_of(request)
    if not person.has_perm("order.phone"):
        raise PermissionDenied
    try:
        order = phone_orders.by_uid(uid)
    except NotFound as error:
        raise Http404 from error
    refusal, told = "", ""
    failed: dict[str, forms.Form] = {}
    if request.method == "POST":
        try:
            told, failed = _do(request, order, person)
        except DomainError as error:
            refusal = str(error)
        if not (refusal or failed) and not getattr(request, "htmx", None):
            messages.success(request, told)
            return redirect("admin:orders_phone_order", uid)
    context = phone_view.context_of(phone_orders.by_uid(uid), request, failed, at=now())
    context = {**context, "refusal": refusal, "told": told}
    if getattr(request, "htmx", None):
        return TemplateResponse(request, "office/_phone_order.html", context, status=422 if refusal or failed else 200)
    frame = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": _("Phone order")}
    status = 422 if refusal or failed else 200
    return TemplateResponse(request, "office/phone_order.html", {**frame, **context}, status=status)


def _do(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    if order.cart.state != Cart.State.OPEN:
        return _("This order is paid already."), {}
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        raise Http404
    return deed(request, order, person)


def _customer(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    form = CustomerForm(request.POST)
    if not form.is_valid():
        return "", {"customer_form": form}
    name_customer(order.uid, **form.cleaned_data, person=person, at=now())
    return _("Prices of this customer count now."), {}


def _way(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    form = phone_view.way_form(order, request.POST)
    if not form.is_valid():
        return "", {"way_form": form}
    choose_way(order.uid, form.wish(order.name), person=person)
    return _("The way is kept."), {}


def _discount(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    form = DiscountForm(request.POST)
    if not form.is_valid():
        return "", {"discount_form": form}
    value = form.engine_value(order.cart.market.currency)
    data = form.cleaned_data
    reduce_phone_order(order.uid, kind=data["kind"], value=value, reason=data["reason"], person=person, at=now())
    return _("The discount is in.") if value else _("Nothing is taken off by hand."), {}


def _add(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    variant = _variant(request)
    quantity = carts.read_quantity(request.POST.get("quantity", "1"), variant)
    add_item(order.uid, variant, quantity, person=person, at=now())
    return _("%(name)s is in.") % {"name": variant.name}, {}


def _set(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    variant = _variant(request)
    typed = "0" if "remove" in request.POST else request.POST.get("quantity", "")
    set_item(order.uid, variant, carts.read_quantity(typed, variant, least=0), person=person, at=now())
    return _("%(name)s is changed.") % {"name": variant.name}, {}


def _coupon(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    if code := request.POST.get("remove", ""):
        remove_coupon(order.uid, code, person=person, at=now())
        return _("The coupon is out."), {}
    is_new = enter_coupon(order.uid, request.POST.get("code", ""), person=person, at=now())
    return _("The coupon is in.") if is_new else _("This coupon is in already."), {}


def _send(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    sent = send_payment_link(order.uid, person=person, at=now())
    return _("The link is on its way to %(email)s.") % {"email": sent.email}, {}


def _charge(request: HttpRequest, order: PhoneOrder, person: User) -> Said:
    charge = import_string(settings.SAVED_CARD_CHARGE)
    if charge(order.uid, said_last4=request.POST.get("last4", ""), person=person, at=now()):
        return _("It is paid by the saved card. The order is confirmed to %(email)s.") % {"email": order.email}, {}
    text = _("The bank asks for the customer. Nothing was charged: the payment link is on its way to %(email)s.")
    return text % {"email": order.email}, {}


def _variant(request: HttpRequest) -> Variant:
    key = normalize_sku(request.POST.get("sku", "")).value
    found = Variant.objects.select_related("product").filter(sku_key=key).exclude(sku_key="").first()
    if found is None:
        raise NotFound(what="SKU", key=request.POST.get("sku", ""))
    return found


DEEDS: dict[str, Callable[[HttpRequest, PhoneOrder, User], Said]] = {
    "customer": _customer,
    "way": _way,
    "discount": _discount,
    "add": _add,
    "set": _set,
    "coupon": _coupon,
    "send": _send,
    "charge": _charge,
}
