"""Keys of other programs."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.company.actions.issue_token import issue_token
from commerce.company.actions.revoke_token import revoke_token
from commerce.company.models import ApiToken
from commerce.company.tokens import SCOPES
from commerce.kernel.clock import now
from commerce.office.asking import ask, find, remember, show_secret
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import chip, when


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Which program will use it."))
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(scope, does.capitalize()) for scope, does in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(ApiToken)
class ApiTokenAdmin(HistoryAdmin):
    when_empty = _("Issue one to let another program use the shop.")
    list_display = ("name", "scope_names", "created", "state")
    search_fields = ("name",)
    ordering = ("-created_at",)
    fields = ("name", "scope_names", "created", "state")
    readonly_fields = fields
    actions_list = ("issue_page",)
    actions_detail = ("revoke_page",)

    @admin.display(description=_("scopes"))
    def scope_names(self, row: ApiToken) -> str:
        return ", ".join(row.scopes)

    @admin.display(description=_("created"), ordering="created_at")
    def created(self, row: ApiToken) -> str:
        return when(row.created_at)

    @admin.display(description=_("state"), ordering="revoked_at")
    def state(self, row: ApiToken) -> str:
        return chip(_("Revoked"), "danger") if row.revoked_at else chip(_("Valid"), "positive")

    @page_action(description=_("Issue a token"), icon="add", permission="token.issue", url_path="issue")
    def issue_page(self, request: HttpRequest) -> HttpResponse:
        def run(data: dict[str, Any]) -> HttpResponse:
            token = issue_token(**data, person=person_of(request), at=now())
            row = ApiToken.objects.order_by("-pk").first()
            if row is not None:
                remember(request, row, _("Issued"))
            return show_secret(
                self,
                request,
                title=_("Token for %(name)s") % {"name": data["name"]},
                name=_("API token"),
                secret=token,
                explain=_("Copy it now: it is kept as a hash only and cannot be shown again."),
            )

        return ask(
            self,
            request,
            None,
            title=_("Issue an API token"),
            explain=_(
                "Programs send it as “Authorization: Bearer …”. Give each program its own, with no more than it needs."
            ),
            form=TokenForm,
            button=_("Issue token"),
            run=run,
        )

    @page_action(description=_("Revoke"), icon="key_off", permission="token.issue", url_path="revocation")
    def revoke_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        token = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            revoke_token(token, person=person_of(request), at=now())
            return _("The token “%(name)s” is not valid any more.") % {"name": token}

        return ask(
            self,
            request,
            token,
            title=_("Revoke “%(name)s”") % {"name": token},
            explain=_("The program that uses it is refused from now on. This cannot be undone."),
            button=_("Revoke"),
            danger=True,
            run=run,
        )
