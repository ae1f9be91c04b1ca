"""Places."""

import re
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.company.models import Location
from commerce.office.base import OfficeAdmin
from commerce.office.columns import chip

DAYS = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip
EXAMPLE = {"placeholder": "10:00–19:00"}
HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*(?:-|–|to)\s*([01]?\d|2[0-4]):([0-5]\d)")


class LocationForm(forms.ModelForm[Location]):
    """A location with its hours typed day by day."""

    mon, tue, wed, thu, fri, sat, sun = (
        forms.CharField(label=label, required=False, widget=UnfoldAdminTextInputWidget(attrs=EXAMPLE))
        for label in DAYS.values()
    )

    class Meta:
        model = Location
        fields = (
            "name", "code", "kind", "is_active", "line1", "line2", "city", "state", "postal_code", "country", "phone",
            "latitude", "longitude", "time_zone", "offers_pickup", "ships", "position",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, hours in (self.instance.opening_hours or {}).items():
            self.initial[day] = "–".join(hours) if hours else ""

    def clean_time_zone(self) -> str:
        zone: str = self.cleaned_data["time_zone"].strip()
        if zone not in available_timezones():
            raise forms.ValidationError(_("“%s” is no time zone. Use its IANA name, e.g. Europe/Berlin.") % zone)
        return zone

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        week = {}
        for day in DAYS:
            text = (data.get(day) or "").strip()
            found = HOURS.fullmatch(text)
            if text and not found:
                self.add_error(day, _("Write the hours like 10:00–19:00, or leave the day empty when closed."))
            elif found:
                opens, closes = f"{int(found[1]):02d}:{found[2]}", f"{int(found[3]):02d}:{found[4]}"
                week[day] = [opens, closes]
                if closes <= opens:
                    self.add_error(day, _("The day ends before it begins."))
        self.instance.opening_hours = week
        return data


@admin.register(Location)
class LocationAdmin(OfficeAdmin):
    form = LocationForm
    list_display = ("name", "code", "kind_chip", "city", "country", "services", "figure_position", "active_chip")
    list_filter = ("kind", "country", "is_active")
    search_fields = ("name", "code", "city")
    search_help_text = _("Name, code or city")
    fieldsets = (
        (None, {"fields": (("name", "code"), ("kind", "is_active"))}),
        (_("Address"), {"fields": ("line1", "line2", ("city", "state"), ("postal_code", "country"), "phone")}),
        (_("Where it is"), {"fields": (("latitude", "longitude"), "time_zone")}),
        (_("Opening hours"), {"fields": (("mon", "tue"), ("wed", "thu"), ("fri", "sat"), "sun")}),
        (_("Services"), {"fields": (("offers_pickup", "ships"), "position")}),
    )

    def of_places(self, rows: "QuerySet[Location]", places: Any) -> "QuerySet[Location]":
        return rows.filter(pk__in=places)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_chip(self, row: Location) -> str:
        return chip(row.get_kind_display(), symbol="warehouse" if row.kind == "warehouse" else "store")

    @admin.display(description=_("services"))
    def services(self, row: Location) -> str:
        offered = ((_("Pickup"), row.offers_pickup), (_("Ships"), row.ships))
        return ", ".join(str(name) for name, is_offered in offered if is_offered) or "–"

    @admin.display(description=_("position"), ordering="position")
    def figure_position(self, row: Location) -> int:
        return row.position

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: Location) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Closed"), "open")
