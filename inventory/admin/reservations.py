"""Units that are spoken for, by what and until when."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timesince import timeuntil
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.kernel.clock import now
from commerce.office.base import HistoryAdmin
from commerce.office.columns import chip, link, measured, when
from inventory.admin.sources import name_sources, variants_like
from inventory.models import Reservation

TONES = {"held": "warning", "allocated": "accent", "consumed": "positive", "released": "open", "expired": "open"}


@admin.register(Reservation)
class ReservationAdmin(HistoryAdmin):
    location_path = "level__location"
    list_display = ("sku", "place", "figure_quantity", "state_chip", "until", "source", "since")
    list_display_links = None
    list_select_related = ("level__variant", "level__location")
    list_filter = (("state", ChoicesDropdownFilter), ("level__location", RelatedDropdownFilter))
    views = ((_("Held"), "state__exact=held"), (_("Allocated to orders"), "state__exact=allocated"))
    search_fields = ("level__variant__sku_key",)
    search_help_text = _("SKU or product")
    ordering = ("-pk",)

    def gather(self, rows: "Sequence[Reservation]") -> None:
        name_sources(rows)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Reservation]", search_term: str
    ) -> tuple["QuerySet[Reservation]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(level__variant__in=variants_like(term).values("pk")), False

    @admin.display(description=_("SKU"), ordering="level__variant__sku_key")
    def sku(self, row: Reservation) -> str:
        return link(row.level, row.level.variant.sku)

    @admin.display(description=_("location"), ordering="level__location__position")
    def place(self, row: Reservation) -> str:
        return row.level.location.name

    @admin.display(description=_("units"), ordering="quantity")
    def figure_quantity(self, row: Reservation) -> str:
        return measured(row.quantity, row.level.variant)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Reservation) -> str:
        return chip(row.get_state_display(), TONES[row.state])

    @admin.display(description=_("held until"), ordering="expires_at")
    def until(self, row: Reservation) -> str:
        if row.state != Reservation.State.HELD or row.expires_at is None:
            return "–"
        return _left(row.expires_at, now())

    @admin.display(description=_("for"))
    def source(self, row: Reservation) -> str:
        return row.source_link  # type: ignore[attr-defined]

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Reservation) -> str:
        return when(row.created_at)


def _left(expires_at: datetime, at: datetime) -> str:
    if expires_at <= at:
        return chip(_("Lapsed, free again"), "open")
    return chip(_("%(time)s left") % {"time": timeuntil(expires_at, at, depth=1)})
