"""Imports: which file, how far it got, and what was wrong with which row."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter, RelatedDropdownFilter

from commerce.office.base import HistoryAdmin
from commerce.office.columns import chip, figure, link, list_address, name_of, when
from commerce.sync.models import ImportRow, ImportRun

TONES = {"running": "warning", "finished": "positive", "interrupted": "danger", "failed": "danger"}
SHOWN = 100


@admin.register(ImportRun)
class ImportRunAdmin(HistoryAdmin):
    source_types = ("import", "import_run")
    list_display = ("file_name", "format", "state_chip", "figure_rows", "outcome", "started", "finished", "by")
    list_select_related = ("actor",)
    list_filter = (("state", ChoicesDropdownFilter), ("started_at", RangeDateTimeFilter))
    search_fields = ("file_name",)
    search_help_text = _("File name")
    ordering = ("-started_at", "-pk")
    change_form_template = "office/import_run.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if run:
            more = {
                "run": run,
                "state": self.state_chip(run),
                "problems": run.problems.all()[:SHOWN],
                "all_problems": list_address(ImportRow, run__id__exact=run.pk),
                "heading": run.file_name,
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: ImportRun) -> str:
        return chip(row.get_state_display(), TONES[row.state])

    @admin.display(description=_("rows"), ordering="rows_total")
    def figure_rows(self, row: ImportRun) -> str:
        return figure(row.rows_total if row.rows_done == row.rows_total else f"{row.rows_done} / {row.rows_total}")

    @admin.display(description=_("what became of them"))
    def outcome(self, row: ImportRun) -> str:
        return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in row.outcomes.items() if count) or "–"

    @admin.display(description=_("started"), ordering="started_at")
    def started(self, row: ImportRun) -> str:
        return when(row.started_at)

    @admin.display(description=_("finished"), ordering="finished_at")
    def finished(self, row: ImportRun) -> str:
        return when(row.finished_at)

    @admin.display(description=_("by"))
    def by(self, row: ImportRun) -> str:
        return name_of(row.actor)


@admin.register(ImportRow)
class ImportRowAdmin(HistoryAdmin):
    list_display = ("figure_line", "text", "refused_chip", "code", "run_link")
    list_display_links = None
    list_select_related = ("run",)
    list_filter = (("run", RelatedDropdownFilter), "refused")
    views = ((_("Refused"), "refused__exact=1"),)
    search_fields = ("text", "code")
    search_help_text = _("Words of the problem")
    ordering = ("-run", "line", "pk")

    @admin.display(description=_("line"), ordering="line")
    def figure_line(self, row: ImportRow) -> str:
        return figure(row.line)

    @admin.display(description=_("row"), ordering="refused")
    def refused_chip(self, row: ImportRow) -> str:
        return chip(_("Refused"), "danger") if row.refused else chip(_("Taken"), "warning")

    @admin.display(description=_("import"), ordering="run")
    def run_link(self, row: ImportRow) -> str:
        return link(row.run, row.run.file_name)
