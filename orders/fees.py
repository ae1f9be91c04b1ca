"""Fees and deposits of a cart or an order, as lines of their own: "Bottle deposit 6 × $0.10". Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from commerce.kernel.money import Money
from orders.models import Adjustment, Order

KINDS = ("fee", "deposit")


@dataclass(frozen=True, slots=True)
class FeeLine:
    """The same fee on several lines is one of these; `amount_minor` is before discounts and before tax is added."""

    label: str
    kind: str
    unit_minor: int
    quantity: int

    @property
    def amount_minor(self) -> int:
        return self.unit_minor * self.quantity

    def words(self, currency: str) -> str:
        """ "Bottle deposit 6 × $0.10"; the name alone for one piece, whose amount stands beside it."""
        price = Money(self.unit_minor, currency).format()
        return f"{self.label} {self.quantity} × {price}" if self.quantity > 1 else self.label


def of_answer(priced: dict[str, Any]) -> list[FeeLine]:
    """Of an answer of the engine."""
    return _merged(line_of(charge, priced) for charge in priced["charges"] if charge["kind"] in KINDS)


def of_order(order: Order) -> list[FeeLine]:
    """Of an order; a statement only where there are any, and none where `adjustments` are prefetched."""
    if not order.fee_minor:
        return []
    charges = sorted(order.adjustments.all(), key=lambda charge: charge.pk)
    return _merged(_kept(charge) for charge in charges if charge.kind in KINDS)


def line_of(charge: dict[str, Any], priced: dict[str, Any]) -> FeeLine:
    """A charge with its pieces: the engine names it after the line that it is for. Goods by measure are one piece."""
    _fee, _code, line_id = [*charge["id"].split(":", 2), "", ""][:3]
    line = next((line for line in priced["lines"] if line["id"] == line_id and line.get("scale", 1) == 1), None)
    pieces = line["quantity"] if line else 1
    exact = charge["gross"] % pieces == 0
    unit, quantity = (charge["gross"] // pieces, pieces) if exact else (charge["gross"], 1)
    return FeeLine(charge["label"], charge["kind"], unit, quantity)


def _kept(charge: Adjustment) -> FeeLine:
    return FeeLine(charge.label, charge.kind, charge.unit_minor, charge.quantity)


def _merged(lines: Iterable[FeeLine]) -> list[FeeLine]:
    found: dict[tuple[str, str, int], FeeLine] = {}
    for line in lines:
        key = (line.kind, line.label, line.unit_minor)
        found[key] = replace(line, quantity=line.quantity + (found[key].quantity if key in found else 0))
    return list(found.values())
