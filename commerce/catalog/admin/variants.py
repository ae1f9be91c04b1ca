"""Variants: what is scanned, sold and counted."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commerce.catalog import changes, search
from commerce.catalog.admin.forms import BarcodeForm, BarcodeFormSet, VariantPageForm
from commerce.catalog.barcodes import lookup_keys
from commerce.catalog.models import Barcode, Variant
from commerce.catalog.skus import normalize_sku
from commerce.kernel.clock import now
from commerce.office.base import OfficeAdmin, OfficeInline
from commerce.office.columns import chip, link


def variants_with_code(term: str) -> "QuerySet[Variant]":
    """Variants by what is typed or scanned: the beginning of a SKU, or a barcode in any of its writings."""
    key = normalize_sku(term).value
    by_sku = Q(sku_key__startswith=key) if key else Q(pk=None)
    return Variant.objects.filter(by_sku | Q(barcodes__key__in=lookup_keys(term)))


class BarcodeInline(OfficeInline):
    model = Barcode
    form, formset = BarcodeForm, BarcodeFormSet
    fields = ("code",)


@admin.register(Variant)
class VariantAdmin(OfficeAdmin):
    form = VariantPageForm
    list_display = ("sku", "product_link", "title", "codes", "active_chip")
    list_select_related = ("product",)
    list_filter = ("is_active",)
    search_fields = ("sku_key",)
    search_help_text = _("SKU, barcode or product")
    ordering = ("sku_key",)
    autocomplete_fields = ("product",)
    inlines: tuple[Any, ...] = (BarcodeInline,)
    fieldsets = (
        (None, {"fields": ("product", ("sku", "is_active"), "option_values", "title")}),
        (_("Details"), {"fields": (("picture", "swatch"), ("weight_grams", "position"), "tracks_serials")}),
        (_("Open price"), {"fields": (("is_open_price", "is_open_to_all", "needs_note", "is_gift_card"),)}),
        (_("Price per unit"), {"fields": (("content_amount", "content_unit"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).prefetch_related("barcodes")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "product__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Variant]", search_term: str
    ) -> tuple["QuerySet[Variant]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        coded = variants_with_code(term).values("pk")
        return queryset.filter(Q(pk__in=coded) | Q(product__title__icontains=term)), False

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        search.refresh([form.instance.product_id])
        changes.announce([form.instance.product_id], at=now())

    @admin.display(description=_("product"), ordering="product__title")
    def product_link(self, row: Variant) -> str:
        return link(row.product)

    @admin.display(description=_("barcodes"))
    def codes(self, row: Variant) -> str:
        return ", ".join(barcode.code for barcode in row.barcodes.all()) or "–"

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: Variant) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Inactive"), "open")
