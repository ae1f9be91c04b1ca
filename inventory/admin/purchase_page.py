"""What the page of a purchase order shows, and the order as its supplier gets it: on paper, or as a file."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.catalog.units import FINEST, text_of, total_text, typed
from commerce.company import shop
from commerce.company.models import User
from commerce.company.permissions import may
from commerce.kernel.cells import safe
from commerce.kernel.money import Money
from commerce.office.columns import name_of
from inventory.admin import happenings
from inventory.costs import company_currency, converted, worth
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.purchases import lines_of

Button = dict[str, Any]


def context_of(order: PurchaseOrder, person: User) -> dict[str, Any]:
    lines = lines_of(order)
    ordered = total_text((line.ordered, line.variant.unit_scale) for line in lines)
    received = total_text((line.received, line.variant.unit_scale) for line in lines)
    total = sum(worth(line, line.ordered) for line in lines)
    company = company_currency()
    of = {line.variant.sku: line.variant for line in lines}
    return {
        "order": order,
        "heading": order.number,
        "rows": [_row(line) for line in lines],
        "ordered": ordered,
        "received": received,
        "part": sum(line.received * FINEST // line.variant.unit_scale for line in lines),
        "whole": sum(line.ordered * FINEST // line.variant.unit_scale for line in lines),
        "total": total,
        "company_currency": company,
        "is_foreign": company not in (None, order.currency),
        "rate": f"{order.rate_ppm / 1_000_000:.6f}".rstrip("0").rstrip("."),
        "company_total": converted(total, order.currency, rate_ppm=order.rate_ppm, into=company),
        "sees_costs": may(person, "purchase.edit"),
        "buttons": buttons_of(order, person),
        "receipts": [
            {
                "title": _("Goods receipt"),
                "at": receipt.received_at,
                "by": name_of(receipt.received_by) if receipt.received_by else "",
                "note": ", ".join(
                    f"{text_of(n, of[sku])} × {sku}" for sku, n in receipt.quantities.items() if sku in of
                ),
                "icon": "package-check",
            }
            for receipt in order.receipts.select_related("received_by").order_by("-pk")
        ],
        "happened": happenings.of_document(order.uid),
    }


def _row(line: PurchaseOrderLine) -> dict[str, Any]:
    """A line with what is still due of it, or what came beyond it."""
    return {
        "line": line,
        "due": max(line.ordered - line.received, 0),
        "beyond": max(line.received - line.ordered, 0),
        "total": worth(line, line.ordered),
    }


def buttons_of(order: PurchaseOrder, person: User) -> list[Button]:
    """The next steps, the likeliest first."""
    buys = may(person, "purchase.edit", order.location)
    offered: dict[str, list[tuple[str, Any, str, bool]]] = {
        "draft": [
            ("order", _("Order"), "send", buys),
            ("lines", _("Change"), "pencil", buys),
            ("cancellation", _("Cancel"), "x", buys),
        ],
        "ordered": [
            ("receive", _("Receive"), "package-check", may(person, "purchase.receive", order.location)),
            ("closing", _("Close"), "circle-check", buys),
        ],
    }
    papers = [("print", _("Print"), "printer", buys), ("csv", _("Download"), "download", buys)]
    return [
        {"label": label, "icon": icon, "href": reverse(f"admin:inventory_purchaseorder_{name}", args=[order.pk])}
        for name, label, icon, is_allowed in [*offered.get(order.state, []), *papers]
        if is_allowed
    ]


def print_of(request: HttpRequest, order: PurchaseOrder) -> HttpResponse:
    """The order as a page to print."""
    rows = [_row(line) for line in lines_of(order)]
    context = {"order": order, "rows": rows, "total": sum(row["total"] for row in rows), "shop": shop.current()}
    return TemplateResponse(request, "office/purchase_order_print.html", context)


def csv_of(order: PurchaseOrder) -> HttpResponse:
    """The order as a file: a line per product, costs as plain numbers."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{order.number}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([_("Your SKU"), _("Our SKU"), _("Item"), _("Units"), _("Cost of one"), _("Currency")])
    for line in lines_of(order):
        cost = str(Money(line.cost_minor, order.currency).as_decimal())
        ordered = typed(line.ordered, line.variant.unit_scale)
        words = [line.supplier_sku, line.variant.sku, line.variant.name, ordered, cost, order.currency]
        writer.writerow([safe(word) for word in words])
    return response
