"""What the dashboard, the readers' screens and tests want to know at a glance."""

from typing import Any

from . import money
from .errors import Row
from .shapes import public
from .store import Unit

LATEST = 25


def summary(unit: Unit, metadata_key: str | None) -> Row:
    """Count and sums of succeeded charges: ``{count, amount, refunded, by: {value: {…}}}`` in minor units.

    ``amount`` counts what was captured; ``by`` groups by the value of a metadata key (charges without it under "").
    """
    groups: dict[str, dict[str, int]] = {}
    total = {"count": 0, "amount": 0, "refunded": 0}
    for charge in unit.rows("charge"):
        if charge["status"] != "succeeded" or not charge["captured"]:
            continue
        refunds = [one for one in unit.where("refund", "charge", charge["id"]) if one["status"] != "failed"]
        one = {"count": 1, "amount": charge["amount_captured"], "refunded": sum(row["amount"] for row in refunds)}
        value = charge["metadata"].get(metadata_key, "") if metadata_key else ""
        for sums in (total, groups.setdefault(value, dict.fromkeys(total, 0))):
            for name, number in one.items():
                sums[name] += number
    return {**total, "by": groups if metadata_key else {}}


def overview(unit: Unit) -> Row:
    """Everything the dashboard shows: the latest payments, refunds, disputes, deliveries, and all readers."""
    return {
        "now": unit.now,
        "totals": summary(unit, None) | _counts(unit),
        "payments": [_payment(unit, row) for row in _latest(unit, "payment_intent")],
        "refunds": [_refund(row) for row in _latest(unit, "refund")],
        "disputes": [_dispute(row) for row in _latest(unit, "dispute")],
        "payouts": [_payout(row) for row in _latest(unit, "payout")],
        "readers": [reader_screen(unit, row["id"]) for row in _latest(unit, "terminal.reader")],
        "deliveries": [dict(row) for row in _latest(unit, "delivery")],
        "endpoints": [public(unit, row) for row in unit.rows("webhook_endpoint")],
    }


def _counts(unit: Unit) -> dict[str, int]:
    waiting = [unit.where("delivery", "state", state) for state in ("pending", "held")]
    return {
        "refunds": len(unit.rows("refund")),
        "disputes": len(unit.rows("dispute")),
        "waiting": sum(len(rows) for rows in waiting),
    }


def _latest(unit: Unit, kind: str) -> list[Row]:
    return unit.rows(kind)[: -LATEST - 1 : -1]


def _payment(unit: Unit, row: Row) -> Row:
    charge = unit.find("charge", row["latest_charge"]) if row["latest_charge"] else None
    details: dict[str, Any] = charge["payment_method_details"] if charge else {}
    card = details.get(details.get("type", ""), {})
    error = row["last_payment_error"]
    return {
        "id": row["id"],
        "amount": money.words(row["amount"], row["currency"]),
        "status": row["status"],
        "refunded": _gave_back(charge),
        "disputed": bool(charge and charge["disputed"]),
        "card": f"{card['brand']} {card['last4']}" if card else None,
        "channel": "reader" if details.get("type") == "card_present" else "online" if card else None,
        "description": row["description"],
        "metadata": row["metadata"],
        "error": error["message"] if error else None,
        "created": row["created"],
    }


def _gave_back(charge: Row | None) -> str | None:
    if charge is None or not charge["captured"] or not charge["amount_refunded"]:
        return None
    return money.words(charge["amount_refunded"], charge["currency"])


def _refund(row: Row) -> Row:
    return {
        "id": row["id"],
        "amount": money.words(row["amount"], row["currency"]),
        "status": row["status"],
        "payment": row["payment_intent"],
        "reason": row.get("failure_reason") or row["reason"],
        "created": row["created"],
    }


def _dispute(row: Row) -> Row:
    return {
        "id": row["id"],
        "amount": money.words(row["amount"], row["currency"]),
        "status": row["status"],
        "payment": row["payment_intent"],
        "reason": row["reason"],
        "created": row["created"],
    }


def _payout(row: Row) -> Row:
    return {
        "id": row["id"],
        "amount": money.words(row["amount"], row["currency"]),
        "status": row["status"],
        "created": row["created"],
    }


def reader_screen(unit: Unit, identifier: str) -> Row:
    """What a reader's screen shows: its phase, the amount it asks for or the cart, and how the last card went."""
    row = unit.get("terminal.reader", identifier)
    screen: Row = {
        "id": row["id"],
        "label": row["label"],
        "status": row["status"],
        "serial": row["serial_number"],
        "phase": row["_phase"] if row["action"] else "idle",
        "script": row["_script"],
        "amount": None,
        "message": None,
        "outcome": None,
        "cancelable": False,
        "lines": [],
    }
    action = row["action"]
    if action and action["type"] == "process_payment_intent":
        payment = unit.get("payment_intent", action["process_payment_intent"]["payment_intent"])
        screen["amount"] = money.words(payment["amount"], payment["currency"])
        screen["cancelable"] = action["process_payment_intent"]["process_config"].get(
            "enable_customer_cancellation", False
        )
        screen["outcome"] = action["status"]
        screen["message"] = action["failure_message"]
    elif action:
        cart = action["set_reader_display"]["cart"]
        screen["amount"] = money.words(cart["total"], cart["currency"])
        screen["lines"] = [
            {
                "description": line["description"],
                "quantity": line["quantity"],
                "amount": money.words(abs(line["amount"]), cart["currency"]),
                "negative": line["amount"] < 0,
            }
            for line in cart["line_items"]
        ]
    return screen
