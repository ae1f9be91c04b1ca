"""Price lists: where they count, and the pages on which their prices are changed."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commerce.kernel.cells import safe
from commerce.kernel.clock import now
from commerce.office.asking import find
from commerce.office.base import OfficeAdmin, person_of
from commerce.office.columns import chip, figure, stacked
from commerce.pricing import list_changes, price_files
from commerce.pricing.admin.grid import EDIT, grid_page
from commerce.pricing.admin.planning import import_page, schedule_page
from commerce.pricing.admin.scope import PriceListForm, derivation_of, scope_of
from commerce.pricing.models import PriceList


@admin.register(PriceList)
class PriceListAdmin(OfficeAdmin):
    form = PriceListForm
    list_display = ("name", "prices_link", "scope", "derivation", "figure_rank", "state")
    list_display_links = ("name",)
    search_fields = ("name", "code")
    ordering = ("-is_active", "-rank", "name")
    change_form_template = "office/price_list.html"
    fieldsets = (
        (None, {"fields": (("name", "code"), ("currency", "rank"), "is_active")}),
        (
            _("Where it counts"),
            {
                "fields": ("only_markets", "only_locations", "only_channels", "only_groups", ("starts_on", "ends_on")),
                "description": _("What names nothing limits nothing. Days are those of each store."),
            },
        ),
        (
            _("Derived from another list"),
            {
                "fields": ("derived_from", ("percent", "ending")),
                "description": _("What has no price of its own here costs what it costs there, changed like this."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        counted = Count("prices__variant", filter=Q(prices__withdrawn_at=None), distinct=True)
        rows = super().get_queryset(request).select_related("derived_from").annotate(price_count=counted)
        return rows.prefetch_related("markets", "only_markets", "only_locations", "only_groups")

    def get_urls(self) -> list[Any]:
        pages = {"grid": self.grid, "schedule": self.schedule, "import": self.import_file, "export": self.export_file}
        return [
            *(
                path(f"<path:object_id>/{name}/", self.admin_site.admin_view(page), name=f"price-list-{name}")
                for name, page in pages.items()
            ),
            *super().get_urls(),
        ]

    def grid(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Variants down, prices across; whoever may change prices types into it."""
        return grid_page(self, request, self._seen(request, object_id), at=now())

    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return schedule_page(self, request, self._edited(request, object_id), at=now())

    def import_file(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return import_page(self, request, self._edited(request, object_id), at=now())

    def export_file(self, request: HttpRequest, object_id: str) -> StreamingHttpResponse:
        """The list as a file that can be imported again."""
        price_list = self._seen(request, object_id)
        response = StreamingHttpResponse(_csv(price_list), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="prices-{price_list.code}.csv"'
        return response

    def _seen(self, request: HttpRequest, object_id: str) -> PriceList:
        if not self.has_view_permission(request):
            raise PermissionDenied
        price_list: PriceList = find(self, request, object_id)
        return price_list

    def _edited(self, request: HttpRequest, object_id: str) -> PriceList:
        if not person_of(request).has_perm(EDIT):
            raise PermissionDenied
        return self._seen(request, object_id)

    def save_related(self, request: HttpRequest, form: "ModelForm[Any]", formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        list_changes.announce(form.instance.currency, at=now())

    @admin.display(description=_("prices"), ordering="price_count")
    def prices_link(self, row: Any) -> str:
        address = reverse("admin:price-list-grid", args=[row.pk])
        return format_html('<a class="office-link" href="{}">{}</a>', address, figure(row.price_count))

    @admin.display(description=_("where it counts"))
    def scope(self, row: PriceList) -> str:
        return stacked(scope_of(row))

    @admin.display(description=_("derived from"))
    def derivation(self, row: PriceList) -> str:
        return derivation_of(row) or "–"

    @admin.display(description=_("rank"), ordering="rank")
    def figure_rank(self, row: PriceList) -> str:
        return figure(row.rank)

    @admin.display(description=_("state"), ordering="is_active")
    def state(self, row: PriceList) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Off"))


def _csv(price_list: PriceList) -> Iterator[str]:
    yield "\ufeff"
    for line in price_files.lines_of(price_list):
        text = io.StringIO()
        csv.writer(text, delimiter=price_files.delimiter()).writerow([safe(line[0]), *line[1:]])
        yield text.getvalue()
