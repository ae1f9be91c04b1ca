"""The only writers of transfers, with `transit`: request, change, approve, cancel.

Units that are set aside are allocations of the source; units on the way stand at the in-transit location (I06).
Locks: the transfer, then stock levels by primary key, then their reservations, then sequences.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of
from commerce.company.models import Location, User
from commerce.events import outbox
from commerce.kernel import sequences
from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from inventory import availability, reservations, stock
from inventory.errors import KitHasNoStock, MoreThanAllowed, NotEnoughToSend, NothingToDo, NotNow, NotOnDocument
from inventory.levels import Demand, Source
from inventory.models import Transfer, TransferLine

Units = Mapping[int, int]  # units by variant (primary key)

HINTS = {
    "requested": _("approve it first."),
    "approved": _("ship it first."),
    "shipped": _("the goods have left. Receive them, or say what became of them."),
    "received": _("nothing is on the way any more. Request another transfer."),
    "canceled": _("nothing was sent. Request another transfer."),
}


@in_transaction
def request(
    source: Location,
    destination: Location,
    units: Units,
    *,
    at: datetime,
    person: User | None = None,
    note: str = "",
    expected_on: date | None = None,
    uid: UUID | None = None,
) -> Transfer:
    """A new transfer of units that are wanted at the destination. Raises `NothingToDo`, `KitHasNoStock`."""
    transfer = Transfer.objects.create(
        uid=uid or new_uid(),
        number=f"T-{sequences.next_value('transfer'):06d}",
        source=source,
        destination=destination,
        note=note,
        expected_on=expected_on,
        requested_by=person,
        created_at=at,
    )
    put_lines(transfer, units)
    tell(transfer, "requested", units, at=at, person=person)
    return transfer


@in_transaction
def put_lines(transfer: Transfer, units: Units) -> None:
    """Set what is requested of variants, 0 for no more of it. Raises `NotNow`, `KitHasNoStock`, `NothingToDo`."""
    demand_state(transfer, "requested")
    kits = stock.kits_among(units)
    if kits:
        raise KitHasNoStock(sku=kits[0])
    transfer.lines.filter(variant__in=[variant for variant, quantity in units.items() if not quantity]).delete()
    TransferLine.objects.bulk_create(
        [
            TransferLine(transfer=transfer, variant_id=variant, requested=quantity)
            for variant, quantity in units.items()
            if quantity
        ],
        update_conflicts=True,
        unique_fields=["transfer", "variant"],
        update_fields=["requested"],
    )
    if not transfer.lines.exists():
        raise NothingToDo(number=transfer.number, hint=_("If nothing is wanted any more, cancel it."))


@in_transaction
def approve(transfer: Transfer, units: Units | None = None, *, at: datetime, person: User | None = None) -> None:
    """Set units aside at the source, all of them or none: what is requested, or less of it where `units` says so.

    Raises `NotNow`, `MoreThanAllowed`, `NotOnDocument`, `NothingToDo`, `NotEnoughToSend`.
    """
    demand_state(transfer, "requested")
    lines = lines_of(transfer)
    wanted = chosen(transfer, lines, units, {line.variant_id: line.requested for line in lines}, _("requested"))
    _demand_free(transfer, lines, wanted, at=at)
    demands = [Demand(variant, transfer.source_id, quantity) for variant, quantity in sorted(wanted.items())]
    made = reservations.reserve(demands, until=None, source=Source("transfer", transfer.uid), at=at)
    taken = {demand.variant: row for demand, row in zip(demands, made, strict=True)}
    for line in lines:
        line.reservation = taken.get(line.variant_id)
    TransferLine.objects.bulk_update(lines, ["reservation"])
    become(transfer, Transfer.State.APPROVED, approved_at=at, approved_by=person)
    tell(transfer, "approved", wanted, at=at, person=person)


def _demand_free(transfer: Transfer, lines: Sequence[TransferLine], wanted: Units, *, at: datetime) -> None:
    """What is there beyond promises and safety stock; a backorder cannot be put on a van. Locks the levels."""
    stock.own_levels((variant, transfer.source_id) for variant in wanted)
    free = {
        level.variant: max(level.on_hand - level.reserved - level.safety, 0)
        for level in availability.of_variants(list(wanted), at=at)
        if level.location == transfer.source_id
    }
    missing: list[dict[str, Any]] = [
        {
            "sku": line.variant.sku,
            "requested": units,
            "available": free.get(line.variant_id, 0),
            "unit": line.variant.unit,
            "scale": line.variant.unit_scale,
        }
        for line in lines
        if (units := wanted.get(line.variant_id, 0)) > free.get(line.variant_id, 0)
    ]
    if missing:
        raise NotEnoughToSend(transfer.source.name, missing)


@in_transaction
def cancel(transfer: Transfer, *, at: datetime, person: User | None = None) -> None:
    """Nothing has left and nothing will: what was set aside is free again. Raises `NotNow`."""
    demand_state(transfer, "requested", "approved")
    reservations.release([line.reservation for line in lines_of(transfer) if line.reservation], at=at)
    become(transfer, Transfer.State.CANCELED, closed_at=at)
    tell(transfer, "canceled", {}, at=at, person=person)


@in_transaction
def hold(uid: UUID) -> Transfer | None:
    """The transfer, locked, with its locations."""
    return Transfer.objects.locked().select_related("source", "destination").filter(uid=uid).first()


def lines_of(transfer: Transfer) -> list[TransferLine]:
    """Its lines as they are now, in the order of the SKUs."""
    return list(transfer.lines.select_related("variant__product", "reservation").order_by("variant__sku_key"))


def demand_state(transfer: Transfer, *states: str) -> None:
    """Raise `NotNow` unless the transfer is in one of the states."""
    if transfer.state not in states:
        label = Transfer.State(transfer.state).label
        raise NotNow(number=transfer.number, state=str(label), hint=str(HINTS[transfer.state]))


def chosen(
    transfer: Transfer, lines: Sequence[TransferLine], units: Units | None, most: Units, before: object
) -> dict[int, int]:
    """The units to go on with, per variant, without those of which there are none: `most`, or less of it.

    Raises `NotOnDocument`, `MoreThanAllowed` (`before` is the word for what limits it), `NothingToDo`.
    """
    called = {line.variant_id: line.variant for line in lines}
    for variant, quantity in (units or {}).items():
        if variant not in called:
            raise NotOnDocument(sku=sku_of(variant), number=transfer.number)
        if not 0 <= quantity <= most[variant]:
            of = called[variant]
            amounts = {"most": text_of(most[variant], of), "wanted": text_of(quantity, of)}
            facts = {"sku": of.sku, **amounts, "before": str(before)}
            raise MoreThanAllowed(number=transfer.number, **facts)
    taken = {variant: quantity for variant, quantity in {**most, **(units or {})}.items() if quantity}
    if not taken:
        raise NothingToDo(number=transfer.number, hint=_("If nothing is to be sent at all, cancel it."))
    return taken


@in_transaction
def become(transfer: Transfer, state: Transfer.State, **fields: object) -> None:
    """Set the state, and what comes with it."""
    changed = {"state": state, **fields}
    for name, value in changed.items():
        setattr(transfer, name, value)
    transfer.save(update_fields=list(changed))


@in_transaction
def tell(transfer: Transfer, what: str, units: Units, *, at: datetime, person: User | None, reason: str = "") -> None:
    """Record the event `transfer.<what>`: which units, by whom, why."""
    skus = dict(Variant.objects.filter(pk__in=units).values_list("pk", "sku")) if units else {}
    facts = {
        "number": transfer.number,
        "from": transfer.source.code,
        "to": transfer.destination.code,
        "units": {skus[variant]: quantity for variant, quantity in units.items()},
        "person": person.username if person else "",
    }
    outbox.record(f"transfer.{what}", str(transfer.uid), facts | ({"reason": reason} if reason else {}), at=at)


def sku_of(variant: int) -> str:
    return Variant.objects.values_list("sku", flat=True).get(pk=variant)
