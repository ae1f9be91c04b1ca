"""The pages "Reorder" and "Dead stock": what runs low at a location, and what nobody asks for."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog.models import Variant
from commerce.catalog.units import NoAmount, amount_text, smallest, text_of, total_text, typed
from commerce.company.models import Location
from commerce.company.permissions import may
from commerce.kernel.errors import DomainError
from commerce.office import access
from commerce.office.base import person_of
from commerce.office.columns import document, grouped, measured
from inventory import demand
from inventory.actions.reorder import Reordered, reorder
from inventory.costs import company_currency
from inventory.replenishment import Suggestion

MOST = 200
PERIODS = (30, 60, demand.DEAD_DAYS, 180, 365)  # days
SHORTER = (demand.DEAD_DAYS, 60, 30)  # what a company looks at that has not traded for so long


@dataclass(frozen=True, slots=True)
class Row:
    """A suggestion as the page shows it."""

    each: Suggestion
    variant: Variant
    how: str
    why: str

    @property
    def figures(self) -> dict[str, str]:
        """The sum behind the suggestion."""
        item, plan = self.each.item, self.each.plan
        known = {"on_hand": item.on_hand, "reserved": item.reserved, "incoming": item.incoming}
        more = {"point": plan.point, "up_to": plan.up_to, "quantity": self.each.quantity}
        return {name: measured(quantity, self.variant) for name, quantity in {**known, **more}.items()}

    @property
    def can_order(self) -> bool:
        return self.each.donor is not None or self.each.supply is not None


def reorder_page(admin: Any, request: HttpRequest, *, at: datetime) -> HttpResponse:
    """The suggestions for one location, the most urgent first."""
    places = _places(request)
    here = _asked(places, request) or _neediest(places, at)
    refusal = ""
    sent: dict[int, str] = {}
    if request.method == "POST" and here:
        units, sent = _ticked(request)
        try:
            done = reorder(here, units, person=person_of(request), at=at)
        except DomainError as error:
            refusal = str(error)
        else:
            messages.success(request, _told(done))
            return HttpResponseRedirect(f"{reverse('admin:stock-reorder')}?location={here.code}")
    found = sorted(demand.suggestions(here, at=at), key=_urgency) if here else []
    rows = _rows(found[:MOST], sent)
    context = {
        "title": _("Reorder"),
        "rows": rows,
        "more": max(len(found) - MOST, 0),
        "refusal": refusal,
        "may_order": bool(here) and may(person_of(request), "stock.reorder", here),
    }
    return _answer(admin, request, "office/stock_reorder.html", places, here, context, status=422 if refusal else 200)


def dead_page(admin: Any, request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Dead stock of one location, the dearest first."""
    places = _places(request)
    days, here = _period(request.GET.get("days", "")), _chosen(places, request.GET.get("location", ""))
    if here is None:
        days, here = _deadest(places, [days] if "days" in request.GET else SHORTER, at)
    rows = demand.dead_stock(here.pk, at=at, days=days) if here else []
    context = {
        "title": _("Dead stock"),
        "rows": rows[:MOST],
        "count": len(rows),
        "more": max(len(rows) - MOST, 0),
        "days": str(days),
        "periods": [(str(each), _("no buyer for %(days)s days") % {"days": each}) for each in PERIODS],
        "units": total_text((row.on_hand, row.unit_scale) for row in rows),
        "value_minor": sum(row.value_minor for row in rows),
        "currency": company_currency() or "USD",
    }
    return _answer(admin, request, "office/stock_dead.html", places, here, context)


def _period(text: str) -> int:
    return int(text) if text in map(str, PERIODS) else demand.DEAD_DAYS


