"""What happened, and what a subscriber could not take."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RangeDateTimeFilter

from commerce.events.models import Event, FailedDelivery
from commerce.kernel.clock import now
from commerce.office.actions.retry_delivery import retry_delivery
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, figure, link, when


@admin.register(Event)
class EventAdmin(HistoryAdmin):
    list_display = ("topic", "key", "at", "short_payload")
    list_filter = (("created_at", RangeDateTimeFilter),)
    views = (
        (_("Orders"), "q=order."),
        (_("Fulfillments"), "q=fulfillment."),
        (_("Catalog"), "q=catalog."),
    )
    search_fields = ("topic__startswith", "=key")
    search_help_text = _("Topic, or a document's id")
    ordering = ("-pk",)
    fields = ("topic", "key", "at", "position", "whole_payload")
    readonly_fields = fields

    @admin.display(description=_("at"), ordering="pk")
    def at(self, row: Event) -> str:
        return when(row.created_at)

    @admin.display(description=_("position"))
    def position(self, row: Event) -> str:
        return f"{row.tx}-{row.pk}"

    @admin.display(description=_("payload"))
    def short_payload(self, row: Event) -> str:
        text = json.dumps(row.payload, ensure_ascii=False)
        return format_html('<code class="payload">{}</code>', text if len(text) <= 90 else f"{text[:89]}…")

    @admin.display(description=_("payload"))
    def whole_payload(self, row: Event) -> str:
        text = json.dumps(row.payload, ensure_ascii=False, indent=2)
        return format_html('<pre class="payload" tabindex="0">{}</pre>', text)


@admin.register(FailedDelivery)
class FailedDeliveryAdmin(HistoryAdmin):
    when_empty = _("Everything that happened has reached everyone who listens.")
    list_display = ("subscriber", "event_link", "figure_attempts", "next_try", "short_error")
    list_select_related = ("event",)
    list_filter = ("gave_up",)
    views = ((_("Given up"), "gave_up__exact=1"),)
    search_fields = ("subscriber", "event__topic")
    search_help_text = _("Subscriber or topic")
    ordering = ("retry_at",)
    fields = ("subscriber", "event_link", "figure_attempts", "next_try", "error")
    readonly_fields = fields
    actions = ("retry_selected",)
    actions_detail = ("retry_page",)

    @admin.display(description=_("event"), ordering="event__topic")
    def event_link(self, row: FailedDelivery) -> str:
        return link(row.event, row.event.topic)

    @admin.display(description=_("tries"), ordering="attempts")
    def figure_attempts(self, row: FailedDelivery) -> str:
        return figure(row.attempts)

    @admin.display(description=_("next try"), ordering="retry_at")
    def next_try(self, row: FailedDelivery) -> str:
        return chip(_("Given up"), "danger") if row.gave_up else when(row.retry_at)

    @admin.display(description=_("error"))
    def short_error(self, row: FailedDelivery) -> str:
        return row.error if len(row.error) <= 80 else f"{row.error[:79]}…"

    def has_retry_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return person_of(request).has_perm("event.retry")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: "QuerySet[FailedDelivery]") -> None:
        rows = list(queryset)
        count = retry_delivery([row.pk for row in rows], person=person_of(request), at=now())
        LogEntry.objects.log_actions(person_of(request).pk, rows, CHANGE, change_message=str(_("Try again")))
        self.message_user(request, _("%(count)s deliveries are tried again within seconds.") % {"count": count})

    @page_action(description=_("Try again"), icon="replay", permission="event.retry", url_path="retry", primary=True)
    def retry_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            retry_delivery([row.pk], person=person_of(request), at=now())
            return _("It is tried again within seconds; when it succeeds it leaves this list.")

        return ask(
            self,
            request,
            row,
            title=_("Deliver “%(topic)s” again") % {"topic": row.event.topic},
            explain=row.error,
            button=_("Try again"),
            run=run,
        )
