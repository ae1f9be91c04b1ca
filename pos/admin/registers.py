"""Registers, and the browsers that stand at them."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commerce.office.base import OfficeAdmin
from commerce.office.columns import chip, link
from pos.models import Register, Shift


@admin.register(Register)
class RegisterAdmin(OfficeAdmin):
    location_path = "location"
    list_display = ("name", "code", "place", "device_link", "shift_chip", "card_reader")
    list_select_related = ("location", "device")
    list_filter = ("location",)
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("code",)
    fields = (("name", "code"), "location", "device", "card_reader")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        is_open = Exists(Shift.objects.filter(register=OuterRef("pk"), closed_at=None))
        return super().get_queryset(request).annotate(is_open=is_open)

    @admin.display(description=_("location"), ordering="location__position")
    def place(self, row: Register) -> str:
        return link(row.location, row.location.name)

    @admin.display(description=_("device"))
    def device_link(self, row: Register) -> str:
        return link(row.device) if row.device else chip(_("Not paired"), "open")

    @admin.display(description=_("shift"))
    def shift_chip(self, row: Any) -> str:
        return chip(_("Open"), "positive") if row.is_open else chip(_("Closed"), "open")
