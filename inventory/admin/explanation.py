"""The page that explains what is available: every line of the sum, in the words of the shop floor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.office import access
from commerce.office.base import person_of
from commerce.office.columns import document, grouped, moment
from inventory.documents import Document
from inventory.explain import Explanation, Holding, Shelf, explain
from inventory.models import StockLevel


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the statement. `role` is "item", "sum" (a subtotal), "result", or "quiet" for what does not count."""

    label: Any
    note: str
    units: int
    role: str = "item"

    @property
    def figure(self) -> str:
        if self.role in ("sum", "result"):
            return grouped(self.units).replace("-", "−")
        return f"{'+' if self.units > 0 else '−'}{grouped(abs(self.units))}" if self.units else "0"


def address_of(level: StockLevel) -> str:
    return reverse("admin:stock-explanation", args=[level.variant_id, level.location_id])


def explanation(request: HttpRequest, variant: int, location: int, *, at: datetime) -> dict[str, Any]:
    """The page's context. Places that this person is not bound to do not exist."""
    places = access.bound_to(person_of(request))
    item = Variant.objects.select_related("product").filter(pk=variant).first()
    place = Location.objects.filter(pk=location, **({"pk__in": places} if places else {})).first()
    if item is None or place is None:
        raise Http404
    found = explain(item, place, at=at)
    return {
        "title": _("Why %(available)s are available") % {"available": grouped(found.available)},
        "heading": _("%(sku)s at %(place)s: the sum") % {"sku": item.sku, "place": place.name},
        "found": found,
        "sentence": _sentence(found),
        "statements": [_statement(found, shelf) for shelf in found.shelves],
    }


def _sentence(found: Explanation) -> str:
    if not found.shelves:
        return _("This location has never held it.")
    if not found.location.is_active:
        return _("This location is closed: nothing is promised from it.")
    if not found.location.feeds_web:
        return _("This location does not feed the web: the till alone sells what is here.")
    if found.is_kit and found.scarcest:
        return _("A kit: %(sku)s is the component that decides.") % {"sku": found.scarcest.sku}
    return _("On hand, less what is spoken for, less what is kept back.")


def _statement(found: Explanation, shelf: Shelf) -> dict[str, Any]:
    return {
        "shelf": shelf,
        "lines": [*_moved(shelf), *_spoken_for(shelf), *_kept_back(shelf), _result(found, shelf)],
        "beside": list(_beside(shelf)),
        "movements": [{"row": row, "document": _link(row.document)} for row in shelf.movements],
        "all_movements": reverse("admin:inventory_stockmovement_changelist") + f"?level__exact={shelf.level.pk}",
        "level": reverse("admin:inventory_stocklevel_change", args=[shelf.level.pk]),
    }


def _moved(shelf: Shelf) -> list[Line]:
    lines = []
    for each in shelf.sums:
        count = ngettext("%(n)s movement", "%(n)s movements", each.count) % {"n": grouped(each.count)}
        lines.append(Line(each.label, count, each.quantity))
    if shelf.drift:
        lines.append(Line(_("Does not add up"), _("The movements do not explain this. There is a case."), shelf.drift))
    return [*lines, Line(_("On hand"), "", shelf.on_hand, "sum")]


def _spoken_for(shelf: Shelf) -> list[Line]:
    lines = [
        Line(_link(each.document), _stand(each), -each.quantity, "quiet" if each.lapsed else "item")
        for each in shelf.holdings
    ]
    listed = sum(each.quantity for each in shelf.holdings if not each.lapsed)
    if shelf.others:
        more = ngettext("%(n)s more reservation", "%(n)s more reservations", shelf.others)
        lines.append(Line(more % {"n": grouped(shelf.others)}, "", listed - shelf.counting))
    if shelf.reserved_drift:
        why = _("The reservations do not explain this. There is a case.")
        lines.append(Line(_("Does not add up"), why, -shelf.reserved_drift))
    return lines


def _kept_back(shelf: Shelf) -> list[Line]:
    if not shelf.safety:
        return []
    why = _("its own") if shelf.safety_is_own else _("the location’s")
    return [Line(_("Safety stock"), _("kept back from the web, %(why)s") % {"why": why}, -shelf.safety)]


def _result(found: Explanation, shelf: Shelf) -> Line:
    if found.is_kit:
        note = ngettext("%(per)s per kit: enough for %(n)s", "%(per)s per kit: enough for %(n)s", shelf.makes)
        return Line(_("Free"), note % {"per": shelf.per, "n": grouped(shelf.makes)}, shelf.free, "result")
    if not found.is_counted:
        return Line(_("Available to the web"), _("Not offered: %(n)s would be free.") % {"n": shelf.free}, 0, "result")
    if shelf.free < 0:
        note = ngettext("%(n)s too few", "%(n)s too few", -shelf.free) % {"n": grouped(-shelf.free)}
        return Line(_("Available to the web"), note, found.available, "result")
    return Line(_("Available to the web"), "", found.available, "result")


def _beside(shelf: Shelf) -> Any:
    """What stands beside the sum and does not count: (label, note, units)."""
    if shelf.damaged:
        yield _("Damaged"), _("here, but not for sale"), grouped(shelf.damaged)
    level = shelf.level
    if level.policy != StockLevel.Policy.DENY:
        until = _("until %(when)s") % {"when": moment(level.policy_until)} if level.policy_until else ""
        told = _("shoppers are told %(day)s") % {"day": level.expected_on.isoformat()} if level.expected_on else ""
        yield level.get_policy_display(), ", ".join(filter(None, [until, told])), grouped(level.backorder_limit)
    stages = {
        "on_the_way": _("on the way"),
        "approved": _("set aside at the sender"),
        "ordered": _("ordered"),
        "missing": _("missing on arrival"),
    }
    for each in shelf.incoming:
        day = _("expected %(day)s") % {"day": each.expected_on.isoformat()} if each.expected_on else _("no date")
        label = _link(Document(each.source_type, each.uid, each.number, each.number, ""))
        yield label, f"{stages.get(each.stage, each.stage)}, {day}", f"+{grouped(each.quantity)}"


def _stand(each: Holding) -> str:
    if each.lapsed:
        return _("lapsed %(when)s: does not count") % {"when": moment(each.until)}
    if each.until:
        stand = _("held until %(when)s") % {"when": moment(each.until)}
    else:
        stand = _("promised since %(when)s") % {"when": moment(each.since)}
    return f"{stand} · {each.document.note}" if each.document.note else stand


def _link(found: Document) -> Any:
    """The document's name, as a link where the back office has a page for its kind."""
    kinds = {kind for one in admin.site._registry.values() for kind in getattr(one, "source_types", ())}
    return document(found.type, found.uid, found.title) if found.type in kinds else found.title
