"""What the card network has told, as it came; and how often somebody else pretended to be it."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, figure, link, when
from orders.actions.retry_network_event import retry_network_event
from orders.models import NetworkEvent, Payment, RefusedWord

State = NetworkEvent.State
TONES = {State.RECEIVED: "accent", State.DONE: "positive", State.REFUSED: "warning", State.PARKED: "danger"}


@admin.register(NetworkEvent)
class NetworkEventAdmin(HistoryAdmin):
    when_empty = _("The card network has told nothing yet.")
    list_display = ("type", "object_id", "received", "figure_deliveries", "state_chip", "short_reason")
    list_filter = (("state", ChoicesDropdownFilter), ("received_at", RangeDateTimeFilter))
    views = (
        (_("Waiting"), "state__exact=received"),
        (_("Parked"), "state__exact=parked"),
        (_("Refused"), "state__exact=refused"),
    )
    search_fields = ("=event_id", "=object_id", "type__startswith")
    search_help_text = _("Id of the event or of what it is about, or a type")
    ordering = ("-pk",)
    fields = ("type", "event_id", "about", "state_chip", "reason", "received", "figure_deliveries", "figure_attempts",
              "next_try", "whole_payload")  # fmt: skip
    readonly_fields = fields
    actions = ("retry_selected",)
    actions_detail = ("retry_page",)

    @admin.display(description=_("received"), ordering="pk")
    def received(self, row: NetworkEvent) -> str:
        return when(row.received_at)

    @admin.display(description=_("about"), ordering="object_id")
    def about(self, row: NetworkEvent) -> str:
        """With the order, where it is about a payment of ours."""
        found = Payment.objects.select_related("order").filter(provider_id=row.object_id).first()
        if not row.object_id or found is None:
            return row.object_id or "–"
        return link(found.order)

    @admin.display(description=_("came"), ordering="deliveries")
    def figure_deliveries(self, row: NetworkEvent) -> str:
        return f"{row.deliveries}×"

    @admin.display(description=_("tries"), ordering="attempts")
    def figure_attempts(self, row: NetworkEvent) -> str:
        return figure(row.attempts)

    @admin.display(description=_("next try"), ordering="try_at")
    def next_try(self, row: NetworkEvent) -> str:
        return when(row.try_at) if row.try_at else "–"

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: NetworkEvent) -> str:
        return chip(row.get_state_display(), TONES.get(State(row.state), ""))

    @admin.display(description=_("why"))
    def short_reason(self, row: NetworkEvent) -> str:
        return (row.reason if len(row.reason) <= 80 else f"{row.reason[:79]}…") or "–"

    @admin.display(description=_("what it says"))
    def whole_payload(self, row: NetworkEvent) -> str:
        text = json.dumps(row.payload, ensure_ascii=False, indent=2)
        return format_html('<pre class="payload" tabindex="0">{}</pre>', text)

    def has_retry_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person_of(request).has_perm("event.retry")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: "QuerySet[NetworkEvent]") -> None:
        rows = list(queryset)
        count = retry_network_event([row.event_id for row in rows], person=person_of(request), at=now())
        LogEntry.objects.log_actions(person_of(request).pk, rows, CHANGE, change_message=str(_("Try again")))
        self.message_user(request, _("%(count)s events are worked again within seconds.") % {"count": count})

    @page_action(description=_("Try again"), icon="replay", permission="event.retry", url_path="retry", primary=True)
    def retry_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            if retry_network_event([row.event_id], person=person_of(request), at=now()):
                return _("It is worked again within seconds.")
            return _("There is nothing left to do for it.")

        return ask(
            self,
            request,
            row,
            title=_("Work “%(type)s” again") % {"type": row.type},
            explain=row.reason,
            button=_("Try again"),
            run=run,
        )


@admin.register(RefusedWord)
class RefusedWordAdmin(HistoryAdmin):
    when_empty = _("Nobody has pretended to be the card network.")
    list_display = ("day", "reason_chip", "figure_count", "last", "last_from")
    list_display_links = None
    ordering = ("-day", "reason")
    list_filter = (("reason", ChoicesDropdownFilter),)

    @admin.display(description=_("why"), ordering="reason")
    def reason_chip(self, row: RefusedWord) -> str:
        return chip(row.get_reason_display(), "warning")

    @admin.display(description=_("times"), ordering="count")
    def figure_count(self, row: RefusedWord) -> str:
        return figure(row.count)

    @admin.display(description=_("last"), ordering="last_at")
    def last(self, row: RefusedWord) -> str:
        return when(row.last_at)
