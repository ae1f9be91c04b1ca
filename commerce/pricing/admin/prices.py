"""Prices one by one: beside their variant and in a list. Every price is written by `prices`, which tells shop and
tills."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.catalog import units
from commerce.catalog.admin import ProductAdmin, VariantAdmin
from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Product, Variant
from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import OfficeAdmin, OfficeInline, page_action, person_of
from commerce.office.columns import amount, link
from commerce.pricing import listings, prices
from commerce.pricing.actions.take_price_back import take_price_back
from commerce.pricing.admin.amounts import AmountField, AmountsMixin
from commerce.pricing.admin.history_page import history_page
from commerce.pricing.admin.margin_page import margin_page
from commerce.pricing.admin.open_prices import OpenPriceLimitInline
from commerce.pricing.errors import in_words, planned_already
from commerce.pricing.models import Price
from commerce.pricing.timeline import ALWAYS, Days


class PriceForm(AmountsMixin, forms.ModelForm[Price]):  # type: ignore[misc]
    amounts = {"price": "amount_minor", "compare_at": "compare_at_minor"}
    price = AmountField(label=_("Price"))
    compare_at = AmountField(
        label=_("Compare-at price"), required=False, help_text=_("What it cost before; shown struck through.")
    )
    quantity = forms.CharField(
        label=_("From quantity"),
        required=False,
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
        help_text=_("Empty: for any quantity."),
    )
    first = forms.DateField(
        label=_("First day"), required=False, widget=UnfoldAdminTextInputWidget(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"type": "date"}),
        help_text=_("Empty: for good."),
    )

    class Meta:
        model = Price
        fields = ("price_list", "variant")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fill(self.instance.price_list.currency if self.instance.pk else None)
        self.before: Price | None = Price.history.get(pk=self.instance.pk) if self.instance.pk else None
        if self.before:
            days = days_of(self.before)
            self.initial |= {"first": days.first, "last": days.last}
            if self.before.from_quantity > 1:
                self.initial["quantity"] = units.typed(self.before.from_quantity, self.before.variant.unit_scale)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        price_list = data.get("price_list") or (self.instance.price_list if self.instance.pk else None)
        variant = data.get("variant") or getattr(self.instance, "variant", None)
        if price_list:
            self.read(data, price_list.currency, self.add_error)
        was = self.instance.compare_at_minor
        if was is not None and was <= self.instance.amount_minor:
            self.add_error("compare_at", _("This only makes sense above the price. Leave it empty otherwise."))
        self._read_days(data)
        if variant and data.get("quantity"):
            try:
                self.instance.from_quantity = units.smallest(data["quantity"], variant)
            except units.NoAmount as error:
                self.add_error("quantity", str(error))
        if price_list and variant and variant.pk and not self.errors:
            self._meet_others(price_list, variant)
        return data

    def _read_days(self, data: dict[str, Any]) -> None:
        days = Days.through(data.get("first"), data.get("last"))
        if days.first and days.ends <= days.first:
            self.add_error("last", _("The last day is before the first one."))
        else:
            self.instance.during = tuple(days)

    def _meet_others(self, price_list: Any, variant: Variant) -> None:
        """What is planned for the same days is named beside them."""
        if self.instance.amount_minor > prices.MAX_MINOR:
            self.add_error("price", _("This is more than a price can be."))
            return
        before, _after, refused = prices.preview(price_list.pk, wanted_of(self.instance, variant.pk), at=now())
        days = days_of(self.instance)
        if self.before is None and days != ALWAYS:  # a new one, not that of these days
            refused |= {key: span for key, spans in before.items() for span in spans if span.days == days}
        for span in refused.values():
            self.add_error("first" if "first" in self.fields else None, planned_already(span, price_list.currency))


def days_of(price: Price) -> Days:
    during: Any = price.during
    return Days(*during) if isinstance(during, tuple) else Days(during.lower, during.upper)


def wanted_of(price: Price, variant: int) -> dict[prices.Key, prices.Wanted | None]:
    return {(variant, price.from_quantity): [(days_of(price), (price.amount_minor, price.compare_at_minor))]}


class PriceInline(OfficeInline):
    model = Price
    form = PriceForm
    fields = ("price_list", "price", "compare_at", "quantity", "first", "last")


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

    inlines = (*VariantAdmin.inlines, PriceInline, OpenPriceLimitInline)
    actions_detail = (*VariantAdmin.actions_detail, "prices_page")

    @page_action(description=_("Price history"), icon="history", permission="catalog.view", url_path="prices")
    def prices_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return history_page(self, request, find(self, request, object_id).pk, at=now())

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
        formset.save(commit=False)
        for price in formset.deleted_objects:
            take_away(price, request)
        for each in formset.forms:
            if each.has_changed() and each.instance not in formset.deleted_objects:
                move(each, request)


def write(price: Price, request: HttpRequest) -> None:
    """Hand a price that was typed to the one who writes prices."""
    prices.change(price.price_list_id, wanted_of(price, price.variant_id), at=now(), by=person_of(request))


def move(form: Any, request: HttpRequest) -> None:
    """Write what a form says; a price that goes to another variant, list, quantity or day leaves its old place."""
    before = getattr(form, "before", None)
    if before and _place(before) != _place(form.instance):
        take_away(before, request)
    write(form.instance, request)


def take_away(price: Price, request: HttpRequest) -> None:
    """A limited or planned price is taken back; the standing one leaves the list with all that is planned."""
    before = Price.history.get(pk=price.pk)
    if before.is_limited or days_of(before).begins > prices.day_of(before.price_list_id, now()):
        prices.take_back(before.price_list_id, before.pk, at=now(), by=person_of(request))
    else:
        key = (before.variant_id, before.from_quantity)
        prices.change(before.price_list_id, {key: None}, at=now(), by=person_of(request))


@admin.register(Price)
class PriceAdmin(OfficeAdmin):
    form = PriceForm
    list_display = ("sku", "product", "price_list", "figure_price", "figure_before", "figure_from", "days")
    list_select_related = ("variant__product", "price_list")
    list_filter = (("price_list", RelatedDropdownFilter),)
    views = ((_("Limited"), "is_limited__exact=1"),)
    search_fields = ("variant__sku_key",)
    search_help_text = _("SKU, barcode or product")
    ordering = ("variant__sku_key", "price_list__code", "from_quantity", "during")
    autocomplete_fields = ("variant",)
    fields = ("price_list", "variant", ("price", "compare_at"), ("quantity", "first", "last"))
    actions_detail = ("taking_back",)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("of/<int:variant>/", view(self.history_of), name="price-history"),
            path("margins/", view(self.margins), name="margins"),
        ]
        return [*own, *super().get_urls()]

    def margins(self, request: HttpRequest) -> HttpResponse:
        """What is earned on what is sold."""
        return margin_page(self, request, at=now())

    def history_of(self, request: HttpRequest, variant: int) -> HttpResponse:
        """A variant's prices over time."""
        return history_page(self, request, variant, at=now())

    @page_action(description=_("Take back"), icon="undo", permission="price.edit", url_path="taking-back")
    def taking_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What stood before a planned price stands again."""
        price: Price = find(self, request, object_id)

        def run(_data: dict[str, Any]) -> str:
            take_price_back(price.price_list_id, price.pk, person=person_of(request), at=now())
            return _t("The price is taken back.")

        words = {"sku": price.variant.sku, "days": in_words(days_of(price))}
        return ask(
            self,
            request,
            None,
            title=_t("Take back the price of %(sku)s %(days)s") % words,
            explain=_t("The standing price counts on these days instead. What is over stays as it was."),
            button=_t("Take back"),
            run=run,
            back=reverse("admin:price-history", args=[price.variant_id]),
            danger=True,
        )

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup in ("variant__id__exact", "is_limited__exact") or super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Price]", search_term: str
    ) -> tuple["QuerySet[Price]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        coded = queryset.filter(variant__in=variants_with_code(term).values("pk"))
        return coded | queryset.filter(variant__product__title__icontains=term), False

    def save_model(self, request: HttpRequest, obj: Price, form: "ModelForm[Price]", change: bool) -> None:
        """By the step."""
        move(form, request)
        known = Price.objects.filter(price_list=obj.price_list_id, variant=obj.variant_id)
        obj.pk = known.filter(from_quantity=obj.from_quantity).order_by("-recorded_at", "-pk")[0].pk

    def delete_model(self, request: HttpRequest, obj: Price) -> None:
        take_away(obj, request)

    def delete_queryset(self, request: HttpRequest, queryset: "QuerySet[Price]") -> None:
        for price in queryset:
            if Price.objects.filter(pk=price.pk).exists():  # one before may have taken it along
                take_away(price, request)

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

    @admin.display(description=_("from quantity"), ordering="from_quantity")
    def figure_from(self, row: Price) -> str:
        return units.text_of(row.from_quantity, row.variant) if row.from_quantity > 1 else "–"

    @admin.display(description=_("days"), ordering="during")
    def days(self, row: Price) -> str:
        address = reverse("admin:price-history", args=[row.variant_id])
        return format_html('<a class="office-link" href="{}">{}</a>', address, in_words(days_of(row)))


def _place(price: Price) -> tuple[Any, ...]:
    return price.price_list_id, price.variant_id, price.from_quantity, tuple(days_of(price))