def _answer(
    admin: Any,
    request: HttpRequest,
    template: str,
    places: list[Location],
    here: Location | None,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    shared = {**admin.admin_site.each_context(request), "opts": admin.opts, "here": here}
    choices = [(place.code, place.name) for place in places]
    return TemplateResponse(request, template, {**shared, "places": choices, **context}, status=status)


def _places(request: HttpRequest) -> list[Location]:
    bound = access.bound_to(person_of(request))
    return list(Location.objects.filter(is_active=True, **({"pk__in": bound} if bound else {})))


def _chosen(places: list[Location], code: str) -> Location | None:
    return next((place for place in places if place.code == code), None)


def _asked(places: list[Location], request: HttpRequest) -> Location | None:
    """The place in the address; who orders has to name one, so that nothing is ordered for another."""
    if request.method != "POST":
        return _chosen(places, request.GET.get("location", ""))
    named = _chosen(places, request.POST.get("location", ""))
    if named is None:
        raise Http404
    return named


def _neediest(places: list[Location], at: datetime) -> Location | None:
    """Where the most runs low; the first place when nothing does, None when there is no place."""
    low = demand.low_levels([place.pk for place in places], at=at) if len(places) > 1 else {}
    return max(places, key=lambda place: low.get(place.pk, 0), default=None)


def _deadest(places: list[Location], periods: Sequence[int], at: datetime) -> tuple[int, Location | None]:
    """Where the most money lies dead, in the first of these periods (days) in which any does; else the first of both.
    No place when there is none."""
    named = {place.pk: place for place in places}
    for days in periods:
        found = demand.deadest(named, at=at, days=days)
        if found is not None:
            return days, named[found]
    return periods[0], places[0] if places else None


def _ticked(request: HttpRequest) -> tuple[dict[int, int], dict[int, str]]:
    """Units by variant of the ticked rows; what was typed into all of them, to be shown again."""
    fields = [name for name in request.POST if name[:6] == "units-" and name[6:].isdecimal()]
    ticked = {int(value) for value in request.POST.getlist("pick") if value.isdecimal()}
    sent = {int(name[6:]): str(request.POST[name]) for name in fields if int(name[6:]) in ticked}
    units = {}
    for pk, variant in Variant.objects.select_related("product").in_bulk(sent).items():
        with suppress(NoAmount):
            units[pk] = smallest(sent[pk], variant)
    return units, sent


def _urgency(each: Suggestion) -> tuple[float, int]:
    """Days that the position lasts; what is longest overdue first."""
    per_day = each.plan.velocity.per_day
    return (each.item.position / per_day if per_day else 0.0, each.item.variant)


def _rows(found: list[Suggestion], sent: dict[int, str]) -> list[dict[str, Any]]:
    variants = Variant.objects.select_related("product").in_bulk({each.item.variant for each in found})
    donors = Location.objects.in_bulk({each.donor for each in found if each.donor is not None})
    rows = []
    for each in found:
        pk = each.item.variant
        variant = variants[pk]
        row = Row(each, variant, _how(each, variant, donors), _why(each, variant))
        units = sent.get(pk, typed(each.quantity, variant.unit_scale))
        rows.append({"row": row, "units": units, "ticked": pk in sent or not sent})
    return rows


def _how(each: Suggestion, variant: Variant, donors: dict[int, Location]) -> str:
    if each.donor is not None:
        return _("Transfer from %(place)s") % {"place": donors[each.donor].name}
    if each.supply is None:
        return _("Nobody is named who sells it")
    if each.supply.pack == variant.unit_scale:
        return _("Buy from %(supplier)s") % {"supplier": each.supply.name}
    pack = text_of(each.supply.pack, variant)
    return _("Buy from %(supplier)s, in packs of %(pack)s") % {"supplier": each.supply.name, "pack": pack}


def _why(each: Suggestion, variant: Variant) -> str:
    plan, item = each.plan, each.item
    parts = []
    if plan.velocity.per_day:
        week = amount_text(round(10 * plan.velocity.per_week / variant.unit_scale), variant.unit, 10)
        lasts = max(int(item.position / plan.velocity.per_day), 0)
        facts = {"week": week, "days": grouped(lasts), "lead": plan.lead_days}
        parts.append(
            ngettext("Sells %(week)s a week: lasts %(days)s day.", "Sells %(week)s a week: lasts %(days)s days.", lasts)
            % facts
        )
        takes = ngettext("It takes %(lead)s day to come.", "It takes %(lead)s days to come.", plan.lead_days)
        parts.append(takes % facts)
    if plan.is_own:
        parts.append(_("Its own reorder point is %(point)s.") % {"point": text_of(plan.point, variant)})
    if sum(item.empty) >= 1:
        parts.append(_("Was sold out on %(days)s days, which do not count.") % {"days": round(sum(item.empty))})
    return " ".join(parts)


def _told(done: Reordered) -> Any:
    """What was made, as links."""
    made = [("transfer", each.uid, each.number) for each in done.transfers]
    made += [("purchase_order", each.uid, each.number) for each in done.orders]
    return format_html_join(", ", "{}", ((document(*each),) for each in made))
