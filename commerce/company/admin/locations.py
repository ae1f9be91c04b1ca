"""Places."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commerce.company.models import Location
from commerce.office.base import OfficeAdmin
from commerce.office.columns import chip


@admin.register(Location)
class LocationAdmin(OfficeAdmin):
    list_display = ("name", "code", "kind_chip", "city", "country", "services", "position", "active_chip")
    list_filter = ("kind", "country", "is_active")
    search_fields = ("name", "code", "city")
    search_help_text = _("Name, code or city")
    fieldsets = (
        (None, {"fields": (("name", "code"), ("kind", "is_active"))}),
        (_("Address"), {"fields": ("line1", "line2", ("city", "state"), ("postal_code", "country"), "phone")}),
        (_("Where and when"), {"fields": (("latitude", "longitude"), "time_zone", "opening_hours")}),
        (_("Services"), {"fields": (("offers_pickup", "ships"), "position")}),
    )

    def of_places(self, rows: "QuerySet[Location]", places: Any) -> "QuerySet[Location]":
        return rows.filter(pk__in=places)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_chip(self, row: Location) -> str:
        return chip(row.get_kind_display(), symbol="warehouse" if row.kind == "warehouse" else "store")

    @admin.display(description=_("services"))
    def services(self, row: Location) -> str:
        offered = [_("Pickup")] if row.offers_pickup else []
        return ", ".join([*offered, _("Ships")] if row.ships else offered) or "–"

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: Location) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Closed"), "open")
