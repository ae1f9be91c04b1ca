"""Payouts with what they are made of, and the page on which money at the card network is reconciled."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from commerce.cases.models import Case
from commerce.company.permissions import may
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.office.base import HistoryAdmin, person_of
from commerce.office.columns import amount, chip, figure
from orders import reconciliation
from orders.actions.pull_settlements import pull_settlements
from orders.admin import chips
from orders.admin.ledger_entries import entries_of
from orders.admin.network_transactions import buttons
from orders.gateway_settlement import PROVIDER
from orders.models import Dispute, NetworkTransaction, Payout, SettlementPull

SHOWN, PARTS = 20, 200


@admin.register(Payout)
class PayoutAdmin(HistoryAdmin):
    when_empty = _("Nothing has been paid out yet.")
    source_types, source_number = ("payout",), "provider_id"
    list_display = ("arrives_on", "provider_id", "figure_parts", "explained", "state_chip", "figure_amount")
    list_filter = (("state", ChoicesDropdownFilter), ("arrives_on", RangeDateFilter))
    views = ((_("On their way"), "state__exact=in_transit"), (_("Came back"), "state__exact=failed"))
    search_fields = ("provider_id",)
    search_help_text = _("Id at the card network")
    ordering = ("-created_at",)
    change_form_template = "office/payout.html"

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.reconciliation_page)
        return [path("reconciliation/", page, name="reconciliation"), *super().get_urls()]

    def gather(self, rows: Sequence[Payout]) -> None:
        found = reconciliation.shares(rows)
        for row in rows:
            row.share = found.get(row.pk, reconciliation.Share())  # type: ignore[attr-defined]

    def reconciliation_page(self, request: HttpRequest) -> HttpResponse:
        """What the card network owes us, what it is made of, and what nobody has explained; its POST reads anew."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._read(request)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Reconciliation")}
        return TemplateResponse(request, "office/reconciliation.html", {**context, **self._standing(request)})

    def _read(self, request: HttpRequest) -> HttpResponse:
        if not may(person_of(request), "settlement.match"):
            raise PermissionDenied
        try:
            tally = pull_settlements(at=now(), clock=now)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            if tally is None:
                messages.info(request, str(_("It is being read at this moment.")))
            else:
                words = _("%(new)s new transactions, %(open)s of them without a match.")
                messages.success(request, str(words % {"new": tally.added, "open": tally.unmatched}))
        return HttpResponseRedirect(reverse("admin:reconciliation"))

    def _standing(self, request: HttpRequest) -> dict[str, Any]:
        """Everything the page shows; the number of statements does not depend on how much there is."""
        sent = list(Payout.objects.order_by("-created_at")[:SHOWN])
        self.gather(sent)
        waiting = NetworkTransaction.objects.filter(state="open").order_by("created_at")
        rows = list(waiting[:SHOWN])
        subjects = [row.provider_id for row in rows]
        cases = {
            case.subject: case
            for case in Case.objects.filter(kind="unmatched_transaction", subject__in=subjects, status="open")
        }
        settles = may(person_of(request), "settlement.match")
        missing = reconciliation.unreported(PROVIDER, at=now()).select_related("order")
        contested = Dispute.objects.open().select_related("payment__order").order_by("evidence_due_at")
        return {
            "pull": SettlementPull.objects.filter(provider=PROVIDER).first(),
            "may_settle": settles,
            "proofs": reconciliation.proofs(PROVIDER),
            "payouts": [{"row": row, "chip": chips.payout(row), "explained": self.explained(row)} for row in sent],
            "open_count": waiting.count(),
            "open": [
                {"row": row, "buttons": buttons(cases.get(row.provider_id) if settles else None, row)} for row in rows
            ],
            "troubles": Case.objects.filter(kind__in=["payout_mismatch", "payout_failed"], status="open")[:SHOWN],
            "missing_count": missing.count(),
            "missing": list(missing[:SHOWN]),
            "disputes": [(row, chips.dispute(row)) for row in contested[:SHOWN]],
        }

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if row:
            self.gather([row])
            parts = row.parts.select_related("payment__order", "dispute").order_by("-created_at", "-pk")
            more = {
                "payout": row,
                "chip": chips.payout(row),
                "explained": self.explained(row),
                "parts": [(part, chips.transaction(part)) for part in parts[:PARTS]],
                "part_count": row.share.parts,
                "shown": PARTS,
                "entries": entries_of(row.uid),
                "heading": row.provider_id,
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("transactions"))
    def figure_parts(self, row: Any) -> str:
        return figure(row.share.parts)

    @admin.display(description=_("explained"))
    def explained(self, row: Any) -> str:
        """The share of its transactions that are matched or booked, and whether they are its sum."""
        if not row.is_automatic:
            return chip(_("Sent by hand"), "open")
        if not row.is_complete:
            return chip(_("Sum differs"), "danger", "triangle-alert")
        if row.share.settled == row.share.parts:
            return chip(_("100 %"), "positive", "check")
        return chip(f"{row.share.percent} %", "warning")

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Payout) -> str:
        return chips.payout(row)

    @admin.display(description=_("amount"), ordering="amount_minor")
    def figure_amount(self, row: Payout) -> str:
        return amount(row.amount_minor, row.currency)
