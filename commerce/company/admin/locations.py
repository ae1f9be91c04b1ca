"""Places."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from commerce.company import locations
from commerce.company.codes import is_referred_to
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.office.base import OfficeAdmin
from commerce.office.columns import chip

DAYS = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"), "fri": _("Friday"),
    "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip
EXAMPLE = {"placeholder": "10:00–19:00"}
HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*(?:-|–|to)\s*([01]?\d|2[0-4]):([0-5]\d)")


class LocationForm(forms.ModelForm[Location]):
    """A location with its hours typed day by day, and its holidays line by line."""

    mon, tue, wed, thu, fri, sat, sun = (
        forms.CharField(label=label, required=False, widget=UnfoldAdminTextInputWidget(attrs=EXAMPLE))
        for label in DAYS.values()
    )

    special_days = forms.CharField(
        label=_("holidays and special hours"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5, "placeholder": "2026-12-25 closed\n2026-12-24 10:00–14:00"}),
        help_text=_("One day a line: the date, then its hours or “closed”."),
    )

    class Meta:
        model = Location
        fields = (
            "name", "code", "kind", "is_active", "line1", "line2", "city", "state", "postal_code", "country", "phone",
            "latitude", "longitude", "time_zone", "offers_pickup", "offers_curbside", "ships", "accepts_returns",
            "feeds_web", "safety_stock", "ships_per_day", "position",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:  # whoever only reads has no fields
            kinds = [choice for choice in Location.Kind.choices if choice[0] != Location.Kind.TRANSIT]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        for day, hours in (self.instance.opening_hours or {}).items():
            self.initial[day] = "–".join(hours) if hours else ""
        self.initial["special_days"] = "\n".join(
            f"{day} {'–'.join(hours) if hours else _('closed')}"
            for day, hours in sorted((self.instance.holidays or {}).items())
        )

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
            if text and not HOURS.fullmatch(text):
                self.add_error(day, _("Write the hours like 10:00–19:00, or leave the day empty when closed."))
            elif text:
                week[day] = self._hours(text, field=day)
        self.instance.opening_hours = week
        self.instance.holidays = self._holidays(data.get("special_days") or "")
        if data.get("offers_curbside") and not data.get("offers_pickup"):
            self.add_error(
                "offers_curbside", _("Who brings orders to the car hands them out inside, too: tick pickup.")
            )
        return data

    def _hours(self, text: str, *, field: str) -> list[str]:
        """Opening and closing time; `text` has the form of hours."""
        found = HOURS.fullmatch(text)
        assert found is not None
        opens, closes = f"{int(found[1]):02d}:{found[2]}", f"{int(found[3]):02d}:{found[4]}"
        if closes <= opens:
            self.add_error(field, _("The day ends before it begins."))
        return [opens, closes]

    def _holidays(self, text: str) -> dict[str, list[str] | None]:
        days: dict[str, list[str] | None] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            day, _space, rest = line.strip().partition(" ")
            if not day:
                continue
            try:
                key = date.fromisoformat(day).isoformat()
            except ValueError:
                says = _("Line %(line)s: “%(day)s” is no date. Write it like 2026-12-25.")
                self.add_error("special_days", says % {"line": number, "day": day})
                continue
            rest = rest.strip()
            if HOURS.fullmatch(rest):
                days[key] = self._hours(rest, field="special_days")
            elif rest.casefold() in ("closed", str(_("closed")).casefold()):
                days[key] = None
            else:
                says = _("Line %(line)s: after the date write the hours like 10:00–14:00, or “closed”.")
                self.add_error("special_days", says % {"line": number})
        return days


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
        (_("Opening hours"), {"fields": (("mon", "tue"), ("wed", "thu"), ("fri", "sat"), "sun", "special_days")}),
        (_("Services"), {"fields": (("offers_pickup", "offers_curbside"), ("ships", "accepts_returns"))}),
        (_("Stock"), {"fields": ("feeds_web", "safety_stock", "ships_per_day", "position")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Location | None = None) -> Sequence[Any]:
        fixed = ("code",) if obj is not None and is_referred_to(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def save_model(self, request: HttpRequest, obj: Location, form: "ModelForm[Location]", change: bool) -> None:
        locations.save(obj, at=now())

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Location]":
        """Nobody visits the place between places."""
        return super().get_queryset(request).exclude(kind=Location.Kind.TRANSIT)

    def of_places(self, rows: "QuerySet[Location]", places: Any) -> "QuerySet[Location]":
        return rows.filter(pk__in=places)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_chip(self, row: Location) -> str:
        return chip(row.get_kind_display(), symbol="warehouse" if row.kind == "warehouse" else "store")

    @admin.display(description=_("services"))
    def services(self, row: Location) -> str:
        offered = (
            (_("Pickup"), row.offers_pickup),
            (_("Curbside"), row.offers_curbside),
            (_("Ships"), row.ships),
            (_("Returns"), row.accepts_returns),
        )
        return ", ".join(str(name) for name, is_offered in offered if is_offered) or "–"

    @admin.display(description=_("position"), ordering="position")
    def figure_position(self, row: Location) -> int:
        return row.position

    @admin.display(description=_("active"), ordering="is_active")
    def active_chip(self, row: Location) -> str:
        return chip(_("Active"), "positive") if row.is_active else chip(_("Closed"), "open")
