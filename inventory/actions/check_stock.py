"""Prove the stock: every level whose figures do not follow from its history becomes a case."""

from datetime import datetime

from django.utils.translation import gettext as _

from commerce.cases.models import Case
from commerce.cases.queue import open_case
from commerce.company.models import Location
from commerce.kernel.db import action
from inventory import drift, shortfalls
from inventory.actions.repair_level import KIND
from inventory.drift import Drift

BATCH = 200


@action
def check_stock(*, at: datetime, since: datetime | None = None) -> int:
    """Open a case for each level that has drifted (and for each that is short without one); how many drifted.

    `since` looks only at levels that have moved since then or that somebody holds units of: cheap enough to run all
    day. A case that is open is not opened again, nor one about a movement that a person has looked into already. At
    most `BATCH` cases are opened at once: more than that is one disaster, not so many.
    """
    found = drift.find(drift.touched(since) if since else None)
    places = Location.objects.in_bulk({each.location for each in found})
    for each in found[:BATCH]:
        if each.found or not _is_known(each):
            open_case(
                KIND,
                subject=each.subject,
                text=_text(each),
                location=places[each.location],
                context=_context(each),
                at=at,
            )
    drifted = {each.level for each in found if each.found}
    short = [row for row in shortfalls.everywhere() if not row.is_told and row.level not in drifted]
    shortfalls.report(short[:BATCH], at=at)
    return len(found)


def _is_known(each: Drift) -> bool:
    """A movement cannot be rewritten: once a person has closed the case about its balance, that is that."""
    told = Case.objects.filter(kind=KIND, subject=each.subject, status=Case.Status.RESOLVED)
    return bool(each.movement) and told.filter(context__movement=each.movement[0]).exists()  # type: ignore[index]


def _text(each: Drift) -> str:
    words = {
        "on_hand": _("On hand is %(is)s; the movements add up to %(should_be)s."),
        "damaged": _("Damaged is %(is)s; the movements add up to %(should_be)s."),
        "reserved": _("Reserved is %(is)s; the open reservations add up to %(should_be)s."),
        "value_minor": _("The value is %(is)s; the movements add up to %(should_be)s (in minor units)."),
        "oversold": _("The mark for promises beyond the stock is wrong."),
    }
    lines = [words[name] % {"is": now, "should_be": true} for name, (now, true) in each.found.items()]
    if each.movement:
        facts = dict(zip(("movement", "is", "should_be"), each.movement, strict=True))
        lines.append(_("Movement %(movement)s says a balance of %(is)s where %(should_be)s follows.") % facts)
    return "\n".join(lines)


def _context(each: Drift) -> dict[str, object]:
    wrong = {name: {"is": now, "should_be": true} for name, (now, true) in each.found.items()}
    balance = {"movement": each.movement[0]} if each.movement else {}
    return {"level": each.level, "sku": each.sku, "location": each.location_code, **wrong, **balance}
