"""Reads of a return at the till: what of an order can come back and why not the rest, what it comes to, what became of
it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.models import Barcode
from commerce.catalog.units import pieces_in, text_of
from commerce.kernel.money import Money
from orders import returns
from orders.models import Order, OrderLine, Payment, Refund, Return
from orders.refund_plan import Plan
from orders.returnable import Returnable, items_of, label_of
from orders.tenders import registry as tenders
from orders.tenders.base import Back
from pos.actions.take_back import Wanted, here
from pos.finding import order_row
from pos.models import Register
from pos.return_receipts import document_of, store_copy_of


def order_body(order: Order) -> dict[str, Any]:
    """An order with its lines, the way the return screen shows them."""
    left = {one.line.pk: one for one in returns.returnable(order)}
    lines = list(order.lines.select_related("variant__product").order_by("position"))
    codes: dict[int, list[str]] = {}
    for variant, code in Barcode.objects.filter(variant__in={line.variant_id for line in lines}).values_list(
        "variant", "code"
    ):
        codes.setdefault(variant, []).append(code)
    return {
        **order_row(order),
        "lines": [_line(line, left.get(line.pk), codes.get(line.variant_id, [])) for line in lines],
        "charges_minor": sum(item.units[0].total for item in items_of(order) if not item.is_line),
        "ways": [{"tender": code, "label": label} for code, label in returns.fallbacks().items()],
        "paid": [_paid(row) for row in order.payments.filter(captured_minor__gt=0).order_by("pk")],
        "returns": [_earlier(record) for record in order.returns.select_related("location").order_by("pk")],
    }


def _paid(row: Payment) -> dict[str, Any]:
    back = row.captured_minor - row.refundable_minor
    return {"tender": row.tender, "label": label_of(row), "amount_minor": row.captured_minor, "back_minor": back}


def _earlier(record: Return) -> dict[str, Any]:
    return {
        "number": record.number,
        "at": record.created_at.isoformat(),
        "place": record.location.name,
        "total_minor": record.total_minor,
    }


def _line(line: OrderLine, left: Returnable | None, codes: list[str]) -> dict[str, Any]:
    return {
        "id": line.pk,
        "sku": line.sku,
        "name": line.name,
        "unit": line.unit,
        "scale": line.unit_scale,
        "quantity": line.quantity,
        "left": left.quantity if left else 0,
        "value_minor": left.value_minor if left else 0,
        "why": _why_not(line),
        "needs_serials": bool(left and left.needs_serials),
        "serials": left.serials if left else [],
        "barcodes": codes,
    }


def _why_not(line: OrderLine) -> str:
    """Why some of a line cannot come back (any more); "" when all of it can."""
    waiting = line.quantity - line.fulfilled - line.canceled
    reasons = [
        (line.returned, _("%(units)s came back before")),
        (waiting, _("%(units)s not handed over yet")),
        (line.canceled, _("%(units)s canceled")),
    ]
    return ", ".join(words % {"units": text_of(count, line)} for count, words in reasons if count > 0)


def quote_body(order: Order, wanted: Wanted, register: Register, drawer_currency: str) -> dict[str, Any]:
    """What a return comes to and how its money goes back, as `take_back` would find it now. Raises what it refuses."""
    due = returns.quote(order, wanted.wishes, with_shipping=wanted.with_shipping)
    plan = returns.plan_for(order, due.total_minor, tender=wanted.tender)
    for part in plan.parts:
        here(part, register, order.currency, drawer_currency)
    return {
        "goods_minor": due.goods_minor,
        "charges_minor": due.charges_minor,
        "rounding_minor": due.rounding,
        "tax_minor": due.tax_minor,
        "total_minor": due.total_minor,
        "explanation": plan.explanation,
        "is_elsewhere": plan.is_elsewhere,
        "parts": _parts(order, plan),
    }


def _parts(order: Order, plan: Plan) -> list[dict[str, Any]]:
    paid = {row.pk: row for row in order.payments.all()}
    return [
        {
            "tender": part.tender,
            "label": label_of(paid[part.payment]) if part.tender == paid[part.payment].tender else _label(part.tender),
            "amount_minor": part.amount_minor,
            "by": tenders()[part.tender].back.value,
        }
        for part in plan.parts
    ]


def _label(code: str) -> str:
    return str(tenders()[code].label)


def return_body(record: Return, *, cards: Mapping[int, str]) -> dict[str, Any]:
    """A return that was taken, what became of its money, and its paper. `cards` are numbers of new gift cards by refund
    (see `actions.show_refund_cards`)."""
    refunds = list(record.refunds.select_related("payment").order_by("pk"))
    lines = record.lines.select_related("order_line")
    return {
        "id": str(record.uid),
        "number": record.number,
        "order": record.order.number,
        "currency": record.currency,
        "total_minor": record.total_minor,
        "total": Money(record.total_minor, record.currency).format(),
        "pieces": sum(pieces_in(line.quantity, line.order_line.unit) for line in lines),
        "refunds": [{**_refund(row), "card_number": cards.get(row.pk, "")} for row in refunds],
        "document": document_of(record, cards=cards),
        "store_copy": store_copy_of(record),
    }


def _refund(row: Refund) -> dict[str, Any]:
    tender = tenders()[row.tender]
    return {
        "tender": row.tender,
        "label": refund_label(row),
        "amount_minor": row.amount_minor,
        "state": row.state,
        "by": tender.back.value,
        "is_cash": tender.opens_drawer,
        "arrives": row.state != Refund.State.FAILED and tender.back == Back.NETWORK,
        "failure": row.failure_text,
    }


def refund_label(row: Refund) -> str:
    """Where the money went: the payment in words, or the tender that stood in for it."""
    return label_of(row.payment) if row.tender == row.payment.tender else _label(row.tender)
