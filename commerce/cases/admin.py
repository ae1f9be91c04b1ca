"""The exceptions queue: what broke, whose it is, by when."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.cases import resolutions
from commerce.cases.actions.resolve_case import resolve_case
from commerce.cases.kinds import KINDS
from commerce.cases.models import Case
from commerce.company.permissions import ROLES, may
from commerce.kernel.clock import now
from commerce.office.asking import Confirmation, ask, find, remember
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, document, link, when
from commerce.office.filters import ValuesFilter

FACTS = {
    "sku": _("SKU"), "serial": _("Serial number"), "level": _("Stock level"), "location": _("Location"),
    "on_hand": _("On hand"), "reserved": _("Reserved"), "missing": _("Missing"), "orders": _("Orders"),
    "set_aside_for": _("Also set aside for"), "order": _("Order"), "sale": _("Till sale"), "from": _("From"),
    "transfer": _("Transfer"), "payment": _("Payment"), "return": _("Return"), "refund": _("Refund"),
    "email": _("E-mail address"),
}  # fmt: skip
UID_LENGTH = 36
# What a case's subject is the number of, and which of its facts name a document.
SUBJECTS = {
    "price_drift": "order",
    "discount_over_limit": "order",
    "sold_below_cost": "order",
    "open_price": "order",
    "coupon_overused": "order",
    "cashier_not_allowed": "order",
    "sale_after_count": "order",
    "receipt_number_clash": "sale",
    "transfer_short": "transfer",
}
DOCUMENTS = {
    "order": "order", "sale": "order", "payment": "payment", "shift": "shift", "receipt_number": "sale",
    "transfer": "transfer", "return": "return", "refund": "refund", "dispute": "dispute", "payout": "payout",
    "transaction": "network_transaction",
}  # fmt: skip


class KindFilter(ValuesFilter):
    title, parameter_name, field = _("kind"), "kind", "kind"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(kind.code, kind.label) for kind in KINDS.values()]


class OwnerFilter(ValuesFilter):
    title, parameter_name, field = _("owner"), "owner_role", "owner_role"

    def choices_of(self) -> list[tuple[str, Any]]:
        return list(ROLES)


class DueFilter(ValuesFilter):
    title, parameter_name, field = _("due"), "due", ""

    def choices_of(self) -> list[tuple[str, Any]]:
        return [("overdue", _("Overdue")), ("later", _("Not yet due"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() == "overdue":
            return queryset.filter(status=Case.Status.OPEN, due_at__lte=now())
        return queryset.filter(due_at__gt=now()) if self.value() == "later" else queryset


class ResolveForm(forms.Form):
    note = forms.CharField(
        label=_("What was done"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


@admin.register(Case)
class CaseAdmin(HistoryAdmin):
    when_empty = _("Nothing waits for anybody’s decision.")
    location_path = "location"
    list_display = ("what", "subject_link", "location_link", "owner", "due", "age", "status_chip")
    list_select_related = ("location", "resolved_by")
    list_filter = (
        ("status", ChoicesDropdownFilter),
        KindFilter,
        OwnerFilter,
        DueFilter,
        ("location", RelatedDropdownFilter),
    )
    views = (
        (_("Open"), "status__exact=open"),
        (_("Overdue"), "due=overdue"),
        (_("Resolved"), "status__exact=resolved"),
    )
    search_fields = ("subject", "text")
    search_help_text = _("Order number or words")
    ordering = ("status", "due_at")
    change_form_template = "office/case.html"
    actions = ("resolve_selected",)
    actions_detail = ("resolve_page",)

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.resolution_page)
        return [path("<int:pk>/resolutions/<slug:code>/", page, name="case-resolution"), *super().get_urls()]

    def resolution_page(self, request: HttpRequest, pk: int, code: str) -> HttpResponse:
        """What a button of a case does (see `resolutions`): its POST acts, its GET asks first."""
        case = find(self, request, str(pk))
        resolution = resolutions.named(case, code)
        if not may(person_of(request), resolution.permission, case.location):
            raise PermissionDenied

        def run(data: dict[str, Any]) -> str:
            return resolutions.run(case, code, person=person_of(request), at=now(), **data)

        return ask(
            self,
            request,
            case,
            title=resolution.label,
            explain=resolution.explain or case.text,
            button=resolution.label,
            danger=resolution.danger,
            form=resolution.form(case) if resolution.form else Confirmation,
            run=run,
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        case = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if case:
            more = {"case": case, "what": self.what(case), "owner": self.owner(case), "age": self.age(case)}
            more |= {"due": self.due(case), "status": self.status_chip(case), "facts": self.facts(case)}
            about = "" if len(case.subject) == UID_LENGTH else f": {case.subject}"
            more |= {"heading": f"{self.what(case)}{about}"}
            more |= {"subject": self.subject_link(case), "resolutions": resolutions.of(case, person_of(request))}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("what happened"), ordering="kind")
    def what(self, row: Case) -> Any:
        return KINDS[row.kind].label if row.kind in KINDS else row.kind

    @admin.display(description=_("subject"), ordering="subject")
    def subject_link(self, row: Case) -> str:
        key = row.context.get("order") or row.context.get("sale")
        if key:
            return document("order", key, _("Order") if len(row.subject) == UID_LENGTH else row.subject)
        kind = SUBJECTS.get(row.kind)
        return document(kind, row.subject, row.subject) if kind else row.subject

    def facts(self, row: Case) -> list[tuple[Any, Any]]:
        """What the case knows, with links where a document is named."""
        return [
            (FACTS.get(key) or key.replace("_", " ").capitalize(), _value(key, value))
            for key, value in row.context.items()
        ]

    @admin.display(description=_("location"), ordering="location__code")
    def location_link(self, row: Case) -> str:
        return link(row.location, row.location.name) if row.location else "–"

    @admin.display(description=_("owner"), ordering="owner_role")
    def owner(self, row: Case) -> str:
        return str(dict(ROLES).get(row.owner_role, row.owner_role))

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, row: Case) -> str:
        if row.status == Case.Status.RESOLVED:
            return when(row.due_at)
        return _due(row.due_at, now())

    @admin.display(description=_("age"), ordering="created_at")
    def age(self, row: Case) -> str:
        return timesince(row.created_at, row.resolved_at or now(), depth=1)

    @admin.display(description=_("status"), ordering="status")
    def status_chip(self, row: Case) -> str:
        is_open = row.status == Case.Status.OPEN
        return chip(row.get_status_display(), "warning" if is_open else "positive")

    def has_resolve_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return person_of(request).has_perm("case.resolve")

    @admin.action(description=_("Resolve"), permissions=["resolve"])
    def resolve_selected(self, request: HttpRequest, queryset: "QuerySet[Case]") -> None:
        by_answer = [kind.code for kind in KINDS.values() if kind.needs_answer]
        cases = list(queryset.filter(status=Case.Status.OPEN).exclude(kind__in=by_answer))
        for case in cases:
            resolve_case(case.pk, person=person_of(request), at=now())
            remember(request, case, str(_("Resolved")))
        self.message_user(
            request, ngettext("%(n)s case resolved.", "%(n)s cases resolved.", len(cases)) % {"n": len(cases)}
        )

    @page_action(
        description=_("Resolve"), icon="task_alt", permission="case.resolve", url_path="resolution", primary=True
    )
    def resolve_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        case = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            resolve_case(case.pk, person=person_of(request), at=now())
            if data["note"]:
                remember(request, case, data["note"])
            return str(_("Resolved. The case stays in the list of resolved ones."))

        return ask(
            self,
            request,
            case,
            title=_("Resolve: %(what)s") % {"what": self.what(case)},
            explain=case.text,
            form=ResolveForm,
            button=_("Resolve"),
            run=run,
        )


def _due(due_at: datetime, at: datetime) -> str:
    if due_at <= at:
        return chip(_("Overdue by %(time)s") % {"time": timesince(due_at, at, depth=1)}, "danger", "clock")
    return chip(_("in %(time)s") % {"time": timesince(at, due_at, depth=1)})


def _value(key: str, value: Any) -> Any:
    """A fact as people read it: documents as links, lists as words, everything deeper as it was sent."""
    if key == "level":
        return document("stock_level", value, _("Open"))
    if key in DOCUMENTS and isinstance(value, str):
        return document(DOCUMENTS[key], value, _("Open") if len(value) == UID_LENGTH else value)
    if key == "orders" and isinstance(value, list):
        return format_html_join(", ", "{}", ((document("order", number, number),) for number in value))
    if isinstance(value, dict) and value.keys() == {"is", "should_be"}:
        return _("%(is)s, should be %(should_be)s") % value
    if isinstance(value, dict):
        return format_html(
            '<pre class="payload" tabindex="0">{}</pre>', json.dumps(value, ensure_ascii=False, indent=2)
        )
    return ", ".join(map(str, value)) if isinstance(value, list) else value
