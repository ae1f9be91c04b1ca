"""The daily control page: a line for each check with what documents and books say, and a link to what differs."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from commerce.company.locations import office_day
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.ledger import control, periods
from commerce.ledger.control import Check, Figure
from commerce.office import access, documents
from commerce.office.base import person_of


class DayForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    location = forms.ChoiceField(label=_("Location"), required=False)

    def __init__(self, data: dict[str, Any], places: dict[str, str]) -> None:
        super().__init__(data)
        everywhere = ("", _("All locations"))
        self.fields["location"].choices = [everywhere, *places.items()]  # type: ignore[attr-defined]


def control_page(request: HttpRequest) -> dict[str, Any]:
    """Both blocks of the page: what is of the day, and what stands on accounts now. A statement for each check."""
    scene = _scene(request)
    lines = [] if scene["day"] is None else [_line(check, scene) for check in control.checks().values()]
    differing = [line for line in lines if not line["holds"]]
    blocks = [
        (_("Of this day"), [line for line in lines if line["check"].is_daily]),
        (_("As it stands now"), [line for line in lines if not line["check"].is_daily]),
    ]
    closed = periods.closed_through()
    may_close = person_of(request).has_perm("ledger.close")
    return {**scene, "closed": closed, "may_close": may_close, "blocks": blocks, "lines": lines, "differing": differing}


def offences_page(request: HttpRequest, code: str) -> dict[str, Any]:
    """What does not agree in one check, with links to the documents. Raises `Http404` for no such check."""
    check = control.checks().get(code)
    if check is None:
        raise Http404
    scene = _scene(request)
    day = scene["day"] or office_day(now())
    found = control.offences(check, day=day, locations=scene["locations"])
    names = documents.named(admin.site, request, check.source_types, (row.key for row in found))
    rows = [
        {"offence": row, "document": names.get(row.key, row.key), "place": scene["places"].get(row.location)}
        for row in found
    ]
    back = f"{reverse('admin:ledger-control')}?{_query(scene)}"
    return {**scene, "title": check.title, "check": check, "rows": rows, "back": back, "limit": control.LIMIT}


def _scene(request: HttpRequest) -> dict[str, Any]:
    """The day and the places that are asked for; `locations` are their codes, None for all of them and for what belongs
    to none."""
    bound = access.bound_to(person_of(request))
    found = Location.objects.filter(**({"pk__in": bound} if bound else {})).order_by("position", "code")
    places = dict(found.values_list("code", "name"))
    today = office_day(now())
    form = DayForm({"day": today, **request.GET.dict()}, places)
    day: date | None = form.cleaned_data["day"] if form.is_valid() else None
    chosen = form.cleaned_data["location"] if form.is_valid() else ""
    locations: Sequence[str] | None = [chosen] if chosen else list(places) if bound else None
    scene = {"form": form, "day": day, "today": today, "location": chosen, "locations": locations, "places": places}
    if day:
        scene |= {"before": _query(scene, day - timedelta(days=1)), "after": _query(scene, day + timedelta(days=1))}
    return scene


def _query(scene: dict[str, Any], day: date | None = None) -> str:
    chosen = day or scene["day"] or scene["today"]
    return urlencode({"day": chosen.isoformat(), **({"location": scene["location"]} if scene["location"] else {})})


def _line(check: Check, scene: dict[str, Any]) -> dict[str, Any]:
    found = control.figures(check, day=scene["day"], locations=scene["locations"])
    differing = control.differing(found)
    return {
        "check": check,
        "holds": not differing,
        "differing": differing,
        "sums": [_sum(currency, found, scene) for currency in sorted({figure.currency for figure in found})],
        "rows": f"{reverse('admin:ledger-control-rows', args=[check.code])}?{_query(scene)}",
    }


def _sum(currency: str, found: Sequence[Figure], scene: dict[str, Any]) -> dict[str, Any]:
    """All locations together in one currency, and each of them where there are several."""
    own = [figure for figure in found if figure.currency == currency]
    places = [{"name": scene["places"].get(figure.location) or _("No location"), "figure": figure} for figure in own]
    expected, actual = sum(figure.expected for figure in own), sum(figure.actual for figure in own)
    return {
        "figure": Figure("", currency, expected, actual, control.differing(own)),
        "places": places if len(own) > 1 else [],
        "only": places[0]["name"] if len(own) == 1 and own[0].location else "",
    }
