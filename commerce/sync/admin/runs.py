"""Imports: bring a file, see what it would do, have it done; how far it got, and what was wrong with which row."""

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateTimeFilter

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.exchange import OUTCOMES
from commerce.office.asking import find, remember
from commerce.office.base import HistoryAdmin, page_action, person_of, refuse
from commerce.office.columns import address, chip, figure, list_address, name_of, when
from commerce.sync import uploads
from commerce.sync.actions.start_import import start_import
from commerce.sync.actions.stop_import import stop_import
from commerce.sync.actions.upload_file import upload_file
from commerce.sync.admin.forms import UploadForm
from commerce.sync.formats import NAMES
from commerce.sync.guards import guard
from commerce.sync.models import ImportRow, ImportRun

TONES = {
    "checking": "warning", "checked": "accent", "refused": "danger", "running": "warning", "finished": "positive",
    "interrupted": "danger", "failed": "danger",
}  # fmt: skip
SHOWN = 100


@admin.register(ImportRun)
class ImportRunAdmin(HistoryAdmin):
    when_empty = _("Import a file, and see here what would become of it.")
    source_types = ("import", "import_run")
    list_display = ("file_name", "format_name", "state_chip", "figure_rows", "outcome", "started", "finished", "by")
    list_select_related = ("actor",)
    list_filter = (("state", ChoicesDropdownFilter), ("started_at", RangeDateTimeFilter))
    search_fields = ("file_name",)
    search_help_text = _("File name")
    ordering = ("-started_at", "-pk")
    change_form_template = "office/import_run.html"
    actions_list = ["upload_page"]

    def get_urls(self) -> list[Any]:
        pages = {"progress": self.progress, "start": self.start, "stop": self.stop, "problems": self.problems}
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(page), name=f"sync_importrun_{name}")
            for name, page in pages.items()
        ]
        return [*own, *super().get_urls()]

    @page_action(
        description=_("Import a file"), icon="upload_file", permission="import.run", url_path="upload", primary=True
    )
    def upload_page(self, request: HttpRequest) -> HttpResponse:
        """Choose a file; a worker checks it, and the run's page shows what it would do."""
        person = person_of(request)
        form = UploadForm(request.POST or None, request.FILES or None, person=person)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = upload_file(
                    file=file,
                    name=file.name,
                    size=file.size,
                    file_format=form.cleaned_data["file_format"],
                    options=form.options(),
                    person=person,
                    at=now(),
                )
            except DomainError as error:
                refuse(form, error)
            else:
                return HttpResponseRedirect(address(run))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import a file"),
            "opts": self.opts,
            "form": form,
            "back": list_address(ImportRun),
        }
        return TemplateResponse(request, "office/import_upload.html", context, status=422 if form.errors else 200)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if run:
            more = {
                **self._standing(run),
                "problems": run.problems.all()[:SHOWN],
                "problem_count": run.problems.count(),
                "all_problems": list_address(ImportRow, run__id__exact=run.pk),
                "things": [(kind, [counts.get(name, 0) for name in OUTCOMES]) for kind, counts in run.tally.items()],
                "outcome_names": OUTCOMES,
                "heading": run.file_name,
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def _run(self, request: HttpRequest, object_id: str) -> ImportRun:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run: ImportRun = find(self, request, object_id)
        return run

    def _standing(self, run: ImportRun) -> dict[str, Any]:
        """How far a run is, for its page and for the part of it that renews itself."""
        return {
            "run": run,
            "state": self.state_chip(run),
            "is_live": bool(run.path) and run.state in uploads.AT_WORK,
            "can_start": bool(run.path) and run.state in uploads.STARTABLE,
            "is_again": run.state != "checked",
            "asks_for_check": run.state != "checked" and not run.file_sha256,
            "format_name": self.format_name(run),
        }

    def progress(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The part of the page that renews itself while a worker is at it; the whole page anew when it is done."""
        run = self._run(request, object_id)
        standing = self._standing(run)
        answer = TemplateResponse(request, "office/_import_progress.html", standing)
        if not standing["is_live"]:
            answer["HX-Refresh"] = "true"
        return answer

    def start(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Import what was checked, or go on."""

        def go(run: ImportRun) -> str:
            start_import(run, person=person_of(request), at=now())
            return _now("The import has been started. You can leave this page; it goes on without it.")

        return self._answer(request, object_id, go, _("Started"))

    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """End it between two batches."""

        def end(run: ImportRun) -> str:
            if stop_import(run, person=person_of(request), at=now()):
                return _now("It has been stopped.")
            return _now("It stops as soon as the rows at work are done.")

        return self._answer(request, object_id, end, _("Asked to stop"))

    def _answer(self, request: HttpRequest, object_id: str, act: Callable[[ImportRun], str], word: Any) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        run = self._run(request, object_id)
        try:
            done = act(run)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            remember(request, run, word)
            messages.success(request, done)
        return HttpResponseRedirect(address(run))

    def problems(self, request: HttpRequest, object_id: str) -> StreamingHttpResponse:
        """Every problem with its line, as the command lists them."""
        run = self._run(request, object_id)
        lines = run.problems.values_list("line", "code", "refused", "text").iterator(chunk_size=2000)
        rows = ([line, code, "yes" if refused else "no", guard(text)] for line, code, refused, text in lines)
        header = "\ufeff" + _as_csv(["line", "kind", "refused", "problem"])
        answer = StreamingHttpResponse(_chain(header, rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="problems-{run.pk}.csv"'
        return answer

    @admin.display(description=_("format"), ordering="format")
    def format_name(self, row: ImportRun) -> str:
        return str(NAMES.get(row.format, row.format))

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


def _as_csv(values: list[Any]) -> str:
    out = StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _chain(header: str, rows: Iterator[list[Any]]) -> Iterator[str]:
    yield header
    for row in rows:
        yield _as_csv(row)
