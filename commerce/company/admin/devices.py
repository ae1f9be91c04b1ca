"""Devices: pairing and revoking."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.actions.invite_device import invite_device
from commerce.company.actions.renew_device import renew_device
from commerce.company.actions.revoke_device import revoke_device
from commerce.company.models import Device, Location
from commerce.kernel.clock import now
from commerce.office import access
from commerce.office.asking import ask, find, show_secret
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, link, moment, when


class DeviceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What is written on it, e.g. Counter 1."))
    location = forms.ModelChoiceField(
        label=_("Location"), empty_label=_("Choose a location"), queryset=Location.objects.filter(is_active=True)
    )

    def __init__(self, data: Any = None, *, places: Sequence[int] = ()) -> None:
        """`places`: the only ones to choose from, if any."""
        super().__init__(data)
        location = self.fields["location"]
        if places and isinstance(location, forms.ModelChoiceField):
            location.queryset = Location.objects.filter(is_active=True, pk__in=places)


@admin.register(Device)
class DeviceAdmin(HistoryAdmin):
    location_path = "location"
    list_display = ("name", "location_link", "state", "code_until", "paired")
    list_filter = ("location",)
    list_select_related = ("location",)
    search_fields = ("name", "location__name", "location__code")
    search_help_text = _("Name or location")
    ordering = ("name",)
    fields = ("name", "location_link", "state", "paired", "code_until", "uid")
    readonly_fields = fields
    actions_list = ("pair_page",)
    actions_detail = ("renew_page", "revoke_page")

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

    @page_action(description=_("Pair a new device"), icon="add_link", permission="device.pair", url_path="pairing")
    def pair_page(self, request: HttpRequest) -> HttpResponse:
        def run(data: dict[str, Any]) -> HttpResponse:
            device = invite_device(**data, person=person_of(request), at=now())
            return self._code_page(request, device)

        return ask(
            self,
            request,
            None,
            title=_("Pair a new device"),
            explain=_(
                "You get a code that works once. Open the till's address in its browser and type the code there."
            ),
            form=partial(DeviceForm, places=access.bound_to(person_of(request))),
            button=_("Make a code"),
            run=run,
        )

    @page_action(description=_("New pairing code"), icon="link", permission="device.pair", url_path="pairing-code")
    def renew_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        device = find(self, request, object_id)

        def run(data: dict[str, Any]) -> HttpResponse:
            return self._code_page(request, renew_device(device.pk, person=person_of(request), at=now()))

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

    def _code_page(self, request: HttpRequest, device: Device) -> HttpResponse:
        return show_secret(
            self,
            request,
            title=_("Pairing code for %(name)s") % {"name": device},
            name=_("Pairing code"),
            secret=f"{device.pairing_code[:4]}-{device.pairing_code[4:]}",
            explain=_("Type it at the till in %(place)s. It works once, until %(until)s.")
            % {"place": device.location.name, "until": moment(device.pairing_expires_at)},
        )
