"""Customers, the same people in every channel."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from commerce.office.base import HistoryAdmin
from commerce.office.columns import when
from customers.models import Customer


@admin.register(Customer)
class CustomerAdmin(HistoryAdmin):
    list_display = ("shown_name", "email", "phone", "since")
    search_fields = ("email_key__startswith", "name", "phone")
    search_help_text = _("Name, e-mail or phone")
    ordering = ("-pk",)
    fields = ("shown_name", "email", "phone", "since")
    readonly_fields = fields

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, row: Customer) -> str:
        return row.name or row.email

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Customer) -> str:
        return when(row.created_at)
