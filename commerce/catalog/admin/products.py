"""Products with their options, variants and pictures on one page."""

from typing import Any

from django.contrib import admin, messages
from django.core.files.storage import default_storage
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.catalog import changes, pictures, search
from commerce.catalog.admin.forms import ProductForm, VariantForm, VariantFormSet
from commerce.catalog.admin.pictures import MediaInline
from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Option, Product, Variant
from commerce.kernel.clock import now
from commerce.office.base import OfficeAdmin, OfficeInline
from commerce.office.columns import chip, figure, list_address

TONES = {"active": "positive", "draft": "open", "archived": ""}


class OptionInline(OfficeInline):
    model = Option
    fields = ("name", "position")
    max_num = 3
    hide_title = True


class VariantInline(OfficeInline):
    model = Variant
    form, formset = VariantForm, VariantFormSet
    fields = ("sku", "option_values", "title", "picture", "weight_grams", "position", "is_active")
    show_change_link = True


@admin.register(Product)
class ProductAdmin(OfficeAdmin):
    form = ProductForm
    list_display = (
        "picture",
        "title",
        "category",
        "brand",
        "status_chip",
        "channels",
        "figure_variants",
        "figure_popularity",
    )
    list_display_links = ("title",)
    list_select_related = ("category",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("category", RelatedDropdownFilter),
        ("collections", RelatedDropdownFilter),
        "on_web",
        "at_till",
    )
    views = (
        (_("Active"), "status__exact=active"),
        (_("Drafts"), "status__exact=draft"),
        (_("Not on the web"), "on_web__exact=0"),
    )
    search_fields = ("title",)
    search_help_text = _("Title, SKU or barcode")
    ordering = ("title",)
    autocomplete_fields = ("category",)
    inlines = (MediaInline, OptionInline, VariantInline)
    fieldsets = (
        (None, {"fields": ("title", ("status", "category"), ("brand", "product_type"), "tags", "description_html")}),
        (_("Where it is sold"), {"fields": (("on_web", "at_till"), "tax_class", "launched_at")}),
        (_("Address and order"), {"fields": (("slug", "popularity"),)}),
        (_("Add pictures"), {"fields": ("new_pictures", "new_alt")}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows = super().get_queryset(request).annotate(variant_count=Count("variants"))
        return rows.prefetch_related("media")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Who only reads is not asked for pictures."""
        parts = super().get_fieldsets(request, obj)
        return parts if self.has_change_permission(request, obj) else parts[:-1]

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Product]", search_term: str
    ) -> tuple["QuerySet[Product]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        coded = variants_with_code(term).values("product")
        return queryset.filter(Q(title__icontains=term) | Q(pk__in=coded)), False

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        pictures.add(form.instance.pk, form.cleaned_data["new_pictures"], alt=form.cleaned_data["new_alt"])
        mute = form.instance.media.filter(alt="").count()
        if mute:
            text = ngettext(
                "%(count)s picture does not say what it shows. People who cannot see it hear the title only.",
                "%(count)s pictures do not say what they show. People who cannot see them hear the title only.",
                mute,
            )
            messages.warning(request, text % {"count": mute})
        search.refresh([form.instance.pk])
        changes.announce([form.instance.pk], at=now())

    @admin.display(description=_("picture"))
    def picture(self, row: Product) -> str:
        """The first of our own pictures; it says nothing that the title does not."""
        ours = next((media for media in row.media.all() if media.is_ours), None)
        if ours is None:
            return mark_safe('<span class="thumbnail"></span>')
        return format_html('<img class="thumbnail" src="{}" alt="" loading="lazy">', default_storage.url(ours.path))

    @admin.display(description=_("status"), ordering="status")
    def status_chip(self, row: Product) -> str:
        return chip(row.get_status_display(), TONES[row.status])

    @admin.display(description=_("sold"))
    def channels(self, row: Product) -> str:
        places = [str(name) for name, is_sold in ((_("Web"), row.on_web), (_("Till"), row.at_till)) if is_sold]
        return ", ".join(places) or "–"

    @admin.display(description=_("variants"), ordering="variant_count")
    def figure_variants(self, row: Any) -> str:
        path = list_address(Variant, product__id__exact=row.pk)
        return format_html('<a class="office-link" href="{}">{}</a>', path, figure(row.variant_count))

    @admin.display(description=_("popularity"), ordering="popularity")
    def figure_popularity(self, row: Product) -> str:
        return figure(row.popularity)
