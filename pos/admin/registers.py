"""Registers, and the browsers that stand at them."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.admin.devices import code_page
from commerce.company.codes import is_referred_to
from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import OfficeAdmin, page_action, person_of
from commerce.office.columns import address, chip, link
from pos.actions.invite_browser import invite_browser
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
    fields = (("name", "code"), "location", "device_link", "card_reader")
    readonly_fields = ("device_link",)
    actions_detail = ("pair_page",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        is_open = Exists(Shift.objects.filter(register=OuterRef("pk"), closed_at=None))
        return super().get_queryset(request).annotate(is_open=is_open)

    def get_readonly_fields(self, request: HttpRequest, obj: Register | None = None) -> Sequence[Any]:
        fixed = ("code",) if obj is not None and is_referred_to(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    @page_action(
        description=_("Pair a browser"), icon="add_link", permission="device.pair", url_path="pairing", primary=True
    )
    def pair_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        register = find(self, request, object_id)

        def run(data: dict[str, Any]) -> HttpResponse:
            device = invite_browser(register.pk, person=person_of(request), at=now())
            return code_page(self, request, device, back=address(register))

        return ask(
            self,
            request,
            register,
            title=_("Pair a browser with %(name)s") % {"name": register},
            explain=_("You get a code that works once. A browser that is paired now keeps working until then."),
            button=_("Make a code"),
            run=run,
        )

    @admin.display(description=_("location"), ordering="location__position")
    def place(self, row: Register) -> str:
        return link(row.location, row.location.name)

    @admin.display(description=_("device"))
    def device_link(self, row: Register) -> str:
        return link(row.device) if row.device else chip(_("Not paired"), "open")

    @admin.display(description=_("shift"))
    def shift_chip(self, row: Any) -> str:
        return chip(_("Open"), "positive") if row.is_open else chip(_("Closed"), "open")
