"""Suppliers, and what each of them calls our products and asks for them."""

from typing import Any

from babel.numbers import is_currency
from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from commerce.catalog.skus import normalize_sku
from commerce.office.base import OfficeAdmin
from commerce.office.columns import amount, chip, figure, link, list_address
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from inventory.admin.sources import variants_like
from inventory.models import Supplier, SupplierItem


class SupplierForm(forms.ModelForm[Supplier]):
    class Meta:
        model = Supplier
        fields = ("name", "code", "email", "phone", "currency", "lead_days", "is_active")

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        if not is_currency(currency):
            raise forms.ValidationError(_("“%s” is no currency. Use its ISO code, e.g. EUR.") % currency)
        if self.instance.pk and currency != self.initial.get("currency") and self.instance.items.exists():
            raise forms.ValidationError(_("Its items have costs in another currency. Change those first."))
        return currency


class ItemForm(AmountsMixin, forms.ModelForm[SupplierItem]):  # type: ignore[misc]
    amounts = {"cost": "cost_minor"}
    cost = AmountField(label=_("Cost of one"))

    class Meta:
        model = SupplierItem
        fields = ("supplier", "variant", "supplier_sku", "pack", "is_preferred")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.instance.supplier.currency if self.instance.pk else None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        supplier = data.get("supplier") or (self.instance.supplier if self.instance.pk else None)
        if supplier:
            self.read(data, supplier.currency, self.add_error)
        if data.get("pack") == 0:
            self.add_error("pack", _("A pack has at least one unit."))
        if data.get("is_preferred") and data.get("variant"):
            others = SupplierItem.objects.filter(variant=data["variant"], is_preferred=True)
            other = others.exclude(pk=self.instance.pk).select_related("supplier").first()
            if other:
                text = _("%(sku)s is bought from %(name)s as a rule. Take the tick away there first.")
                self.add_error("is_preferred", text % {"sku": data["variant"].sku, "name": other.supplier.name})
        return data


@admin.register(Supplier)
class SupplierAdmin(OfficeAdmin):
    form = SupplierForm
    when_empty = _("Add whom you buy from; their items and costs come with the orders.")
    list_display = ("name", "code", "currency", "figure_lead", "items_link", "active_chip")
    list_filter = ("is_active",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("name",)
    fieldsets = (
        (None, {"fields": (("name", "code"), ("email", "phone"))}),
        (_("Buying"), {"fields": (("currency", "lead_days"), "is_active")}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).annotate(item_count=Count("items"))

    @admin.display(description=_("lead time"), ordering="lead_days")
    def figure_lead(self, row: Supplier) -> str:
        return str(_("%(n)s days") % {"n": row.lead_days})

    @admin.display(description=_("items"))
    def items_link(self, row: Any) -> str:
        href = list_address(SupplierItem, supplier__id__exact=row.pk)
        return format_html('<a class="office-link" href="{}">{}</a>', href, figure(row.item_count))

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: Supplier) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Closed"), "open")


@admin.register(SupplierItem)
class SupplierItemAdmin(OfficeAdmin):
    form = ItemForm
    list_display = ("sku", "product", "supplier_link", "supplier_sku", "figure_cost", "figure_pack", "preferred_chip")
    list_select_related = ("variant__product", "supplier")
    list_filter = (("supplier", RelatedDropdownFilter), "is_preferred")
    search_fields = ("variant__sku_key",)
    search_help_text = _("SKU, product or the supplier's SKU")
    ordering = ("variant__sku_key", "supplier__name")
    autocomplete_fields = ("variant", "supplier")
    fields = (("supplier", "variant"), ("supplier_sku", "cost"), ("pack", "is_preferred"))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "supplier__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[SupplierItem]", search_term: str
    ) -> tuple["QuerySet[SupplierItem]", bool]:
        term = search_term.strip()
        if not term or not normalize_sku(term).value:
            return queryset, False
        ours = Q(variant__in=variants_like(term).values("pk"))
        return queryset.filter(ours | Q(supplier_sku__istartswith=term)), False

    @admin.display(description=_("SKU"), ordering="variant__sku_key")
    def sku(self, row: SupplierItem) -> str:
        return row.variant.sku

    @admin.display(description=_("product"), ordering="variant__product__title")
    def product(self, row: SupplierItem) -> str:
        return row.variant.name

    @admin.display(description=_("supplier"), ordering="supplier__name")
    def supplier_link(self, row: SupplierItem) -> str:
        return link(row.supplier)

    @admin.display(description=_("cost"), ordering="cost_minor")
    def figure_cost(self, row: SupplierItem) -> str:
        return amount(row.cost_minor, row.supplier.currency)

    @admin.display(description=_("pack"), ordering="pack")
    def figure_pack(self, row: SupplierItem) -> str:
        return figure(row.pack)

    @admin.display(description=_("preferred"), ordering="is_preferred")
    def preferred_chip(self, row: SupplierItem) -> str:
        return chip(_("Preferred"), "positive") if row.is_preferred else "–"
