"""Reports of money: taxes by rate, and the sales journal. Each is a page, and the same rows as a CSV file."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from commerce.company.locations import office_day
from commerce.company.models import Location
from commerce.kernel.cells import safe
from commerce.kernel.clock import now
from commerce.kernel.money import minor_digits
from commerce.office import access
from commerce.office.base import person_of
from commerce.pricing.rates.rate import percent
from orders import sales_journal, tax_report
from orders.models import Order
from orders.sales_journal import Day
from orders.tax_report import TaxLine, TaxReport


class PeriodForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day is before the first one."))
        return data


class JournalForm(PeriodForm):
    location = forms.ChoiceField(label=_("Location"), required=False)

    def __init__(self, data: dict[str, Any], places: dict[str, str]) -> None:
        super().__init__(data)
        everywhere = ("", _("All locations"))
        self.fields["location"].choices = [everywhere, *places.items()]  # type: ignore[attr-defined]


def tax_page(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """Taxes of a period, this month at first; with `format=csv` as a file."""
    form = PeriodForm({**_this_month(), **request.GET.dict()})
    if not form.is_valid():
        return {"form": form}
    since, until = form.cleaned_data["since"], form.cleaned_data["until"]
    found = tax_report.report(since, until)
    if request.GET.get("format") == "csv":
        return _file(f"taxes-{since:%Y%m%d}-{until:%Y%m%d}.csv", _tax_rows(found))
    blocks = [
        (_("Charged"), _with_rates(found.charged), found.charged_totals),
        (_("Given back"), _with_rates(found.refunded), found.refunded_totals),
    ]
    return {"form": form, "blocks": blocks, "file": _as_file(since, until)}


def _with_rates(lines: Sequence[TaxLine]) -> list[tuple[TaxLine, str]]:
    return [(line, percent(line.rate_ppm)) for line in lines]


def _tax_rows(found: TaxReport) -> Iterable[Sequence[str]]:
    yield ["what", "jurisdiction", "tax", "name", "rate", "net", "tax amount", "gross", "currency"]
    for what, lines in (("charged", found.charged), ("given back", found.refunded)):
        yield from (_tax_row(what, line) for line in lines)
    for what, totals in (("charged", found.charged_totals), ("given back", found.refunded_totals)):
        for total in totals:
            figures = [_plain(minor, total.currency) for minor in (total.net, total.tax, total.gross)]
            yield [f"{what}, together", "", "", "", "", *figures, total.currency]


def _tax_row(what: str, line: TaxLine) -> Sequence[str]:
    figures = [_plain(minor, line.currency) for minor in (line.net, line.tax, line.gross)]
    rate = f"{Decimal(line.rate_ppm) / 10_000:f}"
    return [what, line.jurisdiction, line.code, line.name or _now("Not taxed"), rate, *figures, line.currency]


def journal_page(request: HttpRequest) -> dict[str, Any] | HttpResponse:
    """What was sold and given back in a period, the last seven days at first; with `format=csv` as a file."""
    bound = access.bound_to(person_of(request))
    places = Location.objects.filter(**({"pk__in": bound} if bound else {})).order_by("position", "code")
    names = dict(places.values_list("code", "name"))
    form = JournalForm({**_this_week(), **request.GET.dict()}, names)
    if not form.is_valid():
        return {"form": form}
    since, until, chosen = (form.cleaned_data[name] for name in ("since", "until", "location"))
    locations = [chosen] if chosen else list(names) if bound else None
    found = sales_journal.journal(since, until, locations=locations)
    if request.GET.get("format") == "csv":
        return _file(f"sales-{since:%Y%m%d}-{until:%Y%m%d}.csv", _journal_rows(found))
    channels = dict(Order.Channel.choices)
    rows = [{"day": row, "place": names.get(row.location), "channel": channels.get(row.channel)} for row in found]
    return {"form": form, "rows": rows, "sums": _sums(found), "file": _as_file(since, until, chosen)}


FIGURES = ("orders", "net", "tax", "other", "total", "returns", "returned", "returned_tax")


def _journal_rows(found: Sequence[Day]) -> Iterable[Sequence[str]]:
    yield ["date", "location", "channel", *(name.replace("_", " ") for name in FIGURES), "together", "currency"]
    for row in found:
        counted = {name: str(getattr(row, name)) for name in ("orders", "returns")}
        figures = [counted.get(name) or _plain(getattr(row, name), row.currency) for name in FIGURES]
        together = _plain(row.together, row.currency)
        yield [row.day.isoformat(), row.location, row.channel, *figures, together, row.currency]


def _sums(found: Sequence[Day]) -> list[dict[str, Any]]:
    """Everything together, by currency."""
    sums = []
    for currency in sorted({row.currency for row in found}):
        own = [row for row in found if row.currency == currency]
        summed = {name: sum(getattr(row, name) for row in own) for name in (*FIGURES, "together")}
        sums.append({"currency": currency, **summed})
    return sums


def _this_month() -> dict[str, Any]:
    today = office_day(now())
    return {"since": today.replace(day=1), "until": (today.replace(day=28) + timedelta(days=4)).replace(day=1) - _A_DAY}


def _this_week() -> dict[str, Any]:
    today = office_day(now())
    return {"since": today - timedelta(days=6), "until": today}


_A_DAY = timedelta(days=1)


def _as_file(since: date, until: date, location: str = "") -> str:
    chosen = {"since": since.isoformat(), "until": until.isoformat(), "format": "csv"}
    return urlencode({**chosen, "location": location} if location else chosen)


def _file(name: str, rows: Iterable[Sequence[str]]) -> HttpResponse:
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(minor: int, currency: str) -> str:
    return f"{Decimal(minor).scaleb(-minor_digits(currency)):f}"
