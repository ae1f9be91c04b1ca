"""What has to leave, from where, and the pages of its actions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.catalog.units import total_text
from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, figure, link, when
from commerce.office.filters import ValuesFilter
from orders import fulfillment_types
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.admin import chips
from orders.admin.number_forms import answered, form_of
from orders.models import Fulfillment, Order


class TypeFilter(ValuesFilter):
    title, parameter_name, field = _("type"), "type", "type"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(kind.code, kind.label) for kind in fulfillment_types.registry().values()]


class ShipmentForm(forms.Form):
    carrier = forms.CharField(label=_("Carrier"), max_length=60, help_text=_("Who takes the parcel, e.g. UPS."))
    tracking = forms.CharField(label=_("Tracking number"), max_length=120, required=False)


@admin.register(Fulfillment)
class FulfillmentAdmin(HistoryAdmin):
    source_types = ("fulfillment",)
    location_path = "location"
    list_display = ("order_link", "type_chip", "place", "state_chip", "figure_units", "since", "done", "tracking")
    list_display_links = None
    list_select_related = ("order", "location")
    list_filter = (("state", ChoicesDropdownFilter), TypeFilter, ("location", RelatedDropdownFilter))
    views = (
        (_("To prepare"), "state__exact=pending"),
        (_("Ready"), "state__exact=ready"),
        (_("To ship"), "state__exact=pending&type=ship"),
        (_("Done"), "state__exact=done"),
    )
    search_fields = ("order__number", "tracking")
    search_help_text = _("Order or tracking number")
    ordering = ("-pk",)
    fields = ("order_link", "type_chip", "place", "state_chip", "carrier", "tracking", "since", "ready", "done")
    readonly_fields = fields
    actions_detail = ("ready_page", "hand_over_page", "ship_page")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Without the plans of checkouts that nobody has paid."""
        return (
            super().get_queryset(request).exclude(order__state=Order.State.DRAFT).prefetch_related("lines__order_line")
        )

    def page_of(self, row: Fulfillment) -> Order:
        """A fulfillment is read on the page of its order."""
        return row.order

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: Fulfillment) -> str:
        return link(row.order)

    @admin.display(description=_("type"), ordering="type")
    def type_chip(self, row: Fulfillment) -> str:
        kind = fulfillment_types.registry().get(row.type)
        icons = {"ship": "truck", "pickup": "shopping-bag", "counter": "hand", "email": "mail"}
        return chip(kind.label if kind else row.type, symbol=icons.get(row.type, "package"))

    @admin.display(description=_("from"), ordering="location__code")
    def place(self, row: Fulfillment) -> str:
        return link(row.location, row.location.name)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Fulfillment) -> str:
        return chips.fulfillment(row)

    @admin.display(description=_("units"))
    def figure_units(self, row: Fulfillment) -> str:
        return figure(total_text((line.quantity, line.order_line.unit_scale) for line in row.lines.all()))

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Fulfillment) -> str:
        return when(row.created_at)

    @admin.display(description=_("ready"), ordering="ready_at")
    def ready(self, row: Fulfillment) -> str:
        return when(row.ready_at)

    @admin.display(description=_("done"), ordering="done_at")
    def done(self, row: Fulfillment) -> str:
        return when(row.done_at)

    @page_action(
        description=_("Mark ready"), icon="inventory", permission="pickup.prepare", url_path="ready", primary=True
    )
    def ready_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            prepare_pickup(row.uid, person=person_of(request), at=now())
            return _("%(order)s is ready; the customer is told.") % {"order": row.order}

        return ask(
            self,
            request,
            row.order,
            title=_("Mark %(order)s ready") % {"order": row.order},
            explain=_("The goods are off the shelf and wait at %(place)s. The customer is told by e-mail.")
            % {"place": row.location.name},
            button=_("Mark ready"),
            run=run,
        )

    @page_action(description=_("Hand over"), icon="front_hand", permission="pickup.hand_over", url_path="handover")
    def hand_over_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            hand_over(row.uid, **answered(data), person=person_of(request), at=now())
            return _("%(order)s was handed over.") % {"order": row.order}

        return ask(
            self,
            request,
            row.order,
            title=_("Hand over %(order)s") % {"order": row.order},
            explain=_("Do this only when the customer has shown the code or proved who they are."),
            form=form_of(row, person_of(request)),
            button=_("Handed over"),
            run=run,
        )

    @page_action(
        description=_("Ship"), icon="local_shipping", permission="order.ship", url_path="shipment", primary=True
    )
    def ship_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            ship_fulfillment(row.uid, **answered(data), person=person_of(request), at=now())
            return _("%(order)s left %(place)s.") % {"order": row.order, "place": row.location.name}

        return ask(
            self,
            request,
            row.order,
            title=_("Ship %(order)s") % {"order": row.order},
            explain=_("The goods leave the stock of %(place)s.") % {"place": row.location.name},
            form=form_of(row, person_of(request), ShipmentForm),
            button=_("Ship"),
            run=run,
        )
