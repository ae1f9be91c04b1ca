"""Money on its way back or there, and money given back for goods that stayed."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RangeDateTimeFilter

from commerce.cases.models import Case
from commerce.ledger.models import JournalEntry
from commerce.office import access
from commerce.office.base import HistoryAdmin, person_of
from commerce.office.columns import amount, link, name_of, when
from customers.models import GiftCard
from orders.admin import chips, return_columns
from orders.admin.ledger_entries import entries_of
from orders.admin.refund_rows import refund_rows
from orders.models import Allowance, NetworkTransaction, Order, Refund
from orders.refunds import FAILED


@admin.register(Refund)
class RefundAdmin(HistoryAdmin):
    when_empty = _("Money goes back when goods come back, or from the page of an order.")
    source_types, source_number = ("refund",), "provider_id"
    list_display = (
        "created", "order_link", "buyer", "because_of", "tender_name", "figure_amount", "state_chip", "why",
    )  # fmt: skip
    list_select_related = ("order__customer", "return_record", "allowance")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        return_columns.TenderFilter,
        return_columns.PlaceFilter,
        ("created_at", RangeDateTimeFilter),
    )
    views = (
        (_("On their way"), "state__exact=pending"),
        (_("At the card network"), "state__exact=sent"),
        (_("Failed"), "state__exact=failed"),
    )
    search_fields = ("provider_id",)
    search_help_text = _("Number of the return or the order, receipt, e-mail, name, or id at the card network")
    ordering = ("-pk",)
    change_form_template = "office/refund.html"

    def of_places(self, rows: "QuerySet[Refund]", places: Sequence[int]) -> "QuerySet[Refund]":
        return return_columns.of_places(rows, places, Q(return_record__location__in=places))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Refund]", search_term: str
    ) -> tuple["QuerySet[Refund]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        named = Q(provider_id=term) | Q(return_record__number__istartswith=term)
        return queryset.filter(named | return_columns.of_customer(term)), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more = _page(row, request) if row else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def called(self, row: Refund) -> str:
        return str(_("Refund of %(order)s") % {"order": row.order})

    @admin.display(description=_("at"), ordering="created_at")
    def created(self, row: Refund) -> str:
        return when(row.settled_at or row.created_at)

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: Refund) -> str:
        return link(row.order)

    @admin.display(description=_("customer"), ordering="order__email")
    def buyer(self, row: Refund) -> str:
        return return_columns.buyer(row.order)

    @admin.display(description=_("because of"))
    def because_of(self, row: Refund) -> str:
        return link(row.return_record) if row.return_record else row.reason

    @admin.display(description=_("given back by"), ordering="tender")
    def tender_name(self, row: Refund) -> str:
        return return_columns.tender_name(row.tender)

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: Refund) -> str:
        return chips.refund(row)

    @admin.display(description=_("what went wrong"))
    def why(self, row: Refund) -> str:
        return row.failure_text or "–"

    @admin.display(description=_("amount"), ordering="amount_minor")
    def figure_amount(self, row: Refund) -> str:
        return amount(row.amount_minor, row.currency)


def _page(row: Refund, request: HttpRequest) -> dict[str, Any]:
    person = person_of(request)
    case = Case.objects.filter(kind=FAILED, subject=str(row.uid)).order_by("-pk").first()
    reported = NetworkTransaction.objects.filter(refund=row).order_by("pk")
    (shown,) = refund_rows([row])
    return {
        "refund": row,
        **shown,
        "order": row.order,
        "buyer": return_columns.buyer(row.order),
        "new_card": _unseen_card(row),
        "case": case if case and access.may_view(person, Case) else None,
        "reported": list(reported) if access.may_view(person, NetworkTransaction) else [],
        "entries": entries_of(row.uid) if access.may_view(person, JournalEntry) else None,
        "people": [
            (label, name_of(who)) for label, who in ((_("By"), row.actor), (_("Approved by"), row.approved_by)) if who
        ],
        "heading": f"{row.amount.format()} · {row.order}",
    }


def _unseen_card(row: Refund) -> GiftCard | None:
    """The card that was made for it, while nobody has seen its number."""
    if row.tender != "gift_card":
        return None
    return GiftCard.objects.filter(uid=row.details["wallet"], origin=GiftCard.Origin.REFUND, shown_at=None).first()


@admin.register(Allowance)
class AllowanceAdmin(HistoryAdmin):
    when_empty = _("Give an amount back from the page of an order; what the customer keeps costs less then.")
    source_types = ("allowance",)
    list_display = ("created", "order_link", "buyer", "reason", "by", "money_chip", "figure_total")
    list_display_links = None
    list_select_related = ("order__customer", "actor")
    list_filter = (return_columns.MoneyFilter, ("business_date", RangeDateFilter))
    views = ((_("Still owed"), "money=owed"),)
    search_fields = ("reason",)
    search_help_text = _("Number of the order, receipt, e-mail or name")
    ordering = ("-pk",)

    def of_places(self, rows: "QuerySet[Allowance]", places: Sequence[int]) -> "QuerySet[Allowance]":
        return rows.filter(order__location__in=places)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Allowance]", search_term: str
    ) -> tuple["QuerySet[Allowance]", bool]:
        term = search_term.strip()
        return (queryset.filter(return_columns.of_customer(term)) if term else queryset), False

    def gather(self, rows: Sequence[Any]) -> None:
        found = return_columns.by(Refund.objects.filter(allowance__in=[row.pk for row in rows]), "allowance")
        for row in rows:
            row.money = found.get(row.pk, [])

    def page_of(self, row: Allowance) -> Order:
        """An allowance is read on the page of its order."""
        return row.order

    def called(self, row: Allowance) -> str:
        return str(_("Allowance of %(order)s") % {"order": row.order})

    @admin.display(description=_("at"), ordering="created_at")
    def created(self, row: Allowance) -> str:
        return when(row.created_at)

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: Allowance) -> str:
        return link(row.order)

    @admin.display(description=_("customer"), ordering="order__email")
    def buyer(self, row: Allowance) -> str:
        return return_columns.buyer(row.order)

    @admin.display(description=_("by"))
    def by(self, row: Allowance) -> str:
        return name_of(row.actor)

    @admin.display(description=_("money"))
    def money_chip(self, row: Any) -> str:
        return return_columns.money_chip(row.total_minor, row.money)

    @admin.display(description=_("to give back"), ordering="total_minor")
    def figure_total(self, row: Allowance) -> str:
        return amount(row.total_minor, row.currency)
