"""Goods on the way: they leave the source, stand at the in-transit location with what they are worth, and arrive.

Steps of a transfer like those of `transfers`, with its locks. Whatever does not arrive stays on the way until somebody
says what became of it: it came late, it never left, it is lost.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commerce.cases import queue
from commerce.catalog.units import pieces_of, text_of, total_text
from commerce.company import locations
from commerce.company.models import User
from commerce.kernel.db import in_transaction
from inventory import numbered, partings, reservations, serials, stock
from inventory.errors import MoreThanOnTheWay, NothingToDo, NotOnDocument
from inventory.levels import Source
from inventory.models import Reservation, StockLevel, StockMovement, Transfer, TransferLine
from inventory.serials import Numbers
from inventory.transfers import Units, become, chosen, demand_state, lines_of, sku_of, tell

CASE = "transfer_short"
Counter = Literal["received", "returned", "written_off"]
Kind = StockMovement.Kind


@in_transaction
def ship(
    transfer: Transfer,
    units: Units | None = None,
    *,
    at: datetime,
    person: User | None = None,
    numbers: Numbers | None = None,
) -> None:
    """The goods leave: what was approved, or less of it where `units` says so; the rest is free again at the source.
    `numbers` (by variant) name those that have serial numbers, see `numbered.leaving`.

    Raises `NotNow`, `MoreThanAllowed`, `NotOnDocument`, `NothingToDo`, `NotOnHand`, `SerialsDoNotMatch`,
    `SerialNotHere`, `InvalidInput`.
    """
    demand_state(transfer, "approved")
    lines = [line for line in lines_of(transfer) if line.reservation]
    sent = chosen(transfer, lines, units, {line.variant_id: _approved(line) for line in lines}, _("approved"))
    place = locations.in_transit().pk
    stock.own_levels([(line.variant_id, where) for line in lines for where in (transfer.source_id, place)])
    named = numbered.leaving(sent, transfer.source_id, numbers)
    unsent = [line.reservation for line in lines if line.reservation and line.variant_id not in sent]
    reservations.release(unsent, at=at)
    leaving = [line for line in lines if line.variant_id in sent]
    less = {
        line.reservation_id: rest
        for line in leaving
        if line.reservation_id and (rest := _approved(line) - sent[line.variant_id])
    }
    if less:
        partings.give_back(less, at=at)
    _enter(transfer, [line.reservation_id for line in leaving if line.reservation_id], place, at=at, person=person)
    serials.send(named, transfer.source_id, place, source=Source("transfer", transfer.uid, person), at=at)
    for line in leaving:
        line.shipped = sent[line.variant_id]
    TransferLine.objects.bulk_update(leaving, ["shipped"])
    become(transfer, Transfer.State.SHIPPED, shipped_at=at)
    tell(transfer, "shipped", sent, at=at, person=person)


def _approved(line: TransferLine) -> int:
    return line.reservation.quantity if line.reservation else 0


def _enter(transfer: Transfer, held: Sequence[int], place: int, *, at: datetime, person: User | None) -> None:
    """Allocated units leave the source and are on the way, worth what they were worth there."""
    source = Source("transfer", transfer.uid, person)
    allocated = list(Reservation.objects.filter(pk__in=held).select_related("level"))
    units = {(row.level.variant_id, place): row.quantity for row in allocated}
    variants = {row.level_id: row.level.variant_id for row in allocated}
    gone = reservations.consume(allocated, source=source, at=at, kind=Kind.TRANSFER)
    values = {(variants[row.level], place): -row.value_minor for row in gone}
    stock.move(units, kind=Kind.TRANSFER, source=source, at=at, values=values)


@in_transaction
def receive(
    transfer: Transfer,
    units: Units,
    *,
    at: datetime,
    person: User | None = None,
    reason: str = "",
    numbers: Numbers | None = None,
) -> None:
    """Units have arrived; `numbers` (by variant) name those that have serial numbers, see `serials.arrive`.

    Raises `NotNow`, `NotOnDocument`, `MoreThanOnTheWay`, `NothingToDo`, `SerialsDoNotMatch`, `SerialNotHere`,
    `InvalidInput`.
    """
    wanted = _leave(transfer, units, "received", numbers, to=transfer.destination_id, at=at, person=person)
    _close(transfer, "received", wanted, at=at, person=person, reason=reason)


@in_transaction
def bring_back(
    transfer: Transfer,
    units: Units,
    *,
    at: datetime,
    person: User | None = None,
    reason: str,
    numbers: Numbers | None = None,
) -> None:
    """Units never left, or came back: they are at the source again. Raises what `receive` raises."""
    wanted = _leave(transfer, units, "returned", numbers, to=transfer.source_id, at=at, person=person)
    _close(transfer, "returned", wanted, at=at, person=person, reason=reason)


@in_transaction
def write_off(
    transfer: Transfer,
    units: Units,
    *,
    at: datetime,
    person: User | None = None,
    reason: str,
    numbers: Numbers | None = None,
) -> None:
    """Units are lost, and with them what they were worth. Raises what `receive` raises."""
    wanted = _leave(transfer, units, "written_off", numbers, to=None, at=at, person=person)
    _close(transfer, "written_off", wanted, at=at, person=person, reason=reason)


@in_transaction
def report_missing(transfer: Transfer, *, at: datetime, person: User | None = None) -> dict[int, int]:
    """Nothing more is expected to arrive by itself: what is still on the way becomes the destination's case.

    The units, per variant. Raises `NotNow`.
    """
    demand_state(transfer, "shipped")
    missing = {line.variant_id: line.on_the_way for line in lines_of(transfer) if line.on_the_way}
    short = [(line.on_the_way, line.variant) for line in lines_of(transfer) if line.on_the_way]
    called = [f"{text_of(quantity, of)} × {of.sku}" for quantity, of in short]
    text = ngettext(
        "%(n)s unit of %(number)s from %(source)s did not arrive at %(destination)s: %(items)s.",
        "%(n)s units of %(number)s from %(source)s did not arrive at %(destination)s: %(items)s.",
        pieces_of(short),
    ) % {
        "n": total_text((quantity, of.unit_scale) for quantity, of in short),
        "number": transfer.number,
        "source": transfer.source.name,
        "destination": transfer.destination.name,
        "items": ", ".join(called),
    }
    queue.open_case(
        CASE,
        subject=transfer.number,
        text=f"{text} {_now('They stay on the way until somebody says what became of them.')}",
        location=transfer.destination,
        context={"transfer": transfer.number, "from": transfer.source.code, "missing": called},
        at=at,
    )
    tell(transfer, "short", missing, at=at, person=person)
    return missing


def _leave(
    transfer: Transfer,
    units: Units,
    counter: Counter,
    numbers: Numbers | None,
    *,
    to: int | None,
    at: datetime,
    person: User | None,
) -> dict[int, int]:
    """Units are on the way no more: they go `to` a location (primary key) with their value, or are gone for good."""
    lines = {line.variant_id: line for line in lines_of(transfer)}
    _demand_on_the_way(transfer, lines, units)
    wanted = {variant: quantity for variant, quantity in sorted(units.items()) if quantity}
    if not wanted:
        raise NothingToDo(number=transfer.number, hint=_("Scan the goods, or type how many there are."))
    place = locations.in_transit().pk
    stock.own_levels((variant, where) for variant in wanted for where in (place, to) if where)
    source, kind = Source("transfer", transfer.uid, person), Kind.TRANSFER if to else Kind.ADJUSTMENT
    gone = stock.move({(each, place): -wanted[each] for each in wanted}, kind=kind, source=source, at=at)
    if to:
        variants = dict(StockLevel.objects.filter(pk__in=[row.level for row in gone]).values_list("pk", "variant_id"))
        values = {(variants[row.level], to): -row.value_minor for row in gone}
        stock.move({(each, to): wanted[each] for each in wanted}, kind=kind, source=source, at=at, values=values)
    changed = [lines[variant] for variant in wanted]
    for line in changed:
        setattr(line, counter, getattr(line, counter) + wanted[line.variant_id])
    TransferLine.objects.bulk_update(changed, [counter])
    tracked = serials.tracked_among(wanted)
    rest = {variant: lines[variant].on_the_way for variant in tracked}
    moved = {variant: wanted[variant] for variant in sorted(tracked)}
    serials.arrive(moved, to, source=source, at=at, numbers=numbers, rest=rest)
    return wanted


def _demand_on_the_way(transfer: Transfer, lines: dict[int, TransferLine], units: Units) -> None:
    demand_state(transfer, "shipped")
    for variant, quantity in units.items():
        line = lines.get(variant)
        if line is None:
            raise NotOnDocument(sku=sku_of(variant), number=transfer.number)
        if not 0 <= quantity <= line.on_the_way:
            left, wanted = text_of(line.on_the_way, line.variant), text_of(quantity, line.variant)
            facts = {"sku": line.variant.sku, "on_the_way": left, "wanted": wanted}
            raise MoreThanOnTheWay(number=transfer.number, **facts)


def _close(transfer: Transfer, what: str, units: Units, *, at: datetime, person: User | None, reason: str) -> None:
    """Tell it; the last unit ends the transfer, and its case."""
    tell(transfer, what, units, at=at, person=person, reason=reason)
    if not any(line.on_the_way for line in lines_of(transfer)):
        become(transfer, Transfer.State.RECEIVED, closed_at=at)
        queue.resolve_about(CASE, transfer.number, at=at, by=person)
        tell(transfer, "closed", {}, at=at, person=person)
