"""What the card network reports of our balance: every movement, and what it belongs to."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from commerce.cases.models import Case
from commerce.office.base import HistoryAdmin, person_of
from commerce.office.columns import amount, link, when
from orders.admin import chips
from orders.admin.ledger_entries import entries_of
from orders.models import NetworkTransaction
from orders.suggestions import suggest


@admin.register(NetworkTransaction)
class NetworkTransactionAdmin(HistoryAdmin):
    when_empty = _("Nothing has been read from the card network yet.")
    source_types, source_number = ("network_transaction",), "provider_id"
    list_display = (
        "created", "kind_word", "belongs_to", "figure_gross", "figure_fee", "figure_net", "paid_out", "state_chip",
    )  # fmt: skip
    list_select_related = ("payment__order", "dispute", "payout", "part_of")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("created_at", RangeDateTimeFilter),
    )
    views = ((_("Open"), "state__exact=open"), (_("Booked by hand"), "state__exact=booked"))
    search_fields = ("provider_id", "source_id", "intent_id", "payment__order__number")
    search_help_text = _("Order number, or id at the card network")
    ordering = ("-created_at", "-pk")
    change_form_template = "office/network_transaction.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if row:
            is_open = row.state == NetworkTransaction.State.OPEN
            case = Case.objects.filter(kind="unmatched_transaction", subject=row.provider_id, status="open").first()
            settles = person_of(request).has_perm("settlement.match")
            more = {
                "transaction": row,
                "chip": chips.transaction(row),
                "kind": self.kind_word(row),
                "belongs": self.belongs_to(row),
                "entries": entries_of(row.uid),
                "suggestions": suggest(row) if is_open else [],
                "buttons": buttons(case if settles else None, row),
                "metadata": list(row.details.get("metadata", {}).items()),
                "heading": row.provider_id,
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("at"), ordering="created_at")
    def created(self, row: NetworkTransaction) -> str:
        return when(row.created_at)

    @admin.display(description=_("kind"), ordering="kind")
    def kind_word(self, row: NetworkTransaction) -> str:
        word = row.get_kind_display()
        return word if row.kind != "other" else (row.category or row.type).replace("_", " ").capitalize()

    @admin.display(description=_("belongs to"))
    def belongs_to(self, row: NetworkTransaction) -> str:
        """The document that it is matched to, else what it was booked on, else the network's own id."""
        if row.dispute:
            return link(row.dispute)
        if row.payment:
            return link(row.payment.order)
        if row.payout:
            return link(row.payout)
        return row.account.replace("_", " ").capitalize() or format_html(
            '<code class="payload">{}</code>', row.source_id
        )

    @admin.display(description=_("gross"), ordering="gross_minor")
    def figure_gross(self, row: NetworkTransaction) -> str:
        return amount(row.gross_minor, row.currency)

    @admin.display(description=_("fee"), ordering="fee_minor")
    def figure_fee(self, row: NetworkTransaction) -> str:
        return amount(row.fee_minor or None, row.currency)

    @admin.display(description=_("net"), ordering="net_minor")
    def figure_net(self, row: NetworkTransaction) -> str:
        return amount(row.net_minor, row.currency)

    @admin.display(description=_("paid out with"))
    def paid_out(self, row: NetworkTransaction) -> str:
        return link(row.part_of, row.part_of.arrives_on.isoformat()) if row.part_of else "–"

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: NetworkTransaction) -> str:
        return chips.transaction(row)


def buttons(case: Case | None, row: NetworkTransaction) -> list[tuple[Any, str]]:
    """(label, address) of what settles an open transaction: the resolutions of its case."""
    if case is None:
        return []
    codes = [("match", _("Match to a payment"))] if row.gross_minor > 0 else []
    codes.append(("book", _("Book it")))
    return [(label, reverse("admin:case-resolution", args=[case.pk, code])) for code, label in codes]
