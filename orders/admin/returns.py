"""Goods that came back, of every channel and at every place, and the page of one return."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter

from commerce.catalog.units import text_of
from commerce.ledger.models import JournalEntry
from commerce.office import access
from commerce.office.base import HistoryAdmin, person_of
from commerce.office.columns import amount, chip, link, name_of, stacked, when
from inventory.models import StockMovement
from orders.admin import chips, return_columns
from orders.admin.ledger_entries import entries_of
from orders.admin.refund_rows import refund_rows
from orders.models import Refund, Return, ReturnLine

SHOWN = 2  # lines of a return in a row of the list


@admin.register(Return)
class ReturnAdmin(HistoryAdmin):
    when_empty = _("Goods come back at the till, or from the page of an order.")
    source_types, source_number = ("return",), "number"
    list_display = (
        "number", "created", "order_link", "buyer", "place", "what", "tenders", "money_chip", "figure_total",
    )  # fmt: skip
    list_select_related = ("order__customer", "location")
    list_filter = (
        return_columns.MoneyFilter,
        ("location", RelatedDropdownFilter),
        ("channel", ChoicesDropdownFilter),
        return_columns.TenderFilter,
        return_columns.ReasonFilter,
        ("business_date", RangeDateFilter),
    )
    views = (
        (_("Still owed"), "money=owed"),
        (_("On its way"), "money=moving"),
        (_("Stores"), "channel__exact=pos"),
        (_("Faulty"), "reason=faulty"),
    )
    search_fields = ("number",)
    search_help_text = _("Number of the return or the order, receipt, e-mail or name")
    ordering = ("-pk",)
    change_form_template = "office/return.html"

    def of_places(self, rows: "QuerySet[Return]", places: Sequence[int]) -> "QuerySet[Return]":
        return return_columns.of_places(rows, places, Q(location__in=places))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Return]", search_term: str
    ) -> tuple["QuerySet[Return]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(Q(number__istartswith=term) | return_columns.of_customer(term)), False

    def gather(self, rows: Sequence[Any]) -> None:
        keys = [row.pk for row in rows]
        money = return_columns.by(Refund.objects.filter(return_record__in=keys).order_by("pk"), "return_record")
        goods: dict[int, list[ReturnLine]] = defaultdict(list)
        for line in ReturnLine.objects.filter(return_record__in=keys).select_related("order_line"):
            goods[line.return_record_id].append(line)
        for row in rows:
            row.money, row.goods = money.get(row.pk, []), goods[row.pk]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more = _page(row, request) if row else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("taken back at"), ordering="created_at")
    def created(self, row: Return) -> str:
        return when(row.created_at)

    @admin.display(description=_("order"), ordering="order__number")
    def order_link(self, row: Return) -> str:
        return link(row.order)

    @admin.display(description=_("customer"), ordering="order__email")
    def buyer(self, row: Return) -> str:
        return return_columns.buyer(row.order)

    @admin.display(description=_("location"), ordering="location__position")
    def place(self, row: Return) -> str:
        return row.location.name

    @admin.display(description=_("goods"))
    def what(self, row: Any) -> str:
        """The first lines, and how many more."""
        shown = [f"{text_of(one.quantity, one.order_line)} × {one.order_line.name}" for one in row.goods[:SHOWN]]
        more = len(row.goods) - SHOWN
        return stacked([*shown, _("and %(n)s more") % {"n": more}] if more > 0 else shown)

    @admin.display(description=_("given back by"))
    def tenders(self, row: Any) -> str:
        codes = dict.fromkeys(one.tender for one in row.money if one.state != Refund.State.FAILED)
        return stacked(return_columns.tender_name(code) for code in codes) or "–"

    @admin.display(description=_("money"))
    def money_chip(self, row: Any) -> str:
        return return_columns.money_chip(row.total_minor, row.money)

    @admin.display(description=_("to give back"), ordering="total_minor")
    def figure_total(self, row: Return) -> str:
        return amount(row.total_minor, row.currency)


def _page(record: Return, request: HttpRequest) -> dict[str, Any]:
    """Everything about one return; a statement for each kind of row."""
    person = person_of(request)
    refunds = list(record.refunds.select_related("payment").order_by("pk"))
    sees_books = access.may_view(person, JournalEntry)
    sees_stock = access.may_view(person, StockMovement)
    moved = StockMovement.objects.filter(source_type="return", source_uid=record.uid).order_by("pk")
    return {
        "record": record,
        "order": record.order,
        "buyer": return_columns.buyer(record.order),
        "chips": [
            chip(record.get_channel_display(), symbol=chips.SYMBOLS.get(record.channel, "globe")),
            return_columns.money_chip(record.total_minor, refunds),
        ],
        "lines": record.lines.select_related("order_line__variant"),
        "totals": _totals(record),
        "refunds": refund_rows(refunds),
        "moved": list(moved.select_related("level__variant", "level__location")) if sees_stock else None,
        "entries": entries_of(record.uid, *(row.uid for row in refunds)) if sees_books else None,
        "people": [
            (label, name_of(who))
            for label, who in ((_("Taken back by"), record.actor), (_("Approved by"), record.approved_by))
            if who
        ],
        "heading": record.number,
    }


def _totals(record: Return) -> list[tuple[Any, int]]:
    rows: list[tuple[Any, int]] = [(_("Goods"), record.goods_minor)]
    if record.shipping_minor:
        rows.append((_("Shipping and fees"), record.shipping_minor))
    if record.rounding_minor:
        rows.append((_("Rounding"), record.rounding_minor))
    rows += [
        (
            _("of which %(name)s %(rate)s %%") % {"name": tax["name"], "rate": f"{tax['rate_ppm'] / 10_000:g}"},
            tax["amount"],
        )
        for tax in record.taxes
    ]
    return rows
