"""Customers, the same people in every channel."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from commerce.office.base import OfficeAdmin, OfficeInline
from commerce.office.columns import when
from commerce.pricing.places import Jurisdiction
from customers.models import Customer, TaxCertificate


class CertificateForm(forms.ModelForm[TaxCertificate]):
    class Meta:
        model = TaxCertificate
        fields = ("number", "jurisdictions", "valid_from", "valid_until", "note")

    def clean_jurisdictions(self) -> list[str]:
        try:
            return sorted({str(Jurisdiction.parse(text)) for text in self.cleaned_data["jurisdictions"]})
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first."))
        return data


class CertificateInline(OfficeInline):
    model = TaxCertificate
    form = CertificateForm
    verbose_name_plural = _("Tax certificates: what they cover is sold to this customer without tax")


@admin.register(Customer)
class CustomerAdmin(OfficeAdmin):
    """Who somebody is comes from orders and accounts; what they may have is said here."""

    list_display = ("shown_name", "email", "phone", "since")
    search_fields = ("email_key__startswith", "name", "phone")
    search_help_text = _("Name, e-mail or phone")
    ordering = ("-pk",)
    fields = ("shown_name", "email", "phone", "since", "groups")
    readonly_fields = ("shown_name", "email", "phone", "since")
    inlines = (CertificateInline,)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Groups are few: boxes to tick."""
        boxes = UnfoldAdminCheckboxSelectMultipleWidget()
        field = super().formfield_for_manytomany(db_field, request, **{**kwargs, "widget": boxes})
        field.help_text = _("Groups see prices and promotions of their own.")
        return field

    @admin.display(description=_("name"), ordering="name")
    def shown_name(self, row: Customer) -> str:
        return row.name or row.email

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Customer) -> str:
        return when(row.created_at)
