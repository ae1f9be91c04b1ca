"""Refunds as the pages of an order and of a return show them."""

from collections.abc import Iterable
from typing import Any

from orders.admin import chips
from orders.admin.return_columns import tender_name
from orders.models import Refund
from orders.returnable import label_of


def refund_rows(refunds: Iterable[Refund]) -> list[dict[str, Any]]:
    """Where each went, and in whose place; the refunds bring their payments."""
    return [_row(row) for row in refunds]


def _row(row: Refund) -> dict[str, Any]:
    own = row.tender == row.payment.tender
    to = label_of(row.payment) if own else tender_name(row.tender)
    return {"row": row, "to": to, "instead_of": "" if own else label_of(row.payment), "chip": chips.refund(row)}
