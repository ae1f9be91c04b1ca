"""Devices: pairing and revoking."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.actions.renew_device import renew_device
from commerce.company.actions.revoke_device import revoke_device
from commerce.company.models import Device
from commerce.kernel.clock import now
from commerce.office.asking import ask, find, show_secret
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, link, moment, when


@admin.register(Device)
class DeviceAdmin(HistoryAdmin):
    location_path = "location"
    list_display = ("name", "register_name", "location_link", "state", "code_until", "paired")
    list_filter = ("location",)
    list_select_related = ("location", "register")
    search_fields = ("name", "location__name", "location__code")
    search_help_text = _("Name or location")
    ordering = ("name",)
    fields = ("name", "location_link", "state", "paired", "code_until", "uid")
    readonly_fields = fields
    actions_detail = ("renew_page", "revoke_page")

    @admin.display(description=_("register"), ordering="register__code")
    def register_name(self, row: Any) -> str:
        register = getattr(row, "register", None)
        return link(register) if register else "–"

    @admin.display(description=_("location"), ordering="location__code")
    def location_link(self, row: Device) -> str:
        return link(row.location)

    @admin.display(description=_("state"))
    def state(self, row: Device) -> str:
        if row.revoked_at:
            return chip(_("Revoked"), "danger")
        if row.token_hash:
            return chip(_("Paired"), "positive")
        is_waiting = row.pairing_code and row.pairing_expires_at and row.pairing_expires_at > now()
        return chip(_("Waiting for its browser"), "warning") if is_waiting else chip(_("Code expired"), "open")

    @admin.display(description=_("code valid until"), ordering="pairing_expires_at")
    def code_until(self, row: Device) -> str:
        return when(row.pairing_expires_at) if row.pairing_code else "–"

    @admin.display(description=_("paired"), ordering="paired_at")
    def paired(self, row: Device) -> str:
        return when(row.paired_at)

    @page_action(description=_("New pairing code"), icon="link", permission="device.pair", url_path="pairing-code")
    def renew_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        device = find(self, request, object_id)

        def run(data: dict[str, Any]) -> HttpResponse:
            return code_page(self, request, renew_device(device.pk, person=person_of(request), at=now()))

        return ask(
            self,
            request,
            device,
            title=_("New pairing code for %(name)s") % {"name": device},
            explain=_("The browser that is paired now keeps working until the new code is used."),
            button=_("Make a code"),
            run=run,
        )

    @page_action(description=_("Revoke"), icon="link_off", permission="device.pair", url_path="revocation")
    def revoke_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        device = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            revoke_device(device.pk, person=person_of(request), at=now())
            return _("%(name)s is locked out.") % {"name": device}

        return ask(
            self,
            request,
            device,
            title=_("Revoke %(name)s") % {"name": device},
            explain=_(
                "Its browser can do nothing any more. Sales it has not sent yet stay on it until it is paired again."
            ),
            button=_("Revoke"),
            danger=True,
            run=run,
        )


def code_page(admin_: "admin.ModelAdmin[Any]", request: HttpRequest, device: Device, back: str = "") -> HttpResponse:
    """Show a device's pairing code, large, and until when it can be used."""
    return show_secret(
        admin_,
        request,
        title=_("Pairing code for %(name)s") % {"name": device},
        name=_("Pairing code"),
        secret=f"{device.pairing_code[:4]}-{device.pairing_code[4:]}",
        explain=_(
            "Open the till's address in the browser at %(place)s and type this code. It works once, until %(until)s."
        )
        % {"place": device.location.name, "until": moment(device.pairing_expires_at)},
        back=back,
    )
