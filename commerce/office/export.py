"""A list as a CSV file: the columns and filters that are on the screen, row by row, whatever their number."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.http import StreamingHttpResponse
from django.utils.encoding import force_str
from django.utils.html import strip_tags

from commerce.kernel.cells import safe

CHUNK = 1000


class _Line:
    """What `csv` writes to: gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def as_csv(changes: ChangeList) -> StreamingHttpResponse:
    """The rows of a list, with its filters, search and order, as a download."""
    name = changes.opts.verbose_name_plural
    response = StreamingHttpResponse(_lines(changes), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{force_str(name).replace(" ", "-")}.csv"'
    return response


def _lines(changes: ChangeList) -> Iterator[str]:
    writer = csv.writer(_Line())
    columns = [column for column in changes.list_display if column != "action_checkbox"]
    headings = [label_for_field(column, changes.model, model_admin=changes.model_admin) for column in columns]
    yield "\ufeff" + writer.writerow([safe(force_str(heading).capitalize()) for heading in headings])
    found = changes.queryset.iterator(chunk_size=CHUNK)
    while rows := list(islice(found, CHUNK)):
        changes.model_admin.gather(rows)  # type: ignore[attr-defined]  # as every list of the back office has it
        for row in rows:
            yield writer.writerow([safe(_text(column, row, changes)) for column in columns])


def _text(column: Any, row: Any, changes: ChangeList) -> str:
    """A cell as words: what the list shows, without its markup."""
    field, _attribute, value = lookup_field(column, row, changes.model_admin)
    if field is not None and getattr(field, "flatchoices", None):
        value = dict(field.flatchoices).get(value, value)
    text = " ".join(strip_tags(force_str("" if value is None else value)).split())
    return "" if text == "–" else text.replace("\N{MINUS SIGN}", "-")
