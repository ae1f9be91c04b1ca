"""Stock: the overview of variants by location, the list of levels, and the page of one level."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from commerce.catalog.units import Measured, text_of
from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, link, measured, signed
from commerce.office.filters import ValuesFilter
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.set_safety_stock import set_safety_stock
from inventory.adjustments import CHOICES
from inventory.admin import policy
from inventory.admin import reorder as reorder_pages
from inventory.admin.explanation import address_of, explanation
from inventory.admin.overview import overview
from inventory.admin.serials import panel_of, with_numbers
from inventory.admin.sources import name_sources, variants_like
from inventory.amount_fields import amount_field
from inventory.models import StockLevel

LOW = 3


class StandFilter(ValuesFilter):
    title, parameter_name, field = _("stand"), "stand", ""

    def choices_of(self) -> list[tuple[str, Any]]:
        return [
            ("oversold", _("Oversold")),
            ("none", _("Nothing available")),
            ("low", _("Few left")),
            ("some", _("On hand")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        free = F("on_hand") - F("reserved") - F("safety")
        if self.value() == "oversold":
            return queryset.filter(oversold=True)
        if self.value() == "some":
            return queryset.filter(on_hand__gt=0)
        if self.value() == "none":
            return queryset.alias(free=free).filter(free__lte=0)
        if self.value() == "low":
            return queryset.alias(free=free).filter(free__gte=1, free__lte=LOW * F("variant__unit_scale"))
        return queryset


class AdjustmentForm(forms.Form):
    counted = forms.IntegerField(label=_("Counted on the shelf"), required=False, min_value=0)
    change = forms.IntegerField(
        label=_("or change by"),
        required=False,
        help_text=_("With a minus for units that are gone, damaged ones too; without for those that came in."),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=CHOICES)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, of: Measured, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counted"] = amount_field(of, self.fields["counted"])
        self.fields["change"] = amount_field(of, self.fields["change"], signed=True)


class SafetyForm(forms.Form):
    units = forms.IntegerField(label=_("Keep back"), min_value=0, help_text=_("Units that the web does not offer."))

    def __init__(self, *args: Any, level: StockLevel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].initial = level.safety
        self.fields["units"] = amount_field(level.variant, self.fields["units"])
        self.fields["units"].required = True


@admin.register(StockLevel)
class StockLevelAdmin(HistoryAdmin):
    location_path = "location"
    source_types, source_number = ("stock_level",), "pk"
    list_display = (
        "sku", "product", "place", "figure_on_hand", "figure_reserved", "figure_safety", "figure_available", "stand",
    )  # fmt: skip
    list_select_related = ("variant__product", "location")
    list_filter = (("location", RelatedDropdownFilter), StandFilter)
    views = (
        (_("Oversold"), "stand=oversold"),
        (_("Nothing available"), "stand=none"),
        (_("Few left"), "stand=low"),
    )
    search_fields = ("variant__sku_key",)
    search_help_text = _("SKU or product")
    ordering = ("variant__sku_key", "location__position")
    change_form_template = "office/stock_level.html"
    actions_detail = ("adjust_page", "safety_page", "policy_page")

    def get_urls(self) -> list[Any]:
        page, why = self.admin_site.admin_view(self.overview_page), self.admin_site.admin_view(self.explanation_page)
        return [
            path("overview/", page, name="stock-overview"),
            path("reorder/", self.admin_site.admin_view(self.reorder_page), name="stock-reorder"),
            path("dead/", self.admin_site.admin_view(self.dead_page), name="stock-dead"),
            path("explanation/<int:variant>/<int:location>/", why, name="stock-explanation"),
            *super().get_urls(),
        ]

    def reorder_page(self, request: HttpRequest) -> HttpResponse:
        """What runs low at a location, and what to order: its POST orders what is ticked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return reorder_pages.reorder_page(self, request, at=now())

    def dead_page(self, request: HttpRequest) -> HttpResponse:
        """What nobody has asked for in a long time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return reorder_pages.dead_page(self, request, at=now())

    def explanation_page(self, request: HttpRequest, variant: int, location: int) -> HttpResponse:
        """Why so many are available: the sum, as an account statement."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "opts": self.opts}
        more = explanation(request, variant, location, at=now())
        return TemplateResponse(request, "office/stock_explanation.html", {**context, **more})

    def overview_page(self, request: HttpRequest) -> HttpResponse:
        """Variants down, locations across: what is on hand, spoken for and to be had."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": _("Stock overview"), "opts": self.opts}
        return TemplateResponse(request, "office/stock_overview.html", {**context, **overview(request, at=now())})

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[StockLevel]", search_term: str
    ) -> tuple["QuerySet[StockLevel]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(variant__in=variants_like(term).values("pk")), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        level = self.get_object(request, object_id)
        more = _context_of(level) if level else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("SKU"), ordering="variant__sku_key")
    def sku(self, row: StockLevel) -> str:
        return row.variant.sku

    @admin.display(description=_("product"), ordering="variant__product__title")
    def product(self, row: StockLevel) -> str:
        return row.variant.name

    @admin.display(description=_("location"), ordering="location__position")
    def place(self, row: StockLevel) -> str:
        return link(row.location, row.location.name)

    @admin.display(description=_("on hand"), ordering="on_hand")
    def figure_on_hand(self, row: StockLevel) -> str:
        return measured(row.on_hand, row.variant, "danger" if row.on_hand < 0 else "")

    @admin.display(description=_("reserved"), ordering="reserved")
    def figure_reserved(self, row: StockLevel) -> str:
        return measured(row.reserved, row.variant)

    @admin.display(description=_("safety"), ordering="safety")
    def figure_safety(self, row: StockLevel) -> str:
        return measured(row.safety, row.variant)

    @admin.display(description=_("available"))
    def figure_available(self, row: StockLevel) -> str:
        units = measured(max(row.on_hand - row.reserved - row.safety, 0), row.variant)
        return format_html(
            '<a class="office-link" href="{}" title="{}">{}</a>', address_of(row), _("Why so many?"), units
        )

    @admin.display(description=_("stand"))
    def stand(self, row: StockLevel) -> str:
        free = row.on_hand - row.reserved - row.safety
        if row.oversold:
            return chip(_("Oversold"), "danger")
        if free <= 0:
            return chip(_("None"), "open")
        return chip(_("Few"), "warning") if free <= LOW * row.variant.unit_scale else chip(_("In stock"), "positive")

    @page_action(
        description=_("Adjust stock"), icon="tune", permission="stock.adjust", url_path="adjustment", primary=True
    )
    def adjust_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        level = find(self, request, object_id)
        made: Any = with_numbers(AdjustmentForm, level)

        def run(data: dict[str, Any]) -> Any:
            adjust_stock(level.pk, **data, person=person_of(request), at=now())
            return _("Adjusted. The web and the tills know already.")

        return ask(
            self,
            request,
            level,
            title=_("Adjust %(sku)s at %(place)s") % {"sku": level.variant.sku, "place": level.location.name},
            explain=_("The books say %(on_hand)s on hand, %(reserved)s of them reserved; %(damaged)s more are damaged.")
            % {name: text_of(getattr(level, name), level.variant) for name in ("on_hand", "reserved", "damaged")},
            form=partial(made, of=level.variant),
            button=_("Adjust stock"),
            run=run,
        )

    @page_action(description=_("Safety stock"), icon="shield", permission="stock.adjust", url_path="safety")
    def safety_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        level = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            set_safety_stock(level.pk, data["units"], person=person_of(request), at=now())
            return _("Kept back from the web: %(amount)s.") % {"amount": text_of(data["units"], level.variant)}

        return ask(
            self,
            request,
            level,
            title=_("Safety stock of %(sku)s at %(place)s") % {"sku": level.variant.sku, "place": level.location.name},
            explain=_("The till may sell these units, the web does not promise them."),
            form=partial(SafetyForm, level=level),
            button=_("Keep back"),
            run=run,
        )

    @page_action(description=_("Backorders"), icon="event_upcoming", permission="stock.policy", url_path="policy")
    def policy_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return policy.answer(self, request, find(self, request, object_id))


def _context_of(level: StockLevel) -> dict[str, Any]:
    at = now()
    spoken_for = list(level.reservations.filter(state__in=["held", "allocated"]).order_by("pk")[:50])
    heading = _("%(sku)s at %(place)s") % {"sku": level.variant.sku, "place": level.location.name}
    moved = list(level.movements.select_related("actor").order_by("-pk")[:25])
    name_sources([*spoken_for, *moved])
    return {
        "level": level,
        "why": address_of(level),
        "available": text_of(max(level.on_hand - level.reserved - level.safety, 0), level.variant),
        "reservations": [
            {
                "row": row,
                "lapsed": bool(row.expires_at and row.expires_at <= at),
            }
            for row in spoken_for
        ],
        "movements": [
            {
                "row": row,
                "change": signed(row.quantity, level.variant),
                "balance": measured(row.balance_after, level.variant),
            }
            for row in moved
        ],
        "numbers": panel_of(level),
        "heading": heading,
        "subtitle": heading,
    }
