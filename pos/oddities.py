"""What is odd about a sale that has happened all the same: a warning to the till, and a case for a person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from commerce.cases.queue import open_case
from commerce.catalog.units import in_units
from commerce.kernel.db import in_transaction
from orders.models import Order
from orders.routing.resourcing import Rescue
from orders.serial_numbers import Outcome, cases_of
from pos.envelope import Envelope
from pos.sales import Scene


@dataclass(frozen=True, slots=True)
class Oddity:
    """`code` and `facts` go to the till; a case of `kind` is opened about `subject`, with no kind none."""

    code: str
    kind: str = ""
    subject: str = ""
    text: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@in_transaction
def report(oddities: list[Oddity], scene: Scene, *, at: datetime) -> list[dict[str, Any]]:
    """Open the cases; the warnings for the till."""
    for oddity in (one for one in oddities if one.kind):
        open_case(
            oddity.kind,
            subject=oddity.subject[:100],
            text=oddity.text,
            location=scene.location,
            context=oddity.facts,
            at=at,
        )
    return [{"code": oddity.code, **oddity.facts} for oddity in oddities]


def of_stock(order: Order, rescues: list[Rescue]) -> Iterator[Oddity]:
    """Units that orders were promised and that are not there any more: sent from elsewhere now, or a case."""
    for rescue in rescues:
        sku = rescue.shortage.sku
        for number, place in rescue.sent:
            yield Oddity("sent_from_elsewhere", facts={"sku": sku, "order": number, "location": place})
        if rescue.missing:
            missing = in_units(rescue.missing, rescue.shortage.unit_scale)
            facts = {"sku": sku, "missing": missing, "orders": list(rescue.waiting), "sale": order.number}
            yield Oddity("promised_to_web", facts={**facts, "level": rescue.shortage.level})


def of_serials(order: Order, outcome: Outcome) -> Iterator[Oddity]:
    """Serial numbers that the books had sold, elsewhere or not at all, and units that left without one."""
    for kind, subject, text, facts in cases_of(order, outcome):
        yield Oddity(kind, kind, subject, text, facts)


def of_price(order: Order, drift: list[str]) -> Iterator[Oddity]:
    """Prices, taxes or roundings that are not the server's."""
    if drift:
        yield Oddity("price_drift", "price_drift", str(order.number), "\n".join(drift), {"differences": drift})


def of_number(envelope: Envelope, order: Order, *, clash: bool) -> Iterator[Oddity]:
    """A receipt number that is on another paper, too."""
    if clash:
        number = envelope.receipt_number
        text = f"Receipt number {number} was used by two sales; order {order.number} is the second."
        yield Oddity("receipt_number_clash", "receipt_number_clash", number, text, {"receipt_number": number})


def of_scene(envelope: Envelope, scene: Scene, order: Order) -> Iterator[Oddity]:
    """Who sold, in which shift, and when."""
    if envelope.cashier and not scene.is_cashier_allowed:
        text = (
            f"Sale {order.number} was made by {envelope.cashier}, who may not sell at {scene.location.code} (any more)."
        )
        yield Oddity(
            "cashier_not_allowed", "cashier_not_allowed", str(order.number), text, {"cashier": envelope.cashier}
        )
    if scene.shift and scene.shift.closed_at:
        text = f"Sale {order.number} came in after its shift was counted: that count held its cash already."
        yield Oddity("shift_closed", "sale_after_count", str(order.number), text, {"shift": str(scene.shift.uid)})
    if scene.sold_at != envelope.sold_at:
        told = envelope.sold_at.isoformat()
        text = f"Sale {order.number} says it was made at {told}: the clock of its till is wrong. Set it."
        subject = scene.register.code if scene.register else scene.location.code
        yield Oddity("clock_wrong", "clock_wrong", subject, text, {"sold_at": told})
