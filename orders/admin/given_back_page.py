"""What the page of an order shows of goods that came back and of money that went."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.company.models import User
from orders import tenders
from orders.admin import chips, return_forms
from orders.models import Order, Refund
from orders.returnable import label_of


def context_of(order: Order, person: User) -> dict[str, Any]:
    """Returns, allowances and refunds, and what this person can do; a query for each kind of row."""
    returns = list(
        order.returns.select_related("location", "actor").prefetch_related("lines__order_line").order_by("pk")
    )
    allowances = list(order.allowances.select_related("actor").order_by("pk"))
    refunds = list(order.refunds.select_related("payment", "actor").order_by("pk"))
    return {
        "is_any": bool(returns or allowances or refunds),
        "returns": returns,
        "allowances": allowances,
        "refunds": [_refund(row) for row in refunds],
        "actions": _actions(order, person),
    }


def _refund(row: Refund) -> dict[str, Any]:
    tender = tenders.registry().get(row.tender)
    own = row.tender == row.payment.tender
    to = label_of(row.payment) if own else str(tender.label if tender else row.tender)
    return {"row": row, "to": to, "instead_of": "" if own else label_of(row.payment), "chip": chips.refund(row)}


def _actions(order: Order, person: User) -> list[tuple[str, str, str]]:
    """(label, icon, address)."""
    offered = []
    if return_forms.may_take_back(order, person):
        offered.append((_("Take back"), "undo-2", reverse("admin:orders_order_return", args=[order.pk])))
    if return_forms.may_refund(order, person):
        offered.append((_("Refund an amount"), "banknote", reverse("admin:orders_order_refund", args=[order.pk])))
    return offered


def documents_of(order: Order) -> list[UUID]:
    """The uids under which the books know what came back."""
    found: list[UUID] = []
    for rows in (order.returns, order.allowances, order.refunds):
        found += rows.values_list("uid", flat=True)
    return found
