"""A count from a file: taken as a whole, or its faults with their lines."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError, TooLarge
from commerce.office.asking import remember
from commerce.office.base import person_of, refuse
from commerce.office.columns import address
from commerce.sync.errors import Fault, FileRefused
from inventory.actions.import_count import import_count
from inventory.admin.count_forms import FileForm
from inventory.models import StockCount

LARGEST_MB = 20


def answer(admin: Any, request: HttpRequest, count: StockCount) -> HttpResponse:
    """The page that asks for the file, and what is wrong with it."""
    is_sent = request.method == "POST"
    form = FileForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    faults: list[Fault] = []
    if is_sent and form.is_valid():
        try:
            taken = _take(count, form.cleaned_data["file"], request)
        except FileRefused as error:
            faults = error.faults
            form.add_error(None, _("Nothing of this file was taken. Correct it and bring it again."))
        except DomainError as error:
            refuse(form, error)
        else:
            remember(request, count, taken)
            messages.success(request, taken)
            return HttpResponseRedirect(address(count))
    context = {
        **admin.admin_site.each_context(request),
        "title": _("Count %(number)s from a file") % {"number": count.number},
        "opts": admin.opts,
        "form": form,
        "faults": faults,
        "back": address(count),
    }
    return TemplateResponse(request, "office/count_file.html", context, status=422 if form.errors else 200)


def _take(count: StockCount, file: Any, request: HttpRequest) -> str:
    """Take an uploaded file; what to tell. Its reader wants it on disk, under any name."""
    if file.size > LARGEST_MB << 20:
        raise TooLarge(most=LARGEST_MB)
    with TemporaryDirectory(prefix="count-") as place:
        kept = Path(place) / "count.csv"
        with kept.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        lines = import_count(count.pk, kept, person=person_of(request), at=now())
    if not lines:
        return _("This file was brought before. Nothing was counted twice.")
    return ngettext("%(n)s line is counted.", "%(n)s lines are counted.", lines) % {"n": lines}
