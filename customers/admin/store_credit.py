"""What customers have with us, and how they came to have it."""

from typing import Any

from django.contrib import admin
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.kernel.clock import now
from commerce.kernel.money import Money
from commerce.office.base import HistoryAdmin
from commerce.office.columns import amount, link, when
from customers import wallets
from customers.models import StoreCredit


@admin.register(StoreCredit)
class StoreCreditAdmin(HistoryAdmin):
    """Credit is given on the customer's page; here is what became of it."""

    source_types = ("store_credit",)
    list_display = ("owner", "figure_balance", "since")
    list_select_related = ("customer",)
    search_fields = ("customer__email_key__startswith", "customer__name")
    search_help_text = _("Name or e-mail of the customer")
    ordering = ("-pk",)
    list_before_template = "office/_gift_cards_owed.html"
    change_form_template = "office/store_credit.html"
    when_empty = _("Credit is given on the page of a customer, or when something is given back.")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With what is owed to all customers, per currency."""
        owed = StoreCredit.objects.filter(balance_minor__gt=0).order_by("currency").values_list("currency")
        sums = [Money(int(minor), currency) for currency, minor in owed.annotate(sum=Sum("balance_minor"))]
        return super().changelist_view(request, {"owed": sums, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        account = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if account:
            more = {
                "account": account,
                "entries": account.entries.select_related("actor").order_by("-pk")[:200],
                "held": wallets.held(account, at=now()),
                "heading": str(account.customer),
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("customer"), ordering="customer__name")
    def owner(self, row: StoreCredit) -> str:
        return link(row.customer)

    @admin.display(description=_("balance"), ordering="balance_minor")
    def figure_balance(self, row: StoreCredit) -> str:
        return amount(row.balance_minor, row.currency)

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: StoreCredit) -> str:
        return when(row.created_at)
