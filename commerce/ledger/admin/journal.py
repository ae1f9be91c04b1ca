"""The books: accounts with their balances, and the journal. Read only: money's history is written by `journal.post`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter

from commerce.ledger.actions.map_account import map_account
from commerce.ledger.admin import closing, control
from commerce.ledger.models import Account, JournalEntry, Posting
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import amount, chip, document, stacked, when
from commerce.office.filters import ValuesFilter

WORDS = {
    "sale": _("Sale"),
    "payment": _("Payment"),
    "return": _("Return"),
    "allowance": _("Allowance"),
    "cancellation": _("Cancellation"),
    "drawers_opening": _("Cash by drawer at the beginning"),
    "taxes_opening": _("Taxes by code at the beginning"),
    "refund": _("Refund"),
    "refund_failed": _("Refund came back"),
    "goodwill": _("Given for nothing"),
    "gift_card_moved": _("Gift card replaced"),
    "gift_card_opening": _("Gift card of another system"),
    "gift_card_expired": _("Gift card expired"),
    "count": _("Cash count"),
    "handover": _("Handed over"),
    "stock_sale": _("Goods sold at the till"),
    "stock_fulfillment": _("Goods handed over or shipped"),
    "stock_receipt": _("Goods received"),
    "stock_transfer": _("Goods transferred"),
    "stock_adjustment": _("Goods adjusted"),
    "stock_count": _("Goods counted"),
    "stock_return": _("Goods returned"),
    "stock_import": _("Goods imported"),
    "stock_opening": _("Goods at the beginning"),
    "undelivered_opening": _("Owed at the beginning"),
    "network_fee": _("Fee of the card network"),
    "network_other": _("Booked by hand"),
    "dispute_money": _("Money of a dispute"),
    "dispute_lost": _("Dispute lost"),
    "dispute_loss_undone": _("Dispute won after all"),
    "payout": _("Payout"),
    "payout_failed": _("Payout came back"),
}
VIEWS = ("sale", "handover", "payment", "return", "refund", "stock_sale", "stock_receipt")
SOURCES = {
    "order": _("Order"),
    "payment": _("Order"),
    "capture": _("Order"),
    "return": _("Return"),
    "allowance": _("Allowance"),
    "cancellation": _("Order"),
    "refund": _("Refund"),
    "gift_card": _("Gift card"),
    "fulfillment": _("Fulfillment"),
    "shift": _("Shift"),
    "purchase_order": _("Purchase order"),
    "transfer": _("Transfer"),
    "stock_count": _("Count"),
    "adjustment": _("Adjustment"),
    "import": _("Import"),
    "network_transaction": _("Card network"),
    "payout": _("Payout"),
    "dispute": _("Dispute"),
}


def balances(accounts: Iterable[Account]) -> dict[int, list[tuple[int, str]]]:
    """What accounts (by primary key) stand at: (sum of postings, currency), the largest first; one statement."""
    sums = (
        Posting.objects.filter(account__in=list(accounts))
        .values("account", currency=F("entry__currency"))
        .annotate(sum=Sum("amount_minor"))
        .order_by("account", "entry__currency")
    )
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in sums:
        found[row["account"]].append((row["sum"], row["currency"]))
    return {account: sorted(pairs, key=lambda pair: -abs(pair[0])) for account, pairs in found.items()}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, help_text=_("Empty: exports name it by our own code.")
    )


@admin.register(Account)
class AccountAdmin(HistoryAdmin):
    list_display = ("name", "code", "accountant_code", "kind_chip", "figure_balance")
    list_filter = (("kind", ChoicesDropdownFilter),)
    ordering = ("kind", "code")
    change_form_template = "office/account.html"
    actions_detail = ["code_page"]

    @page_action(
        description=_("The accountant's code"), icon="sell", permission="ledger.close", url_path="accountant-code"
    )
    def code_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Say by which code the accountant knows this account."""
        account = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            map_account(account.pk, data["code"], person=person_of(request))
            return _("Exports from now on name this account by that code.")

        return ask(
            self,
            request,
            account,
            title=_("The accountant's code"),
            button=_("Save"),
            run=run,
            form=lambda data: CodeForm(data, initial={"code": account.accountant_code}),
        )

    def gather(self, rows: Sequence[Account]) -> None:
        found = balances(rows)
        for account in rows:
            account.balances = found.get(account.pk, [])  # type: ignore[attr-defined]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        account = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if account:
            postings = Posting.objects.filter(account=account).select_related("entry").order_by("-pk")[:50]
            more = {
                "account": account,
                "kind": _kind(account),
                "balances": [
                    (currency, side(minor, currency)) for minor, currency in balances([account]).get(account.pk, [])
                ],
                "postings": [
                    {"row": row, "word": word_of(row.entry), "source": source_of(row.entry)} for row in postings
                ],
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("kind"), ordering="kind")
    def kind_chip(self, row: Account) -> str:
        return _kind(row)

    @admin.display(description=_("balance"))
    def figure_balance(self, row: Any) -> str:
        return stacked(side(minor, currency) for minor, currency in row.balances) or "–"


