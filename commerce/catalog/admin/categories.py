"""The shelves of the shop."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commerce.catalog import products
from commerce.catalog.admin.forms import CategoryForm
from commerce.catalog.models import Category, Product
from commerce.kernel.clock import now
from commerce.office.base import OfficeAdmin
from commerce.office.columns import figure, list_address


@admin.register(Category)
class CategoryAdmin(OfficeAdmin):
    form = CategoryForm
    list_display = ("name", "parent", "slug", "position", "figure_products")
    list_select_related = ("parent",)
    search_fields = ("name",)
    search_help_text = _("Name")
    ordering = ("parent__position", "position", "name")
    prepopulated_fields = {"slug": ("name",)}
    fields = (("name", "slug"), "parent", "description", ("picture", "position"))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).annotate(product_count=Count("products"))

    def save_model(self, request: HttpRequest, obj: Category, form: "ModelForm[Category]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and form.changed_data:
            products.refresh_shelves([obj.pk], at=now())

    @admin.display(description=_("products"), ordering="product_count")
    def figure_products(self, row: Any) -> str:
        path = list_address(Product, category__id__exact=row.pk)
        return format_html('<a class="office-link" href="{}">{}</a>', path, figure(row.product_count))
