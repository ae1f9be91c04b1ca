"""What a cart or an order adds up to, row by row, so that what a page shows comes to its total. Pure.

lines, each as `shown_minor`              19.00 + 16.00      what it costs after what reduced this very line
subtotal                                          35.00
fees and deposits                                  0.40
reductions of the whole order                     -5.00      by their labels
delivery                                           Free      a charge and what a promotion took off it are one row
taxes, where prices are without                    2.43
total                                             32.83
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from orders import fees
from orders.fees import FeeLine
from orders.models import Order, OrderLine

EXEMPTION = "tax_exemption"


@dataclass(frozen=True, slots=True)
class Reduction:
    """Something taken off, and why. `source`: promotion, coupon, manual, …; `coupon`: the code that was entered."""

    id: str
    label: str
    source: str
    amount_minor: int
    coupon: str = ""

    @property
    def words(self) -> str:
        """What stands beside the amount."""
        label = self.label or (_("Tax exemption") if self.source == EXEMPTION else _("Discount"))
        return f"{label} ({self.coupon})" if self.coupon else label


@dataclass(frozen=True, slots=True)
class Bill:
    """Minor units. `shipping_minor` is None where nothing is delivered; `exempt_minor` is the tax taken off charges
    that hold it, of an exempt customer. `save_minor`: all reductions but that and those of an exemption."""

    currency: str
    subtotal_minor: int
    total_minor: int
    included: bool
    taxes: list[dict[str, Any]]
    reductions: list[Reduction]
    save_minor: int
    shipping_minor: int | None = None
    exempt_minor: int = 0
    fees: list[FeeLine] = field(default_factory=list)
    tax_known: bool = True

    def rows(self) -> list[tuple[Any, ...]]:
        """Label and amount of each line between the goods and the total; taxes that prices include stand in a note."""
        rows = self.rows_before_tax()
        return rows if self.included else rows + self._tax_rows()

    def rows_before_tax(self) -> list[tuple[Any, ...]]:
        """The same where nothing can be said yet of taxes."""
        rows: list[tuple[Any, ...]] = [(_("Subtotal"), self.subtotal_minor)]
        rows += [(fee.words(self.currency), fee.amount_minor) for fee in self.fees]
        rows += [(row.words, -row.amount_minor, "discount") for row in self.reductions]
        if self.shipping_minor is not None:
            rows.append((_("Delivery"), self.shipping_minor or _("Free")))
        if self.exempt_minor:
            rows.append((_("Tax exemption"), -self.exempt_minor, "discount"))
        return rows

    def _tax_rows(self) -> list[tuple[Any, ...]]:
        charged = [(tax["name"], tax["amount"]) for tax in self.taxes if tax["amount"]]
        unknown = _("after the store") if self.shipping_minor is None else _("after the address")
        return charged or [(_("Sales tax"), 0 if self.tax_known else unknown)]


def of_answer(priced: dict[str, Any], *, ships: bool, tax_known: bool = True) -> Bill:
    """Of an answer of the engine; without `ships` no delivery is spoken of."""
    off_lines = sum(own_discount(line["adjustments"]) for line in priced["lines"])
    shipping = [charge["gross"] - charge["discount"] for charge in priced["charges"] if charge["kind"] == "shipping"]
    other = [row for charge in priced["charges"] if charge["kind"] != "shipping" for row in charge["adjustments"]]
    everything = [row for item in priced["lines"] + priced["charges"] for row in item["adjustments"]]
    return Bill(
        currency=priced["currency"],
        subtotal_minor=priced["subtotal"] - off_lines,
        total_minor=priced["total"],
        included=bool(priced["tax_included"]),
        taxes=priced["taxes"],
        reductions=of_order_scope(priced["adjustments"]),
        save_minor=sum(row["amount"] for row in everything if row["source"] != EXEMPTION),
        shipping_minor=sum(shipping) if ships else None,
        exempt_minor=sum(row["amount"] for row in other),
        fees=fees.of_answer(priced),
        tax_known=tax_known,
    )


def of_order(order: Order, *, ships: bool, lines: Sequence[OrderLine] | None = None) -> Bill:
    """Of a draft or an order; a statement for its lines and its charges, unless those are prefetched."""
    off_lines = sum(own_discount(discounts_of(line)) for line in (order.lines.all() if lines is None else lines))
    off_order = sum(row["amount"] for row in order.discounts)
    charges = list(order.adjustments.all()) if order.shipping_minor or order.fee_minor else []
    shipping = sum(charge.amount_minor for charge in charges if charge.kind == "shipping")
    off_shipping = order.shipping_minor - shipping if charges else 0
    exempt = sum(row["amount"] for row in order.discounts if row["source"] == EXEMPTION)
    rest = order.discount_minor - off_lines - off_order - off_shipping
    return Bill(
        currency=order.currency,
        subtotal_minor=order.subtotal_minor - off_lines,
        total_minor=order.total_minor,
        included=order.prices_include_tax,
        taxes=order.taxes,
        reductions=of_order_scope(order.discounts),
        save_minor=order.discount_minor - exempt - rest,
        shipping_minor=shipping if ships else None,
        exempt_minor=rest,
        fees=fees.of_order(order),
    )


def discounts_of(line: OrderLine) -> list[dict[str, Any]]:
    """What reduced a line. What was sold before reasons were kept has one without."""
    if line.discounts or not line.discount_minor:
        return list(line.discounts)
    return [{"id": "", "label": "", "source": "manual", "reason": "", "scope": "line", "amount": line.discount_minor}]


def own_discount(adjustments: Iterable[dict[str, Any]]) -> int:
    """What reduced this very line, without its share of what reduced the order."""
    return sum(row["amount"] for row in adjustments if row["scope"] == "line")


def of_line(adjustments: Iterable[dict[str, Any]]) -> list[Reduction]:
    """What reduced this very line, reason by reason."""
    return [_reduction(row) for row in adjustments if row["scope"] == "line" and row["amount"]]


def of_order_scope(adjustments: Iterable[dict[str, Any]]) -> list[Reduction]:
    """What reduced the order as a whole; an exemption that was shared out line by line is one reduction."""
    found = [_reduction(row) for row in adjustments if row["amount"]]
    exempt = sum(row.amount_minor for row in found if row.source == EXEMPTION)
    kept = [row for row in found if row.source != EXEMPTION]
    return [*kept, Reduction(EXEMPTION, "", EXEMPTION, exempt)] if exempt else kept


def _reduction(row: dict[str, Any]) -> Reduction:
    code = row["reason"] if row["source"] == "coupon" else ""
    return Reduction(row["id"], row["label"], row["source"], row["amount"], code)


def shown_minor(line: OrderLine) -> int:
    """What a line of an order shows as its price: with the tax where prices include it, as the subtotal adds it up."""
    return line.gross_minor - own_discount(discounts_of(line))
