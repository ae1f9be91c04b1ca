"""Returns, allowances and refunds as the API shows them."""

from typing import Any

from commerce.catalog.units import in_units, named
from orders.models import Allowance, Cancellation, Order, Refund, Return, ReturnLine


def money(minor: int, currency: str) -> dict[str, Any]:
    """Money in JSON: minor units and the currency."""
    return {"amount": minor, "currency": currency}


def was_touched(order: Order) -> bool:
    """Whether anything of an order came back, or any money of it went: only then is there more to read."""
    return bool(order.refunds.all()) or any(line.returned for line in order.lines.all())


def given_back(order: Order) -> dict[str, Any]:
    """What an order's body says of what came back: `returns`, `allowances`, `cancellation`, `refunds`. See
    `queries.load_body`."""
    touched = was_touched(order)
    return {
        "returns": [return_body(record) for record in order.returns.all()] if touched else [],
        "allowances": [allowance_body(row) for row in order.allowances.all()] if touched else [],
        "cancellation": cancellation_body(order.cancellation) if order.canceled_minor else None,
        "refunds": [refund_body(refund) for refund in order.refunds.all()],
    }


def return_body(record: Return) -> dict[str, Any]:
    """A return with its lines."""
    return {
        "id": str(record.uid),
        "number": record.number,
        "location": record.location.code,
        "channel": record.channel,
        "lines": [_line(line) for line in record.lines.all()],
        "goods": money(record.goods_minor, record.currency),
        "shipping_and_fees": money(record.shipping_minor, record.currency),
        "rounding": money(record.rounding_minor, record.currency),
        "tax": money(record.tax_minor, record.currency),
        "taxes": record.taxes,
        "total": money(record.total_minor, record.currency),
        "note": record.note,
        "at": record.created_at.isoformat(),
        "business_date": record.business_date.isoformat(),
    }


def _line(row: ReturnLine) -> dict[str, Any]:
    line = row.order_line
    return {
        "line": str(line.uid),
        "sku": line.sku,
        "quantity": in_units(row.quantity, line.unit_scale),
        **named(line.unit),
        "reason": row.reason,
        "disposition": row.disposition,
        "serials": row.serials,
        "tax": money(row.tax_minor, row.return_record.currency),
        "total": money(row.total_minor, row.return_record.currency),
    }


def allowance_body(row: Allowance) -> dict[str, Any]:
    """Money that went back although nothing came back."""
    return {
        "id": str(row.uid),
        "reason": row.reason,
        "tax": money(row.tax_minor, row.currency),
        "total": money(row.total_minor, row.currency),
        "at": row.created_at.isoformat(),
    }


def cancellation_body(row: Cancellation) -> dict[str, Any]:
    """What was taken off because it had not left; `to_give_back` of it had been paid."""
    return {
        "id": str(row.uid),
        "reason": row.reason,
        "tax": money(row.tax_minor, row.currency),
        "total": money(row.total_minor, row.currency),
        "to_give_back": money(row.refund_minor, row.currency),
        "at": row.created_at.isoformat(),
    }


def refund_body(refund: Refund) -> dict[str, Any]:
    """Money on its way back, or there; `state` pending, sent, succeeded or failed."""
    return {
        "id": str(refund.uid),
        "return": str(refund.return_record.uid) if refund.return_record else None,
        "payment": str(refund.payment.uid),
        "tender": refund.tender,
        "state": refund.state,
        "amount": money(refund.amount_minor, refund.currency),
        "reason": refund.reason,
        "failure": refund.failure_text or None,
        "at": refund.created_at.isoformat(),
    }
