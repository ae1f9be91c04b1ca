"""Customers, the same people in every channel, and what is given to them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextareaWidget

from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import OfficeAdmin, OfficeInline, page_action, person_of
from commerce.office.columns import chip, figure, link, list_address, when
from commerce.pricing.models import CustomerGroup
from commerce.pricing.places import Jurisdiction
from customers import profiles
from customers.actions.give_credit import give_credit
from customers.admin.wallet_forms import GiveForm
from customers.models import Customer, TaxCertificate

SHOWN = 40


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

    list_display = ("shown_name", "email", "phone", "in_groups", "since")
    list_filter = (("groups", RelatedDropdownFilter),)
    search_fields = ("email_key__startswith", "name", "phone")
    search_help_text = _("Name, e-mail or phone")
    ordering = ("-pk",)
    fields: tuple[str, ...] = ("shown_name", "email", "phone", "since", "credit", "groups")
    readonly_fields: tuple[str, ...] = ("shown_name", "email", "phone", "since", "credit")
    actions_detail: tuple[str, ...] = ("credit_page",)
    inlines = (CertificateInline,)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Customer]":
        return super().get_queryset(request).prefetch_related("groups")

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

    @admin.display(description=_("store credit"))
    def credit(self, row: Customer) -> str:
        """What they have with us, per currency, with the way to its entries."""
        found = row.store_credits.order_by("currency")
        return format_html_join(" · ", "{}", ((link(one, one.balance.format()),) for one in found)) or "–"

    @page_action(description=_("Give store credit"), icon="redeem", permission="wallet.give", url_path="credit")
    def credit_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        customer = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            account = give_credit(customer, **data, person=person_of(request), at=now())
            return _("%(customer)s has %(balance)s of store credit now.") % {
                "customer": customer,
                "balance": account.balance.format(),
            }

        return ask(
            self,
            request,
            customer,
            title=_("Give store credit to %(customer)s") % {"customer": customer},
            explain=_("Out of goodwill: nobody pays for it. It can be spent in every store at once."),
            form=GiveForm,
            button=_("Give it"),
            run=run,
        )

    @admin.display(description=_("groups"))
    def in_groups(self, row: Customer) -> str:
        return format_html_join(" ", "{}", ((chip(group.name),) for group in row.groups.all())) or "–"

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: Customer) -> str:
        return when(row.created_at)


class GroupForm(forms.ModelForm[CustomerGroup]):
    more = forms.CharField(
        label=_("Add customers"),
        required=False,
        help_text=_("Their e-mail addresses, one per line."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        max_length=200_000,
    )

    class Meta:
        model = CustomerGroup
        fields = ("name", "code")

    def clean_more(self) -> list[str]:
        emails = self.cleaned_data["more"].replace(",", " ").replace(";", " ").split()
        keys = {profiles.email_key(email): email for email in emails}
        known = set(Customer.objects.filter(email_key__in=keys).values_list("email_key", flat=True))
        unknown = [email for key, email in keys.items() if key not in known]
        if unknown:
            shown = ", ".join(unknown[:10])
            raise forms.ValidationError(_("No customer has the address %s. Nobody was added.") % shown)
        return emails


@admin.register(CustomerGroup)
class CustomerGroupAdmin(OfficeAdmin):
    """Groups with their customers, who see prices and promotions of their own."""

    form = GroupForm
    list_display = ("name", "code", "figure_customers", "figure_lists", "figure_promotions")
    search_fields = ("name", "code")
    search_help_text = _("Name or code")
    ordering = ("name",)
    fields = (("name", "code"), "members", "more")
    when_empty = _("Members, staff, trade: make a group, then say in price lists and promotions what it gets.")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        counts = {name: Count(name, distinct=True) for name in ("customers", "price_lists", "promotions")}
        return super().get_queryset(request).annotate(**{f"{name}_count": count for name, count in counts.items()})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("members", "code") if obj else ("members",)  # rules know a group by its code

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        profiles.join(form.instance, form.cleaned_data.get("more") or [])

    @admin.display(description=_("customers"))
    def members(self, row: CustomerGroup) -> str:
        """The newest of them, each with a link, and the way to all."""
        if row._state.adding:
            return "–"
        found = list(row.customers.order_by("-pk")[:SHOWN])
        path = list_address(Customer, groups__id__exact=row.pk)
        everybody = format_html('<a class="office-link" href="{}">{}</a>', path, _("All of them"))
        if not found:
            return str(_("Nobody yet"))
        return format_html_join(" · ", "{}", ((each,) for each in (*(link(one) for one in found), everybody)))

    @admin.display(description=_("customers"), ordering="customers_count")
    def figure_customers(self, row: Any) -> str:
        path = list_address(Customer, groups__id__exact=row.pk)
        return format_html('<a class="office-link" href="{}">{}</a>', path, figure(row.customers_count))

    @admin.display(description=_("price lists"), ordering="price_lists_count")
    def figure_lists(self, row: Any) -> str:
        return figure(row.price_lists_count)

    @admin.display(description=_("promotions"), ordering="promotions_count")
    def figure_promotions(self, row: Any) -> str:
        return figure(row.promotions_count)
