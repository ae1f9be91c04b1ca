"""Orders and carts as the API shows them: one shape for every endpoint."""

from collections.abc import Iterable
from typing import Any

from commerce.catalog.units import in_units, named
from orders import bills, gift_card_words
from orders.models import Fulfillment, Order, OrderLine, Payment
from orders.return_presentation import given_back, money

__all__ = ["discount_bodies", "money", "order_body"]


def order_body(order: Order) -> dict[str, Any]:
    """An order with its lines, payments and fulfillments, which should be prefetched: see `queries.load_body`."""
    currency = order.currency
    lines = list(order.lines.all())
    by_key = {line.pk: line for line in lines}
    return {
        "id": str(order.uid),
        "number": order.number,
        "channel": order.channel,
        "state": order.state,
        "payment_status": order.payment_status,
        "fulfillment_status": order.fulfillment_status,
        "email": order.email,
        "location": order.location.code if order.location else None,
        "shipping_address": order.shipping_address,
        "lines": [_line(line, currency) for line in lines],
        "subtotal": money(order.subtotal_minor, currency),
        "discount": money(order.discount_minor, currency),
        "shipping": money(order.shipping_minor, currency),
        "fees": money(order.fee_minor, currency),
        "discounts": discount_bodies(order.discounts, currency),
        "coupons": list(order.coupons),
        "tax": money(order.tax_minor, currency),
        "taxes": order.taxes,
        "prices_include_tax": order.prices_include_tax,
        "tax_certificate": order.tax_certificate or None,
        "rounding": money(order.rounding_minor, currency),
        "total": money(order.total_minor, currency),
        "canceled": money(order.canceled_minor, currency),
        "payments": [_payment(payment) for payment in order.payments.all()],
        "fulfillments": [_fulfillment(fulfillment, by_key) for fulfillment in order.fulfillments.all()],
        **given_back(order),
        "placed_at": order.placed_at.isoformat() if order.placed_at else None,
        "business_date": order.business_date.isoformat() if order.business_date else None,
    }


def discount_bodies(adjustments: Iterable[dict[str, Any]], currency: str) -> list[dict[str, Any]]:
    """What was taken off and why. `scope` "order": the line's share of what reduced the whole order."""
    return [
        {
            **{name: row[name] for name in ("id", "label", "source", "scope")},
            "coupon": row["reason"] if row["source"] == "coupon" else None,
            "amount": money(row["amount"], currency),
        }
        for row in adjustments
        if row["amount"]
    ]


def _line(line: OrderLine, currency: str) -> dict[str, Any]:
    return {
        "id": str(line.uid),
        "sku": line.sku,
        "name": line.name,
        "quantity": in_units(line.quantity, line.unit_scale),
        **named(line.unit),
        "fulfilled": in_units(line.fulfilled, line.unit_scale),
        "canceled": in_units(line.canceled, line.unit_scale),
        "returned": in_units(line.returned, line.unit_scale),
        "serials": line.serials,
        "gift_card": _gift_card(line),
        "unit_price": money(line.unit_minor, currency),
        "discount": money(line.discount_minor, currency),
        "discounts": discount_bodies(bills.discounts_of(line), currency),
        "tax": money(line.tax_minor, currency),
        "total": money(line.total_minor, currency),
    }


def _gift_card(line: OrderLine) -> dict[str, Any] | None:
    """Which gift card a line is and where it was mailed to, never its number; None for goods, without a statement."""
    if line.gift_card is None:
        return None
    delivery = gift_card_words.delivery_of(line)
    return {
        "id": str(line.gift_card.uid),
        "last4": line.gift_card.last_four,
        "recipient": {"name": delivery.to_name, "email": delivery.to_email} if delivery else None,
        "send_on": delivery.send_on.isoformat() if delivery and delivery.send_on else None,
        "sent_at": delivery.sent_at.isoformat() if delivery and delivery.sent_at else None,
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "id": str(payment.uid),
        "tender": payment.tender,
        "state": payment.state,
        "amount": money(payment.amount_minor, payment.currency),
        "authorized": money(payment.authorized_minor, payment.currency),
        "captured": money(payment.captured_minor, payment.currency),
        "refunded": money(payment.refunded_minor, payment.currency),
        "card": {name: payment.details[name] for name in ("brand", "last4") if name in payment.details} or None,
    }


def _fulfillment(fulfillment: Fulfillment, order_lines: dict[int, OrderLine]) -> dict[str, Any]:
    return {
        "id": str(fulfillment.uid),
        "type": fulfillment.type,
        "state": fulfillment.state,
        "location": fulfillment.location.code,
        "carrier": fulfillment.carrier,
        "tracking": fulfillment.tracking,
        "lines": [_part(line.quantity, order_lines[line.order_line_id]) for line in fulfillment.lines.all()],
    }


def _part(quantity: int, line: OrderLine) -> dict[str, Any]:
    return {"sku": line.sku, "quantity": in_units(quantity, line.unit_scale)}