class SourceFilter(ValuesFilter):
    title, parameter_name, field = _("kind"), "kind", "kind"

    def choices_of(self) -> list[tuple[str, Any]]:
        return list(WORDS.items())


@admin.register(JournalEntry)
class JournalEntryAdmin(HistoryAdmin):
    list_display = ("number", "kind_word", "source", "location_code", "business_date", "written", "figure_amount")
    list_filter = (SourceFilter, ("business_date", RangeDateFilter))
    views = tuple((WORDS[kind], f"kind={kind}") for kind in VIEWS)
    search_fields = ("location_code",)
    search_help_text = _("Location code, or a document's id")
    ordering = ("-pk",)
    change_form_template = "office/journal_entry.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("control/", view(self.control), name="ledger-control"),
            path("control/close/", view(self.close), name="ledger-close"),
            path("control/<slug:code>/", view(self.control_rows), name="ledger-control-rows"),
            *super().get_urls(),
        ]

    def control(self, request: HttpRequest) -> HttpResponse:
        """Whether documents and books agree."""
        return self._page(request, "office/control.html", _("Daily control"), control.control_page)

    def control_rows(self, request: HttpRequest, code: str) -> HttpResponse:
        """The documents that do not agree with the books, of one check."""
        found = partial(control.offences_page, code=code)
        return self._page(request, "office/control_rows.html", _("Daily control"), found)

    def close(self, request: HttpRequest) -> HttpResponse:
        """Close the books through a day."""
        return closing.ask_to_close(self, request)

    def _page(
        self, request: HttpRequest, template: str, title: Any, found: Callable[[HttpRequest], dict[str, Any]]
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, {**context, **found(request)})

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        debits = Posting.objects.filter(entry=OuterRef("pk"), amount_minor__gt=0).order_by().values("entry")
        moved = debits.annotate(sum=Sum("amount_minor")).values("sum")
        return super().get_queryset(request).annotate(moved=Subquery(moved))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[JournalEntry]", search_term: str
    ) -> tuple["QuerySet[JournalEntry]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        if len(term) == 36:
            return queryset.filter(source_uid=term), False
        return queryset.filter(location_code__iexact=term), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if entry:
            postings = list(entry.postings.select_related("account").order_by("-amount_minor"))
            more = {"entry": entry, "word": self.kind_word(entry), "source": source_of(entry), "postings": postings}
            more["heading"] = f"{self.kind_word(entry)} #{entry.pk}"
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("entry"), ordering="pk")
    def number(self, row: JournalEntry) -> str:
        return f"#{row.pk}"

    @admin.display(description=_("kind"), ordering="kind")
    def kind_word(self, row: JournalEntry) -> Any:
        return word_of(row)

    @admin.display(description=_("because of"))
    def source(self, row: JournalEntry) -> str:
        return source_of(row)

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, row: JournalEntry) -> str:
        return when(row.created_at)

    @admin.display(description=_("amount"))
    def figure_amount(self, row: Any) -> str:
        return amount(row.moved, row.currency)


def side(minor: int, currency: str) -> str:
    """A balance without its sign, and the side it stands on: people read "$5 credit" more safely than "−$5"."""
    if not minor:
        return amount(0, currency)
    word = _("debit") if minor > 0 else _("credit")
    return format_html('{} <span class="stacked--soft">{}</span>', amount(abs(minor), currency), word)


def _kind(account: Account) -> str:
    tones = {"asset": "positive", "liability": "warning", "income": "accent", "expense": "", "equity": ""}
    return chip(account.get_kind_display(), tones[account.kind])


def word_of(entry: JournalEntry) -> Any:
    """What an entry is, in a word or two."""
    return WORDS.get(entry.kind, entry.kind.replace("_", " ").capitalize())


def source_of(entry: JournalEntry) -> str:
    """A link to the document that an entry was written for."""
    label = SOURCES.get(entry.source_type)
    return document(entry.source_type, entry.source_uid, label) if label else entry.source_type
