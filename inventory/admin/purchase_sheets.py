"""The sheets of a purchase order: changing a draft, and unpacking what has come."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from commerce.catalog.units import text_of
from commerce.kernel.clock import now
from commerce.office.base import person_of
from commerce.office.columns import address
from inventory import purchases
from inventory.actions.change_purchase_order import change_purchase_order
from inventory.actions.receive_purchase_order import receive_purchase_order
from inventory.admin import sheets
from inventory.admin.sheets import Filled, Line, Sheet
from inventory.models import PurchaseOrder, PurchaseOrderLine


def _sheet(order: PurchaseOrder, **fields: Any) -> Sheet:
    return Sheet(
        place=f"{order.number} · {order.supplier.name} → {order.location.name}",
        number=order.number,
        back=address(order),
        stand=f"{order.state} {order.receipts.count()}",
        supplier=order.supplier,
        **{**fields, "lines": sheets.with_codes(fields["lines"], order.supplier)},
    )


def _draft(request: HttpRequest, order: PurchaseOrder) -> Sheet:
    def book(filled: Filled) -> HttpResponse:
        change_purchase_order(order.uid, filled.units, costs=filled.costs, person=person_of(request), at=now())
        messages.success(request, _("%(number)s is changed.") % {"number": order.number})
        return HttpResponseRedirect(address(order))

    packs = dict(order.supplier.items.filter(pack__gt=1).values_list("variant_id", "pack"))
    return _sheet(
        order,
        book=book,
        title=_("What is ordered"),
        hint=_("0 takes a product off the order."),
        button=_("Save"),
        takes_new=True,
        currency=order.currency,
        lines=[
            Line(
                line.variant,
                0,
                start=line.ordered,
                cost_minor=line.cost_minor,
                note=_packs(line, packs),
            )
            for line in purchases.lines_of(order)
        ],
    )


def _delivery(request: HttpRequest, order: PurchaseOrder) -> Sheet:
    goods = {line.variant.sku: line.variant for line in purchases.lines_of(order)}

    def book(filled: Filled) -> HttpResponse:
        units, numbers = filled.come()
        person = person_of(request)
        done = receive_purchase_order(order.uid, units, receipt=filled.uid, numbers=numbers, person=person, at=now())
        for sku, count in done.nameless:
            text = _("%(n)s of %(sku)s came without a serial number. Name them on the page of their stock level.")
            messages.warning(request, text % {"n": count, "sku": sku})
        for sku, more in done.beyond:
            text = _("%(n)s more of %(sku)s than was ordered. They are on the shelf; tell the supplier, or keep them.")
            messages.warning(request, text % {"n": text_of(more, goods[sku]), "sku": sku})
        said = _("Received. That was all of %(number)s.") if done.is_complete else _("Received. The rest stays due.")
        messages.success(request, said % {"number": order.number})
        return HttpResponseRedirect(address(order))

    return _sheet(
        order,
        book=book,
        title=_("Receive"),
        hint=_(
            "Scan what comes out of the box, also by the supplier's SKU. There may be another delivery for the rest."
        ),
        button=_("Receive"),
        asks_numbers=True,
        lines=[
            Line(
                line.variant,
                max(line.ordered - line.received, 0),
                note=_note(line),
            )
            for line in purchases.lines_of(order)
        ],
    )


def _packs(line: PurchaseOrderLine, packs: dict[int, int]) -> str:
    if line.variant_id not in packs:
        return ""
    return _("packs of %(n)s") % {"n": text_of(packs[line.variant_id] * line.variant.unit_scale, line.variant)}


def _note(line: PurchaseOrderLine) -> str:
    before = text_of(line.received, line.variant)
    received = _("%(n)s received before") % {"n": before} if line.received else ""
    return " · ".join(text for text in (line.supplier_sku, received) if text)


SHEETS = sheets.Steps(
    purchases.demand_state,
    {
        "lines": ("purchase.edit", PurchaseOrder.State.DRAFT, _draft),
        "receive": ("purchase.receive", PurchaseOrder.State.ORDERED, _delivery),
    },
)
