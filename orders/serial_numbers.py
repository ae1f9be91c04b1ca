"""Serial numbers on the lines of orders: the only writer of `OrderLine.serials`.

What was handed over is a fact. Where its number is missing, or the books say otherwise, a case tells a manager; the
till records it all the same, the web's hand-over only when somebody says so who may.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from commerce.cases.queue import open_case, resolve_about
from commerce.company.models import Location
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import NotFound
from commerce.kernel.ids import new_uid
from inventory import serials
from inventory.levels import Source
from inventory.models import SerialUnit
from inventory.serial_words import clash_of
from inventory.serials import Clash, Numbers
from orders import timeline
from orders.errors import SerialsNeeded
from orders.models import Fulfillment, FulfillmentLine, Order, OrderLine

CLASH, MISSING = "serial_clash", "serial_missing"  # kinds of cases
CHANGED, SETTLED = "serials_changed", "serial_settled"  # in the history of an order
CORRECTION = "serial_correction"  # in that of a unit


@dataclass(frozen=True, slots=True)
class Lack:
    """A line whose units left with fewer numbers than there are units."""

    sku: str
    units: int
    given: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is odd about the numbers of units that have left; `skus` names the variants of `clashes`."""

    clashes: list[Clash] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    skus: Mapping[int, str] = field(default_factory=dict)


@in_transaction
def sell(lines: Sequence[OrderLine], location: Location, *, source: Source, at: datetime) -> Outcome:
    """Lines of a till sale have left with the numbers that are on them. A sale without such goods asks nothing."""
    tracked = [line for line in lines if line.variant.tracks_serials]
    if not tracked:
        return Outcome()
    numbers: dict[int, list[str]] = {}
    for line in tracked:
        numbers.setdefault(line.variant_id, []).extend(line.serials)
    twice = [
        Clash(variant, number, serials.State.SOLD.value)
        for variant, given in numbers.items()
        for number in sorted({number for number in given if given.count(number) > 1})
    ]
    clashes = serials.sell({key: [*set(given)] for key, given in numbers.items()}, location.pk, source=source, at=at)
    lacks = [Lack(line.sku, line.quantity, len(line.serials)) for line in tracked if len(line.serials) < line.quantity]
    return Outcome([*twice, *clashes], lacks, {line.variant_id: line.sku for line in tracked})


def asked_of(fulfillment: Fulfillment) -> list[FulfillmentLine]:
    """The lines whose units have numbers, with their order lines."""
    found = fulfillment.lines.select_related("order_line__variant").order_by("pk")
    return [line for line in found if line.order_line.variant.tracks_serials]


@in_transaction
def hand_over(
    fulfillment: Fulfillment, numbers: Numbers, *, anyway: bool = False, source: Source, at: datetime
) -> None:
    """The goods of a fulfillment leave with these numbers (by variant), one for each unit, which the lines keep.

    Refused unless they are complete and in stock at its location: `SerialsNeeded`, `SerialNotHere`, `InvalidInput`.
    With `anyway` it is recorded as it is, and what is odd becomes a case. Called after stock was consumed.
    """
    asked = asked_of(fulfillment)
    given = {line.order_line.variant_id: serials.tidy(numbers.get(line.order_line.variant_id, ())) for line in asked}
    lacks = [
        Lack(line.order_line.sku, line.quantity, len(given[line.order_line.variant_id]))
        for line in asked
        if len(given[line.order_line.variant_id]) != line.quantity
    ]
    if any(lack.given > lack.units for lack in lacks) or (lacks and not anyway):
        raise SerialsNeeded(lacks[0].sku, units=lacks[0].units, given=lacks[0].given)
    place = fulfillment.location
    if anyway:
        clashes = serials.sell(given, place.pk, source=source, at=at)
        skus = {line.order_line.variant_id: line.order_line.sku for line in asked}
        report(fulfillment.order, Outcome(clashes, lacks, skus), place, at=at)
    else:
        serials.hand_over(given, place.pk, source=source, at=at)
    for line in asked:
        if given[line.order_line.variant_id]:
            keep(line.order_line, [*line.order_line.serials, *given[line.order_line.variant_id]])


@in_transaction
def keep(line: OrderLine, numbers: Sequence[str]) -> None:
    """Write on a line which units its goods are."""
    line.serials = list(numbers)
    OrderLine.objects.filter(pk=line.pk).update(serials=line.serials)


@in_transaction
def report(order: Order, outcome: Outcome, location: Location, *, at: datetime) -> None:
    """Open the cases of an outcome."""
    for kind, subject, text, facts in cases_of(order, outcome):
        open_case(kind, subject=subject[:100], text=text, location=location, context=facts, at=at)


