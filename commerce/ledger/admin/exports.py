"""Exports of the journal: ask for a period, and take the file of any batch again."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from commerce.company.locations import office_day
from commerce.kernel.clock import now
from commerce.ledger import exports
from commerce.ledger.actions.export_journal import export_journal
from commerce.ledger.models import ExportBatch
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import figure, name_of, when


class PeriodForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day is before the first one."))
        return data


@admin.register(ExportBatch)
class ExportBatchAdmin(HistoryAdmin):
    when_empty = _("Nothing was handed to the accountant yet. Export a period to make the first file.")
    list_display = ("reference", "since", "until", "number", "figure_entries", "made", "by", "file")
    list_display_links = None
    list_select_related = ("person",)
    ordering = ("-pk",)
    actions_list = ["export_page"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.download)
        return [path("<int:object_id>/file/", view, name="ledger-export-file"), *super().get_urls()]

    @page_action(
        description=_("Export a period"), icon="download", permission="ledger.close", url_path="make", primary=True
    )
    def export_page(self, request: HttpRequest) -> HttpResponse:
        """Ask for a period, the last month at first; its batch is on top of the list."""
        last = office_day(now()).replace(day=1) - timedelta(days=1)
        month = {"since": last.replace(day=1), "until": last}

        def run(data: dict[str, Any]) -> Any:
            batch = export_journal(data["since"], data["until"], person=person_of(request), at=now())
            return _("Batch %(reference)s is ready: download it from the list.") % {"reference": batch.reference}

        return ask(
            self,
            request,
            None,
            title=_("Export the journal"),
            button=_("Export"),
            run=run,
            form=lambda data: PeriodForm(data, initial=month),
            explain=_(
                "A line for each posting, with the accountant's codes. The same period again is the same batch; what"
                " was booked on its days since then becomes a batch of its own, so nothing is handed over twice."
            ),
        )

    def download(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The file of a batch, the same bytes each time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        batch = find(self, request, str(object_id))
        answer = HttpResponse(exports.as_csv(batch), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="journal-{batch.reference}.csv"'
        return answer

    @admin.display(description=_("entries"), ordering="entries")
    def figure_entries(self, row: ExportBatch) -> str:
        return figure(row.entries)

    @admin.display(description=_("made at"), ordering="created_at")
    def made(self, row: ExportBatch) -> str:
        return when(row.created_at)

    @admin.display(description=_("by"))
    def by(self, row: ExportBatch) -> str:
        return name_of(row.person)

    @admin.display(description=_("file"))
    def file(self, row: ExportBatch) -> str:
        href = reverse("admin:ledger-export-file", args=[row.pk])
        return format_html('<a class="office-link" href="{}">{}</a>', href, _("Download"))
