"""Disputes: what cardholders contest, by when the bank wants an answer, and the page to answer it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timesince import timeuntil
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import amount, chip, link, when
from orders.actions.answer_dispute import accept_dispute, submit_evidence
from orders.admin import chips
from orders.admin.ledger_entries import entries_of
from orders.evidence import EvidenceForm
from orders.models import Dispute, Fulfillment


@admin.register(Dispute)
class DisputeAdmin(HistoryAdmin):
    when_empty = _("No cardholder has contested a payment.")
    source_types, source_number = ("dispute",), "provider_id"
    list_display = ("created", "order_link", "why", "figure_amount", "figure_held", "state_chip", "due")
    list_select_related = ("payment__order",)
    list_filter = (("state", ChoicesDropdownFilter), ("created_at", RangeDateTimeFilter))
    views = (
        (_("Need an answer"), "state__in=needs_response,warning_needs_response"),
        (_("With the bank"), "state__in=under_review,warning_under_review"),
        (_("Lost"), "state__exact=lost"),
    )
    search_fields = ("payment__order__number", "provider_id", "charge_id")
    search_help_text = _("Order number, or id at the card network")
    ordering = ("-created_at",)
    change_form_template = "office/dispute.html"
    actions_detail = ("evidence_page", "accept_page")

    def of_places(self, rows: "QuerySet[Dispute]", places: Sequence[int]) -> "QuerySet[Dispute]":
        leaving = Fulfillment.objects.filter(location__in=places).values("order")
        return rows.filter(Q(payment__order__location__in=places) | Q(payment__order__in=leaving))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "state__in" or super().lookup_allowed(lookup, value, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if row:
            moved = list(row.transactions.order_by("created_at"))
            labels = EvidenceForm.base_fields
            more = {
                "dispute": row,
                "order": row.payment.order if row.payment else None,
                "chip": chips.dispute(row),
                "due": self.due(row) if row.is_answerable else "",
                "reason": self.why(row),
                "moved": moved,
                "entries": entries_of(row.uid, *(one.uid for one in moved)),
                "told": [(labels[name].label, text) for name, text in row.evidence.items() if name in labels],
                "heading": f"{row.amount.format()} · {row.payment.order}" if row.payment else row.provider_id,
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @page_action(
        description=_("Send evidence"), icon="send", permission="dispute.answer", url_path="evidence", primary=True
    )
    def evidence_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            submit_evidence(row.pk, data, person=person_of(request), at=now())
            return str(_("The evidence is with the bank. It takes weeks to decide; the order shows what came of it."))

        return ask(
            self,
            request,
            row,
            title=_("Send evidence"),
            explain=_("What you write goes to the cardholder's bank. It is read once, so say everything."),
            form=EvidenceForm.of(row),
            button=_("Send to the bank"),
            run=run,
        )

    @page_action(description=_("Accept as lost"), icon="block", permission="dispute.answer", url_path="acceptance")
    def accept_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            accept_dispute(row.pk, person=person_of(request), at=now())
            return str(_("Accepted: %(amount)s is lost.") % {"amount": row.amount.format()})

        return ask(
            self,
            request,
            row,
            title=_("Accept as lost"),
            explain=_("You do not contest it. The money is gone, and this cannot be taken back."),
            form=forms.Form,
            button=_("Accept as lost"),
            danger=True,
            run=run,
        )

    @admin.display(description=_("contested at"), ordering="created_at")
    def created(self, row: Dispute) -> str:
        return when(row.created_at)

    @admin.display(description=_("order"), ordering="payment__order__number")
    def order_link(self, row: Dispute) -> str:
        return link(row.payment.order) if row.payment else "–"

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, row: Dispute) -> str:
        return row.reason.replace("_", " ").capitalize()

    @admin.display(description=_("amount"), ordering="amount_minor")
    def figure_amount(self, row: Dispute) -> str:
        return amount(row.amount_minor, row.currency)

    @admin.display(description=_("held back"), ordering="money_minor")
    def figure_held(self, row: Dispute) -> str:
        return amount(row.money_minor or None, row.currency)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Dispute) -> str:
        return chips.dispute(row)

    @admin.display(description=_("answer by"), ordering="evidence_due_at")
    def due(self, row: Dispute) -> str:
        if not row.is_answerable or row.evidence_due_at is None:
            return "–"
        if row.evidence_due_at <= now():
            return chip(_("Too late"), "danger", "clock")
        return chip(_("in %(time)s") % {"time": timeuntil(row.evidence_due_at, now(), depth=1)}, "warning", "clock")