def cases_of(order: Order, outcome: Outcome) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(kind, subject, text, facts) of every case that an outcome makes."""
    found: list[tuple[str, str, str, dict[str, Any]]] = []
    for clash in outcome.clashes:
        sku = outcome.skus[clash.variant]
        text = f"Order {order.number} left with {sku} {clash.number}, and {clash_of(clash.why)}. Look at the label."
        facts = {"sku": sku, "serial": clash.number, "why": clash.why, "order": order.number}
        found.append((CLASH, f"{sku} {clash.number}", text, facts))
    for lack in outcome.lacks:
        text = f"{lack.units} × {lack.sku} left with order {order.number}, and {lack.given} serial numbers are known."
        left = {"sku": lack.sku, "order": order.number, "missing": lack.units - lack.given}
        found.append((MISSING, f"{lack.sku} of {order.number}", text, left))
    return found


def sold_with(unit: SerialUnit) -> str:
    """The number of the order that a unit was sold with last; empty when it never was."""
    move = unit.moves.filter(state=serials.State.SOLD).order_by("-pk").first()
    if move is None:
        return ""
    sold = Q(fulfillments__uid=move.source_uid) | Q(uid=move.source_uid)
    if move.source_type == CORRECTION:
        told = Q(timeline__kind__in=[CHANGED, SETTLED])
        sold = told & Q(timeline__data__correction=str(move.source_uid), pk__in=_orders_of(unit))
    return Order.objects.filter(sold).values_list("number", flat=True).first() or ""


def _orders_of(unit: SerialUnit) -> Any:
    """Orders on whose lines a unit's number stands."""
    return OrderLine.objects.filter(variant=unit.variant_id, serials__contains=[unit.serial]).values("order")


def orders_with(text: str) -> "QuerySet[OrderLine, Any]":
    """Orders (primary keys) on whose lines this serial number stands, of whatever product."""
    number = serials.normalize(text)
    variants = SerialUnit.objects.filter(serial=number).values("variant")
    return OrderLine.objects.filter(variant__in=variants, serials__contains=[number]).values("order")


def left_from(line: OrderLine) -> Location:
    """The location that the goods of a line left from last. Raises `NotFound` while none have left."""
    done = Fulfillment.objects.filter(lines__order_line=line, state=Fulfillment.State.DONE)
    found = done.select_related("location").order_by("-done_at").first()
    if found is None:
        raise NotFound(what="fulfillment", key=line.sku)
    return found.location


def documents_of(order: Order) -> set[UUID]:
    """The uids by which units may have been sold with an order: its own, its fulfillments', its corrections'."""
    corrected = order.timeline.filter(kind__in=[CHANGED, SETTLED]).values_list("data__correction", flat=True)
    parts = order.fulfillments.values_list("uid", flat=True)
    return {order.uid, *parts, *(UUID(uid) for uid in corrected)}


@in_transaction
def correct(
    order: Order, line: OrderLine, after: Sequence[str], place: Location, *, source: Source, at: datetime
) -> None:
    """Set the numbers of a line whose goods have left `place`. Raises `SerialsNeeded` for more than have left.

    Numbers that are new to it count as sold; those that it had wrongly go back to where they stood before, or to the
    order that says it left with them, too.
    """
    if len(after) > line.fulfilled:
        raise SerialsNeeded(line.sku, units=line.fulfilled, given=len(after))
    wrong = [number for number in line.serials if number not in after]
    right = [number for number in after if number not in line.serials]
    same = OrderLine.objects.filter(order=order, variant=line.variant_id).exclude(pk=line.pk)
    shared = {number for numbers in same.values_list("serials", flat=True) for number in numbers}
    free = [number for number in wrong if number not in shared]
    serials.hold({line.variant_id: [*free, *right]})
    serials.unsell({line.variant_id: free}, documents_of(order), source=source, at=at)
    for number in free:
        other = _claimant(order, line, number)
        if other:
            settled = Source(CORRECTION, new_uid(), source.actor)
            serials.sell({line.variant_id: [number]}, place.pk, source=settled, at=at)
            told = {"sku": line.sku, "serial": number, "correction": str(settled.uid)}
            timeline.add(other, SETTLED, at=at, actor=source.actor, **told)
    clashes = serials.sell({line.variant_id: right}, place.pk, source=source, at=at)
    keep(line, after)
    for number in wrong:
        resolve_about(CLASH, f"{line.sku} {number}"[:100], at=at, by=source.actor)
    if len(after) == line.fulfilled:
        resolve_about(MISSING, f"{line.sku} of {order.number}"[:100], at=at, by=source.actor)
    report(order, Outcome(clashes, [], {line.variant_id: line.sku}), place, at=at)


def _claimant(order: Order, line: OrderLine, number: str) -> Order | None:
    """Another order that says it left with this number, which is free now: not one that has brought it back."""
    unit = SerialUnit.objects.filter(variant=line.variant_id, serial=number, state=serials.State.IN_STOCK).first()
    if unit is None:
        return None
    moves = list(unit.moves.order_by("pk").values_list("state", "source_type", "source_uid"))
    came_back = {
        document
        for (state, _kind, document), (_state, after, _uid) in pairwise(moves)
        if state == serials.State.SOLD and after != CORRECTION
    }
    others = Order.objects.filter(pk__in=_orders_of(unit)).exclude(pk=order.pk).order_by("pk")
    return next((other for other in others if not documents_of(other) & came_back), None)
