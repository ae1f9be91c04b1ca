"""Files of payouts: bring one, and see what became of it, line by line."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.office.base import HistoryAdmin, page_action, person_of, refuse
from commerce.office.columns import address, chip, figure, list_address, name_of, when
from orders.actions.take_payout_file import take_payout_file
from orders.models import PayoutFile

LARGEST = 50 * 2**20


class PayoutFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("The card network's itemized payout reconciliation report, as CSV, up to 50 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty.")},
    )
    takes_unmatched = forms.BooleanField(
        label=_("Take lines that match none of our payments, too"),
        required=False,
        help_text=_("They become cases. Otherwise one such line refuses the whole file."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 50 MB. Bring it in parts."))
        return file


@admin.register(PayoutFile)
class PayoutFileAdmin(HistoryAdmin):
    when_empty = _("Nobody has brought a file. Payouts are read from the card network by themselves.")
    list_display = ("name", "state_chip", "figure_rows", "figure_added", "figure_problems", "created", "by")
    list_select_related = ("actor",)
    ordering = ("-pk",)
    change_form_template = "office/payout_file.html"
    actions_list = ["upload_page"]

    @page_action(
        description=_("Bring a file"),
        icon="upload_file",
        permission="settlement.match",
        url_path="upload",
        primary=True,
    )
    def upload_page(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; it is taken or refused at once, and its page says why."""
        form = PayoutFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                row = take_payout_file(
                    file.read(),
                    name=file.name,
                    takes_unmatched=form.cleaned_data["takes_unmatched"],
                    person=person_of(request),
                    at=now(),
                )
            except DomainError as error:
                refuse(form, error)
            else:
                return HttpResponseRedirect(address(row))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Bring a file of payouts"),
            "opts": self.opts,
            "form": form,
            "back": list_address(PayoutFile),
        }
        return TemplateResponse(request, "office/payout_upload.html", context, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        more = {"file": row, "chip": self.state_chip(row), "heading": row.name} if row else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: PayoutFile) -> str:
        return chip(row.get_state_display(), "positive" if row.state == PayoutFile.State.TAKEN else "danger")

    @admin.display(description=_("rows"), ordering="rows")
    def figure_rows(self, row: PayoutFile) -> str:
        return figure(row.rows)

    @admin.display(description=_("new"), ordering="added")
    def figure_added(self, row: PayoutFile) -> str:
        return figure(row.added)

    @admin.display(description=_("problems"), ordering="problem_count")
    def figure_problems(self, row: PayoutFile) -> str:
        return figure(row.problem_count, "danger" if row.problem_count else "")

    @admin.display(description=_("brought at"), ordering="created_at")
    def created(self, row: PayoutFile) -> str:
        return when(row.created_at)

    @admin.display(description=_("by"))
    def by(self, row: PayoutFile) -> str:
        return name_of(row.actor)
