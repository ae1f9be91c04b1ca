"""Steps of recording a till sale: who, what, at which price. The only writer of `Sale`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from commerce.catalog.models import Variant
from commerce.company.locations import demand_place
from commerce.company.models import Location, User
from commerce.company.permissions import may
from commerce.kernel import sequences
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import InvalidInput
from commerce.pricing import queries as pricing
from commerce.pricing.models import Market
from orders.models import Order
from pos.envelope import Envelope
from pos.models import Register, Sale, Shift

OLDEST_SALE = timedelta(days=60)
FAST_CLOCK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where and when a sale happened, and who made it; register and shift are absent when another program's till sold.

    `sold_at` is the till's word where that can be true, else the time at which the sale came in (F29).
    """

    location: Location
    market: Market
    register: Register | None
    shift: Shift | None
    cashier: User | None
    sold_at: datetime

    @property
    def drawer(self) -> str:
        """The part of the cash account that cash goes into: the register's code, or its place's without one."""
        return (self.register or self.location).code

    @property
    def is_cashier_allowed(self) -> bool:
        return self.cashier is not None and may(self.cashier, "sale.record", self.location)


@in_transaction
def scene_of(envelope: Envelope, own: Register | None, *, at: datetime) -> Scene:
    """Find what the envelope names; `own` is the register whose till sent it. Raises `InvalidInput` for what does not
    exist. The shift is locked: it is not counted while a sale goes into it."""
    shift = None
    if envelope.shift:
        held = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("register__location")
        shift = held.filter(uid=envelope.shift).first()
    register = own or _register_of(envelope, shift)
    if shift and (register is None or shift.register_id != register.pk):
        shift = None
    location = register.location if register else _location_of(envelope)
    cashier = User.objects.with_places().filter(username=envelope.cashier).first() if envelope.cashier else None
    market = pricing.market_for(location.country)
    if market.currency != envelope.currency:
        raise InvalidInput({"currency": [f"{location.code} sells in {market.currency}."]})
    is_possible = at - OLDEST_SALE <= envelope.sold_at <= at + FAST_CLOCK
    return Scene(location, market, register, shift, cashier, envelope.sold_at if is_possible else at)


def _location_of(envelope: Envelope) -> Location:
    location = Location.objects.filter(code=envelope.location).first()
    if location is None:
        raise InvalidInput({"location": [f"There is no location {envelope.location}."]})
    demand_place(location)
    return location


def _register_of(envelope: Envelope, shift: Shift | None) -> Register | None:
    """By its code, or, when it was renamed since, by the shift that was opened at it."""
    if not envelope.register:
        return None
    if shift and shift.register.code == envelope.register:
        return shift.register
    register = Register.objects.select_related("location").filter(code=envelope.register).first()
    register = register or (shift.register if shift else None)
    if register is None:
        raise InvalidInput({"register": [f"There is no register {envelope.register}."]})
    return register


def variants_of(envelope: Envelope) -> list[Variant]:
    """The variants of the lines, in their order. Raises `InvalidInput` naming the SKUs that do not exist."""
    keys = [line.sku_key for line in envelope.lines]
    found = {variant.sku_key: variant for variant in Variant.objects.select_related("product").filter(sku_key__in=keys)}
    unknown = {
        f"lines.{n}.sku": [f"There is no SKU {line.sku}."]
        for n, line in enumerate(envelope.lines)
        if line.sku_key not in found
    }
    if unknown:
        raise InvalidInput(unknown)
    return [found[key] for key in keys]


@in_transaction
def number_of(envelope: Envelope, scene: Scene) -> tuple[str, bool]:
    """The receipt's number, and whether another sale had it already.

    A till counts for itself, so that it can print with no server; its number is kept and the series raised to it. A
    number that is taken (a till was reset) gets a suffix and a case: both papers are out there.
    """
    series = scene.register.code if scene.register else scene.location.code
    if not envelope.receipt_number:
        return f"{series}-{sequences.next_value(f'receipt:{series}'):06d}", False
    counted = envelope.receipt_number.rpartition("-")[2]
    if counted.isdigit() and sequences.raise_to(f"receipt:{series}", int(counted)):
        return envelope.receipt_number, False  # the newest of its series cannot have been used
    if Sale.objects.filter(receipt_number=envelope.receipt_number).exists():
        return f"{envelope.receipt_number}#{str(envelope.uid)[-6:]}", True
    return envelope.receipt_number, False


@in_transaction
def keep(
    envelope: Envelope,
    scene: Scene,
    order: Order,
    *,
    receipt_number: str,
    envelope_hash: str,
    answer: Any,
    at: datetime,
) -> None:
    """Write down how the sale came in."""
    Sale.objects.create(
        uid=envelope.uid,
        order=order,
        register=scene.register,
        shift=scene.shift,
        receipt_number=receipt_number,
        envelope_hash=envelope_hash,
        envelope=envelope.raw,
        answer=answer,
        sold_at=envelope.sold_at,
        received_at=at,
    )
