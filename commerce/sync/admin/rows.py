"""What was wrong with which row of which file."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter

from commerce.office.base import HistoryAdmin
from commerce.office.columns import chip, figure, link
from commerce.sync.models import ImportRow


@admin.register(ImportRow)
class ImportRowAdmin(HistoryAdmin):
    when_empty = _("Every row of every file was in order.")
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
