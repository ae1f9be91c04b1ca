"""What the page of an order shows of goods that came back and of money that went."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.office.columns import name_of
from orders.admin import cancel_form, return_forms
from orders.admin.refund_rows import refund_rows
from orders.models import Cancellation, Order, OrderLine


def context_of(order: Order, lines: Sequence[OrderLine], person: User) -> dict[str, Any]:
    """Returns, allowances and refunds, and what this person can do; one query where nothing was given back."""
    refunds = list(order.refunds.select_related("payment", "actor").order_by("pk"))
    returns, allowances = [], []
    canceled = order.cancellation if order.canceled_minor else None
    if refunds or any(line.returned for line in lines):
        back = order.returns.select_related("location", "actor").prefetch_related("lines__order_line")
        returns = list(back.order_by("pk"))
        allowances = list(order.allowances.select_related("actor").order_by("pk"))
    return {
        "is_any": bool(returns or allowances or refunds or canceled),
        "canceled": (canceled, _who(canceled.actor), _units_off(canceled, lines)) if canceled else None,
        "returns": [(record, _who(record.actor)) for record in returns],
        "allowances": [(row, _who(row.actor)) for row in allowances],
        "refunds": refund_rows(refunds),
        "actions": _actions(order, lines, person),
        "documents": [
            *(row.uid for row in returns),
            *(row.uid for row in allowances),
            *(row.uid for row in refunds),
            *([canceled.uid] if canceled else []),
        ],  # as the books know them
    }


def _units_off(canceled: Cancellation, lines: Sequence[OrderLine]) -> list[tuple[int, OrderLine]]:
    by_key = {line.pk: line for line in lines}
    return [(row["quantity"], by_key[row["line"]]) for row in canceled.lines]


def _who(person: User | None) -> str:
    return name_of(person) if person else ""


def _actions(order: Order, lines: Sequence[OrderLine], person: User) -> list[tuple[str, str, str]]:
    """(label, icon, address)."""
    offered = []
    if return_forms.may_take_back(lines, person):
        offered.append((_("Take back"), "undo-2", reverse("admin:orders_order_return", args=[order.pk])))
    if return_forms.may_refund(order, person):
        offered.append((_("Refund an amount"), "banknote", reverse("admin:orders_order_refund", args=[order.pk])))
    if cancel_form.may_cancel(order, person):
        offered.append((_("Cancel"), "circle-x", reverse("admin:orders_order_cancel", args=[order.pk])))
    return offered
