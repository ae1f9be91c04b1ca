"""The count is believed: the books become what was found, at what they say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from inventory import counts, levels, shortfalls, stock, tallies
from inventory.count_errors import AnotherPersonApproves, RecountFirst
from inventory.levels import Change, Source
from inventory.models import CountScan, StockCount, StockLevel, StockMovement
from inventory.variances import BOOKED, TO_RECOUNT, WAITING, Tally, needs_other_person

NAMED = 5


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of a count: lines that were counted, those of them that differed, the net units and their value in
    minor units of the company's currency, and how many promises were broken."""

    count: StockCount
    lines: int
    differing: int
    units: int
    value_minor: int
    broken: int


@action
def approve_count(count_pk: int, *, person: User | None, at: datetime, leave_out: bool = False) -> Approved:
    """Write the variances of a reviewed count into the books.

    Lines that nobody scanned are left as they are. Those that cannot be believed (`variances`) or wait for their
    recount stop the approval, unless `leave_out`: then they are left as they are, too. Orders that thereby lose what
    they were promised become cases. Raises `NotNow`, `NotAllowed`, `RecountFirst`, `AnotherPersonApproves`.
    """
    count = counts.hold(count_pk, counts.State.REVIEW)
    require(person, "stock.approve_count", count.location)
    variants = count.lines.values("variant")
    levels.lock(StockLevel.objects.filter(location=count.location, variant__in=variants).values_list("pk", flat=True))
    found = tallies.of_count(count)
    open_lines = [tally for tally in found if tally.verdict in TO_RECOUNT | {WAITING}]
    if open_lines and not leave_out:
        raise RecountFirst(number=count.number, names=_names(open_lines), lines=len(open_lines))
    booked = [tally for tally in found if tally.verdict in BOOKED]
    if person and needs_other_person(booked) and _has_counted(count, person):
        raise AnotherPersonApproves(number=count.number)
    outcome = _book(count, booked, person=person, at=at)
    facts = {"number": count.number, "location": count.location.code, "lines": outcome.lines}
    figures = {"differing": outcome.differing, "units": outcome.units, "value_minor": outcome.value_minor}
    outbox.record("count.approved", str(count.uid), {**facts, **figures}, at=at)
    return outcome


def _book(count: StockCount, booked: Sequence[Tally], *, person: User | None, at: datetime) -> Approved:
    differing = [tally for tally in booked if tally.variance]
    moves = {(tally.variant, count.location_id): Change(tally.variance) for tally in differing}
    source = Source(counts.SOURCE, count.uid, person)
    changed, short = stock.correct(moves, kind=StockMovement.Kind.COUNT, source=source, at=at)
    because = _("Count %(number)s") % {"number": count.number}
    shortfalls.report(short, because=because, facts={"count": count.number}, at=at)
    counts.write_figures((tally.line, tally.counted or 0, tally.expected, tally.variance) for tally in booked)
    counts.put(count, counts.State.APPROVED, by=person, at=at)
    units = sum(tally.variance for tally in differing)
    value = sum(row.value_minor for row in changed)
    broken = sum(row.missing > 0 for row in short)
    return Approved(count, len(booked), len(differing), units, value, broken)


def _has_counted(count: StockCount, person: User) -> bool:
    return CountScan.objects.filter(line__count=count, counted_by=person).exists()


def _names(open_lines: Sequence[Tally]) -> str:
    """The first of them by SKU, and how many more there are."""
    wanted = [tally.variant for tally in open_lines[:NAMED]]
    skus = Variant.objects.filter(pk__in=wanted).order_by("sku").values_list("sku", flat=True)
    more = len(open_lines) - len(wanted)
    return ", ".join(skus) + (_(" and %(more)s more") % {"more": more} if more else "")
