"""Disputes: a cardholder contests a charge; a formal dispute moves the money at once, an inquiry moves none."""

from . import events, ledger, money
from .errors import ApiError, Row
from .ids import new_id
from .store import Unit

EVIDENCE = [
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
]
DUE_SECONDS = 9 * 86400
REASONS = [
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
]
CLOSED = ("won", "lost", "warning_closed")


def open_dispute(
    unit: Unit, charge: str, reason: str = "fraudulent", amount: int | None = None, inquiry: bool = False
) -> Row:
    """Contest a charge. ``reason`` "inquiry" is a fraud inquiry, which moves no money. Raises ApiError."""
    inquiry = inquiry or reason == "inquiry"
    contested = unit.edit("charge", charge, "charge")
    if unit.where("dispute", "charge", charge):
        raise ApiError(f"Charge {charge} has already been disputed.")
    if not contested["captured"]:
        raise ApiError(f"Charge {charge} has not been captured and cannot be disputed.")
    row: Row = {
        "id": new_id("dispute"),
        "object": "dispute",
        "amount": min(amount or contested["amount_captured"], contested["amount_captured"]),
        "balance_transactions": [],
        "charge": charge,
        "created": unit.now,
        "currency": contested["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": unit.now + DUE_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "payment_intent": contested["payment_intent"],
        "payment_method_details": _card_details(contested, inquiry),
        "reason": "fraudulent" if reason == "inquiry" else reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }
    unit.add("dispute", row)
    contested["disputed"] = True
    if not inquiry:
        _move_money(unit, row, -row["amount"], money.DISPUTE_FEE)
    events.record(unit, "charge.dispute.created", row)
    if not inquiry:
        events.record(unit, "charge.dispute.funds_withdrawn", row)
    return row


def _card_details(charge: Row, inquiry: bool) -> Row:
    details = charge["payment_method_details"]
    brand = details[details["type"]]["brand"]
    case = "inquiry" if inquiry else "chargeback"
    return {"card": {"brand": brand, "case_type": case, "network_reason_code": "10.4"}, "type": "card"}


def _move_money(unit: Unit, row: Row, amount: int, fee: int) -> None:
    entry = ledger.enter(
        unit,
        kind="adjustment",
        amount=amount,
        currency=row["currency"],
        source=row["id"],
        fee=fee,
        category="dispute" if amount < 0 else "dispute_reversal",
        description=f"Chargeback {'withdrawal' if amount < 0 else 'reversal'} for {row['charge']}",
    )
    row["balance_transactions"] = [*row["balance_transactions"], {**entry, "status": "available"}]


def submit(unit: Unit, row: Row) -> None:
    """Evidence goes to the bank. The texts ``winning_evidence`` and ``losing_evidence`` decide the case at once."""
    row["evidence_details"]["submission_count"] += 1
    previous = {"status": row["status"]}
    row["status"] = "warning_under_review" if row["status"].startswith("warning") else "under_review"
    events.record(unit, "charge.dispute.updated", row, previous=previous)
    verdict = {"winning_evidence": True, "losing_evidence": False}.get(row["evidence"]["uncategorized_text"] or "")
    if verdict is not None:
        close(unit, row, won=verdict)


def close(unit: Unit, row: Row, *, won: bool) -> None:
    """The bank has decided, or the merchant has given in. Raises ApiError when it is closed already."""
    if row["status"] in CLOSED:
        raise ApiError(f"This dispute is already closed ({row['status']}).")
    if row["status"].startswith("warning"):
        row["status"] = "warning_closed"
    else:
        row["status"] = "won" if won else "lost"
        if won:
            _move_money(unit, row, row["amount"], -money.DISPUTE_FEE)
    events.record(unit, "charge.dispute.closed", row)
    if row["status"] == "won":
        events.record(unit, "charge.dispute.funds_reinstated", row)


def escalate(unit: Unit, row: Row) -> None:
    """An inquiry becomes a formal dispute: now the money goes."""
    if not row["status"].startswith("warning") or row["status"] in CLOSED:
        raise ApiError(f"Only an open inquiry can become a dispute, and this one is {row['status']}.")
    row.update(status="needs_response", is_charge_refundable=False)
    _move_money(unit, row, -row["amount"], money.DISPUTE_FEE)
    events.record(unit, "charge.dispute.updated", row, previous={"status": "warning_needs_response"})
    events.record(unit, "charge.dispute.funds_withdrawn", row)
