"""Price lists and prices. Every price is written by `prices.put`, which tells shop and tills."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from commerce.catalog.admin import ProductAdmin, VariantAdmin
from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Product, Variant
from commerce.kernel.clock import now
from commerce.kernel.money import minor_digits
from commerce.office.base import OfficeAdmin, OfficeInline
from commerce.office.columns import amount, figure, link, list_address
from commerce.pricing import listings, prices
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from commerce.pricing.models import Price, PriceList


class PriceForm(AmountsMixin, forms.ModelForm[Price]):  # type: ignore[misc]
    amounts = {"price": "amount_minor", "compare_at": "compare_at_minor"}
    price = AmountField(label=_("Price"))
    compare_at = AmountField(
        label=_("Compare-at price"), required=False, help_text=_("What it cost before; shown struck through.")
    )

    class Meta:
        model = Price
        fields = ("price_list", "variant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.instance.price_list.currency if self.instance.pk else None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        price_list = data.get("price_list") or (self.instance.price_list if self.instance.pk else None)
        if price_list:
            self.read(data, price_list.currency, self.add_error)
        was = self.instance.compare_at_minor
        if was is not None and was <= self.instance.amount_minor:
            self.add_error("compare_at", _("This only makes sense above the price. Leave it empty otherwise."))
        return data


class PriceInline(OfficeInline):
    model = Price
    form = PriceForm
    fields = ("price_list", "price", "compare_at")


admin.site.unregister([Product, Variant])


@admin.register(Product)
class PricedProductAdmin(ProductAdmin):
    """The page of a product as the catalog has it; what lists show of its prices follows its variants."""

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        listings.refresh([form.instance.pk], at=now())


@admin.register(Variant)
class PricedVariantAdmin(VariantAdmin):
    """The page of a variant as the catalog has it, with its prices."""

    inlines = (*VariantAdmin.inlines, PriceInline)

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        before = form.initial.get("product") or form.instance.product_id
        listings.refresh([before, form.instance.product_id], at=now())

    def save_formset(
        self, request: HttpRequest, form: Any, formset: "BaseInlineFormSet[Any, Any, Any]", change: bool
    ) -> None:
        if formset.model is not Price:
            super().save_formset(request, form, formset, change)
            return
        rows = formset.save(commit=False)
        for price in formset.deleted_objects:
            prices.remove(price.price_list_id, [price.variant_id], at=now())
        for price in rows:
            write(price)


def write(price: Price) -> None:
    """Hand a price that was typed to the one who writes prices."""
    prices.put(price.price_list_id, {price.variant_id: (price.amount_minor, price.compare_at_minor)}, at=now())


@admin.register(Price)
class PriceAdmin(OfficeAdmin):
    form = PriceForm
    list_display = ("sku", "product", "price_list", "figure_price", "figure_before")
    list_select_related = ("variant__product", "price_list")
    list_filter = (("price_list", RelatedDropdownFilter),)
    search_fields = ("variant__sku_key",)
    search_help_text = _("SKU, barcode or product")
    ordering = ("variant__sku_key", "price_list__code")
    autocomplete_fields = ("variant",)
    fields = ("price_list", "variant", ("price", "compare_at"))

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "variant__id__exact" or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Price]", search_term: str
    ) -> tuple["QuerySet[Price]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        coded = queryset.filter(variant__in=variants_with_code(term).values("pk"))
        return coded | queryset.filter(variant__product__title__icontains=term), False

    def save_model(self, request: HttpRequest, obj: Price, form: "ModelForm[Price]", change: bool) -> None:
        """By the step; a price that moves to another variant or list leaves its old place."""
        if change:
            before = Price.objects.get(pk=obj.pk)
            if (before.price_list_id, before.variant_id) != (obj.price_list_id, obj.variant_id):
                prices.remove(before.price_list_id, [before.variant_id], at=now())
        write(obj)
        obj.pk = Price.objects.get(price_list=obj.price_list_id, variant=obj.variant_id).pk

    def delete_model(self, request: HttpRequest, obj: Price) -> None:
        prices.remove(obj.price_list_id, [obj.variant_id], at=now())

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Price]") -> None:
        for price in queryset:
            self.delete_model(request, price)

    @admin.display(description=_("SKU"), ordering="variant__sku_key")
    def sku(self, row: Price) -> str:
        return row.variant.sku

    @admin.display(description=_("product"), ordering="variant__product__title")
    def product(self, row: Price) -> str:
        return link(row.variant, row.variant.name)

    @admin.display(description=_("price"), ordering="amount_minor")
    def figure_price(self, row: Price) -> str:
        return amount(row.amount_minor, row.price_list.currency)

    @admin.display(description=_("before"), ordering="compare_at_minor")
    def figure_before(self, row: Price) -> str:
        return amount(row.compare_at_minor, row.price_list.currency)


class PriceListForm(forms.ModelForm[PriceList]):
    class Meta:
        model = PriceList
        fields = ("name", "code", "currency")

    def clean_currency(self) -> str:
        currency: str = self.cleaned_data["currency"].strip().upper()
        try:
            minor_digits(currency)
        except ValueError:
            raise forms.ValidationError(_("“%s” is no currency. Use its ISO code, e.g. USD.") % currency) from None
        if self.instance.pk and self.instance.prices.exists() and currency != self.initial["currency"]:
            raise forms.ValidationError(_("This list has prices. A list in another currency is a new list."))
        return currency


@admin.register(PriceList)
class PriceListAdmin(OfficeAdmin):
    form = PriceListForm
    list_display = ("name", "code", "currency", "figure_prices")
    ordering = ("name",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return super().get_queryset(request).annotate(price_count=Count("prices"))

    @admin.display(description=_("prices"), ordering="price_count")
    def figure_prices(self, row: Any) -> str:
        path = list_address(Price, price_list__id__exact=row.pk)
        return format_html('<a class="office-link" href="{}">{}</a>', path, figure(row.price_count))
