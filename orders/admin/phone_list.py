"""Orders by phone that are under way, and the form that begins another one."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.kernel.clock import now
from commerce.office.base import person_of
from commerce.pricing.models import Market
from orders.actions.take_phone_order import take_phone_order
from orders.models import Cart, PhoneOrder

SHOWN = 50


class CallerForm(forms.Form):
    """Who calls, as far as they have said it."""

    market = forms.ModelChoiceField(
        Market.objects.none(), label=gettext_lazy("Market"), to_field_name="code", empty_label=None
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        markets = Market.objects.select_related("price_list").order_by("-is_default", "name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]


def page(admin: Any, request: HttpRequest) -> HttpResponse:
    """The list; a POST begins one and goes on with it."""
    person = person_of(request)
    if not person.has_perm("order.phone"):
        raise PermissionDenied
    form = CallerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        order = take_phone_order(data["market"], email=data["email"], name=data["name"], person=person, at=now())
        return redirect("admin:orders_phone_order", order.uid)
    found = PhoneOrder.objects.filter(cart__state=Cart.State.OPEN).select_related("cart__actor", "cart__market")
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Phone orders"),
        "form": form,
        "orders": list(found[:SHOWN]),
        "at": now(),
    }
    return TemplateResponse(request, "office/phone_orders.html", context, status=422 if form.errors else 200)
