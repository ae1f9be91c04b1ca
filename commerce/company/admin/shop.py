"""The shop's name and words: one row, one page."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commerce.company import shop
from commerce.company.models import Shop
from commerce.office.base import OfficeAdmin


@admin.register(Shop)
class ShopAdmin(OfficeAdmin):
    fieldsets = (
        (None, {"fields": ("name", "tagline", "about", "email")}),
        (_("Receipts"), {"fields": ("returns_policy", "receipt_logo")}),
        (_("Pictures"), {"fields": ("wordmark", "home_banner", "home_banner_tall")}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Shop | None:
        """The one shop, also before anybody has named it."""
        return (
            (super().get_object(request, object_id, from_field) or Shop(pk=1, name=shop.current().name))
            if object_id == "1"
            else None
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is nothing to choose from."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:company_shop_change", args=[1]))

    def save_model(self, request: HttpRequest, obj: Shop, form: "ModelForm[Shop]", change: bool) -> None:
        shop.describe(**form.cleaned_data)
