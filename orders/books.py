"""Journal entries of orders and payments: one formula for every channel. Pure: rows in, entries out.

Who posts what is a table in ARCHITECTURE.md.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from commerce.ledger.journal import Entry, Part
from orders.models import Adjustment, Fulfillment, Order, OrderLine, Payment
from orders.tenders import registry as tenders

ACCOUNTS = {"shipping": "shipping", "fee": "fees", "deposit": "deposits"}


class HandedOut(NamedTuple):
    """Units of an order's line that leave now, and how many have left before."""

    line: OrderLine
    before: int
    quantity: int


def income_account(line: OrderLine) -> tuple[str, str]:
    """The account, and its part, that a line's net is earned on once it was handed over."""
    return ("gift_cards", str(line.gift_card.uid)) if line.gift_card else ("sales", "")


def net_share(line: OrderLine, before: int, quantity: int) -> int:
    """What so many units of a line, after so many others, bring without tax; all of them together bring its net."""
    net = line.total_minor - line.tax_minor
    return net * (before + quantity) // line.quantity - net * before // line.quantity


def sale(
    order: Order,
    charges: Sequence[Adjustment],
    *,
    lines: Sequence[OrderLine] | None = None,
    on: date,
    location_code: str,
) -> Entry:
    """The customer owes the total, on date `on`. With the `lines` that were handed over at once, it was earned as goods
    and charges without their tax; else it is owed until `handed_over`. A deposit is not earned, but owed to whoever
    brings the bottle back."""
    deposits = sum(charge.total_minor - charge.tax_minor for charge in charges if charge.kind == "deposit")
    if lines is None:
        owed = order.total_minor - order.tax_minor - deposits
        earned = [Part("undelivered", -owed, str(order.uid))]
    else:
        earned = _earned([HandedOut(line, 0, line.quantity) for line in lines], charges)
    return Entry(
        kind="sale",
        source_type="order",
        source_uid=order.uid,
        currency=order.currency,
        postings=(
            Part("receivable", order.total_minor + order.rounding_minor),
            *earned,
            Part("deposits", -deposits),
            *(Part("sales_tax", -amount, code) for code, amount in taxes_of(order).items()),
            Part("cash_rounding", -order.rounding_minor),
        ),
        business_date=on,
        location_code=location_code,
    )


def taxes_of(order: Order) -> dict[str, int]:
    """The order's tax in minor units per tax code."""
    found: dict[str, int] = defaultdict(int)
    for tax in order.taxes:
        found[tax["code"]] += tax["amount"]
    return dict(found)


def _earned(goods: Iterable[HandedOut], charges: Sequence[Adjustment]) -> list[Part]:
    """Credits of goods and charges that were handed over; deposits apart."""
    earned: dict[tuple[str, str], int] = defaultdict(int)
    for out in goods:
        earned[income_account(out.line)] += net_share(*out)
    for charge in charges:
        if charge.kind != "deposit":
            earned[ACCOUNTS[charge.kind], ""] += charge.total_minor - charge.tax_minor
    return [Part(account, -amount, sub) for (account, sub), amount in earned.items()]


def handed_over(
    fulfillment: Fulfillment,
    goods: Sequence[HandedOut],
    charges: Sequence[Adjustment],
    *,
    on: date,
    location_code: str,
) -> Entry:
    """Goods of an order have left: what was owed for them is earned. Its `charges` come with the last goods."""
    earned = _earned(goods, charges)
    return Entry(
        kind="handover",
        source_type="fulfillment",
        source_uid=fulfillment.uid,
        currency=fulfillment.order.currency,
        postings=(Part("undelivered", -sum(part.amount for part in earned), str(fulfillment.order.uid)), *earned),
        business_date=on,
        location_code=location_code,
    )


def payment(paid: Payment, *, on: date, location_code: str, against: str = "receivable") -> Entry:
    """Money came in: into its tender's account, off what the customer owes."""
    return Entry(
        kind="payment",
        source_type="payment",
        source_uid=paid.uid,
        currency=paid.currency,
        postings=(_tendered(paid, paid.amount_minor), Part(against, -paid.amount_minor)),
        business_date=on,
        location_code=location_code,
    )


def _tendered(paid: Payment, amount_minor: int) -> Part:
    tender = tenders()[paid.tender]
    return Part(tender.account, amount_minor, tender.part(paid))
