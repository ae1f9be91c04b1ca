"""Collections: products that belong together across shelves, named by promotions and price lists."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commerce.catalog import changes
from commerce.catalog.models import Collection, Product
from commerce.kernel.clock import now
from commerce.office.base import OfficeAdmin
from commerce.office.columns import figure, list_address


@admin.register(Collection)
class CollectionAdmin(OfficeAdmin):
    list_display = ("name", "slug", "figure_products")
    search_fields = ("name",)
    search_help_text = _("Name")
    ordering = ("name",)
    autocomplete_fields = ("products",)
    fields = (("name", "slug"), "products")
    when_empty = _("Put products together that a promotion or a price list should name, whatever shelf they are on.")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).annotate(product_count=Count("products"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else {"slug": ("name",)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # orders, tills and rules know a collection by it

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        row: Collection = form.instance
        before = set(row.products.values_list("pk", flat=True))
        super().save_related(request, form, formsets, change)
        changes.announce(before ^ set(row.products.values_list("pk", flat=True)), at=now())

    @admin.display(description=_("products"), ordering="product_count")
    def figure_products(self, row: Any) -> str:
        path = list_address(Product, collections__id__exact=row.pk)
        return format_html('<a class="office-link" href="{}">{}</a>', path, figure(row.product_count))
