"""The sheets of a transfer: what is wanted, approving it, packing it, unpacking it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from commerce.catalog.units import text_of, total_text
from commerce.kernel.clock import now
from commerce.office.base import person_of
from commerce.office.columns import address
from inventory import numbered, transfers
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.change_transfer import change_transfer
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.ship_transfer import ship_transfer
from inventory.admin import sheets
from inventory.admin.sheets import Filled, Line, Sheet
from inventory.admin.transfer_page import free_at_source
from inventory.models import Transfer, TransferLine

Book = Callable[[Filled], None]


def _sheet(request: HttpRequest, transfer: Transfer, *, book: Book, said: Any, **fields: Any) -> Sheet:
    def run(filled: Filled) -> HttpResponse:
        book(filled)
        messages.success(request, said() if callable(said) else said)
        return HttpResponseRedirect(address(transfer))

    fields["lines"] = sheets.with_codes(fields["lines"])
    return Sheet(
        place=f"{transfer.number} · {transfer.source.name} → {transfer.destination.name}",
        number=transfer.number,
        back=address(transfer),
        book=run,
        stand=f"{transfer.state} {sum(line.received for line in transfer.lines.all())}",
        **fields,
    )


def _wanted(request: HttpRequest, transfer: Transfer) -> Sheet:
    def book(filled: Filled) -> None:
        change_transfer(transfer.uid, filled.units, person=person_of(request), at=now())

    return _sheet(
        request,
        transfer,
        book=book,
        said=_("%(number)s is changed.") % {"number": transfer.number},
        title=_("What is wanted"),
        hint=_("0 takes a product off the list."),
        button=_("Save"),
        takes_new=True,
        lines=[Line(line.variant, 0, start=line.requested) for line in transfers.lines_of(transfer)],
    )


def _approval(request: HttpRequest, transfer: Transfer) -> Sheet:
    def book(filled: Filled) -> None:
        approve_transfer(transfer.uid, units=filled.units, person=person_of(request), at=now())

    free = free_at_source(transfer)
    lines = []
    for line in transfers.lines_of(transfer):
        there = max(free.get(line.variant_id, 0), 0)
        note = _("%(n)s free at %(place)s") % {"n": text_of(there, line.variant), "place": transfer.source.name}
        start = min(line.requested, there)
        lines.append(Line(line.variant, line.requested, most=line.requested, start=start, note=note))
    return _sheet(
        request,
        transfer,
        book=book,
        said=_("%(number)s is approved; the goods are set aside.") % {"number": transfer.number},
        title=_("Approve"),
        hint=_("You may approve less than is wanted, or 0 of a product."),
        button=_("Approve"),
        lines=lines,
    )


def _packing(request: HttpRequest, transfer: Transfer) -> Sheet:
    def book(filled: Filled) -> None:
        person = person_of(request)
        ship_transfer(transfer.uid, units=filled.units, numbers=filled.numbers, person=person, at=now())

    lines = [
        Line(line.variant, line.reservation.quantity, most=line.reservation.quantity, here=_standing(transfer, line))
        for line in transfers.lines_of(transfer)
        if line.reservation
    ]
    return _sheet(
        request,
        transfer,
        book=book,
        said=_("%(number)s is on the way.") % {"number": transfer.number},
        title=_("Ship"),
        hint=_("Scan what goes into the box. What is not packed is free again."),
        button=_("Ship"),
        asks_numbers=True,
        lines=lines,
    )


def _unpacking(request: HttpRequest, transfer: Transfer) -> Sheet:
    def book(filled: Filled) -> None:
        units, numbers = filled.come()
        person = person_of(request)
        receive_transfer(transfer.uid, units, reception=filled.uid, numbers=numbers, person=person, at=now())

    def said() -> str:
        left = [(line.on_the_way, line.variant.unit_scale) for line in transfers.lines_of(transfer) if line.on_the_way]
        if left:
            return _("Received. %(n)s more are on the way.") % {"n": total_text(left)}
        return _("Received. That was all of %(number)s.") % {"number": transfer.number}

    coming = numbered.under_way(transfer.uid)
    lines = [
        Line(
            line.variant,
            line.on_the_way,
            most=line.on_the_way,
            note=_received(line),
            here=tuple(coming.get(line.variant_id, ())),
        )
        for line in transfers.lines_of(transfer)
        if line.shipped
    ]
    return _sheet(
        request,
        transfer,
        book=book,
        said=said,
        title=_("Receive"),
        hint=_("Scan what comes out of the box. There may be another reception for the rest."),
        button=_("Receive"),
        asks_numbers=True,
        lines=lines,
    )


def _standing(transfer: Transfer, line: TransferLine) -> tuple[str, ...]:
    """The serial numbers that could leave."""
    return tuple(numbered.in_stock_at(transfer.source_id, line.variant_id)) if line.variant.tracks_serials else ()


def _received(line: TransferLine) -> str:
    return _("%(n)s received before") % {"n": text_of(line.received, line.variant)} if line.received else ""


SHEETS = sheets.Steps(
    transfers.demand_state,
    {
        "lines": ("transfer.request", "requested", _wanted),
        "approve": ("transfer.approve", "requested", _approval),
        "ship": ("transfer.ship", "approved", _packing),
        "receive": ("transfer.receive", "shipped", _unpacking),
    },
)
