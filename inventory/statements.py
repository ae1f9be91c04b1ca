"""The sum behind what is available, line by line, in the words of the shop floor: for the back office and the till."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog.units import Measured, text_of
from inventory.documents import Document
from inventory.explain import Explanation, Holding, Shelf


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the statement. `role` is "item", "sum" (a subtotal), "result", or "quiet" for what does not count;
    `document` is what it is about, where that is one document."""

    label: str
    note: str
    quantity: int
    of: Measured
    role: str = "item"
    document: Document | None = None

    @property
    def figure(self) -> str:
        """In units, with a sign where it adds or takes away."""
        if self.role in ("sum", "result"):
            return text_of(self.quantity, self.of).replace("-", "−")
        sign = "+" if self.quantity > 0 else "−" if self.quantity else ""
        return sign + text_of(abs(self.quantity), self.of)


def lines(found: Explanation, shelf: Shelf) -> list[Line]:
    """One shelf of an explanation, from its movements to what can be promised."""
    return [*_moved(shelf), *_spoken_for(shelf), *_kept_back(shelf), _result(found, shelf)]


def grouped(value: int) -> str:
    return str(number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True))


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else "–"


def sentence(found: Explanation) -> str:
    """How the number comes about, in a few words."""
    if not found.shelves:
        return _("This location has never held it.")
    if not found.location.is_active:
        return _("This location is closed: nothing is promised from it.")
    if not found.location.feeds_web:
        return _("This location does not feed the web: the till alone sells what is here.")
    if found.is_kit and found.scarcest:
        return _("A kit: %(sku)s is the component that decides.") % {"sku": found.scarcest.sku}
    return _("On hand, less what is spoken for, less what is kept back.")


def _moved(shelf: Shelf) -> list[Line]:
    lines, of = [], shelf.level.variant
    for each in shelf.sums:
        count = ngettext("%(n)s movement", "%(n)s movements", each.count) % {"n": grouped(each.count)}
        lines.append(Line(each.label, count, each.quantity, of))
    if shelf.drift:
        why = _("The movements do not explain this. There is a case.")
        lines.append(Line(_("Does not add up"), why, shelf.drift, of))
    return [*lines, Line(_("On hand"), "", shelf.on_hand, of, "sum")]


def _spoken_for(shelf: Shelf) -> list[Line]:
    of = shelf.level.variant
    lines = [
        Line(each.document.title, _stand(each), -each.quantity, of, "quiet" if each.lapsed else "item", each.document)
        for each in shelf.holdings
    ]
    listed = sum(each.quantity for each in shelf.holdings if not each.lapsed)
    if shelf.others:
        more = ngettext("%(n)s more reservation", "%(n)s more reservations", shelf.others)
        lines.append(Line(more % {"n": grouped(shelf.others)}, "", listed - shelf.counting, of))
    if shelf.reserved_drift:
        why = _("The reservations do not explain this. There is a case.")
        lines.append(Line(_("Does not add up"), why, -shelf.reserved_drift, of))
    return lines


def _kept_back(shelf: Shelf) -> list[Line]:
    if not shelf.safety:
        return []
    why = _("its own") if shelf.safety_is_own else _("the location’s")
    return [
        Line(_("Safety stock"), _("kept back from the web, %(why)s") % {"why": why}, -shelf.safety, shelf.level.variant)
    ]


def _result(found: Explanation, shelf: Shelf) -> Line:
    if found.is_kit:
        part = shelf.level.variant
        note = _("%(per)s per kit: enough for %(n)s") % {"per": text_of(shelf.per, part), "n": grouped(shelf.makes)}
        return Line(_("Free"), note, shelf.free, part, "result")
    if not found.is_counted:
        return Line(
            _("Available to the web"),
            _("Not offered: %(n)s would be free.") % {"n": text_of(shelf.free, shelf.level.variant)},
            0,
            shelf.level.variant,
            "result",
        )
    if shelf.free < 0:
        note = ngettext("%(n)s too few", "%(n)s too few", -shelf.free) % {
            "n": text_of(-shelf.free, shelf.level.variant)
        }
        return Line(_("Available to the web"), note, found.available, shelf.level.variant, "result")
    return Line(_("Available to the web"), "", found.available, shelf.level.variant, "result")


def _stand(each: Holding) -> str:
    if each.lapsed:
        return _("lapsed %(when)s: does not count") % {"when": _moment(each.until)}
    if each.until:
        stand = _("held until %(when)s") % {"when": _moment(each.until)}
    else:
        stand = _("promised since %(when)s") % {"when": _moment(each.since)}
    return f"{stand} · {each.document.note}" if each.document.note else stand
