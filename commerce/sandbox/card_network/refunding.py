"""Refunds: money on its way back, which may still fail days later."""

from . import events, ledger, money, timers
from .errors import ApiError, Row
from .ids import new_id
from .store import Unit

LATER_SECONDS = 0.5
FAILURES = ("lost_or_stolen_card", "expired_or_canceled_card", "declined", "insufficient_funds", "unknown")


def refundable(unit: Unit, charge: Row) -> int:
    """What can still be given back of a charge."""
    return int(charge["amount"] - charge.get("_held", 0) - charge["amount_refunded"]) if charge["captured"] else 0


def refund(unit: Unit, charge_id: str, *, amount: int | None, reason: str | None, metadata: Row) -> Row:
    """Give back ``amount`` of a charge, or all that is left. Raises ApiError in the real API's words."""
    charge = unit.edit("charge", charge_id, "charge")
    amount = _checked(unit, charge, amount)
    plan, failure = _plan(unit, charge)
    row: Row = {
        "id": new_id("refund"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": unit.now,
        "currency": charge["currency"],
        "destination_details": {
            "card": {"reference": None, "reference_status": "pending", "reference_type": None, "type": "refund"},
            "type": "card",
        },
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "pending" if plan == "pending" else "succeeded",
        "transfer_reversal": None,
    }
    entry = _enter(unit, row, "refund", -amount)
    row["balance_transaction"] = entry["id"]
    unit.add("refund", row)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    events.record(unit, "refund.created", row)
    events.record(unit, "charge.refunded", charge)
    if plan == "pending":
        timers.schedule(unit, LATER_SECONDS, "refund.arrive", refund=row["id"])
    if plan == "failed":
        timers.schedule(unit, LATER_SECONDS, "refund.fail", refund=row["id"], reason=failure)
    return row


def _checked(unit: Unit, charge: Row, amount: int | None) -> int:
    if charge["status"] == "failed" or not charge["captured"]:
        raise ApiError(f"Charge {charge['id']} has not been captured; there is nothing to refund.", param="charge")
    lost = [one for one in unit.where("dispute", "charge", charge["id"]) if not one["is_charge_refundable"]]
    if lost:
        raise ApiError(f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed")
    left = refundable(unit, charge)
    if left == 0:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    wanted = left if amount is None else amount
    if wanted > left:
        whole = "charge amount" if left == charge["amount"] else "unrefunded amount on charge"
        raise ApiError(
            f"Refund amount ({money.words(wanted, charge['currency'])}) is greater than {whole} "
            f"({money.words(left, charge['currency'])})",
            param="amount",
        )
    return wanted


def _plan(unit: Unit, charge: Row) -> tuple[str, str]:
    """How this refund will go: by the card, unless the control API scripted the next ones."""
    script = unit.find("setting", "refunds")
    if script and script["fail_next"] > 0:
        unit.edit("setting", "refunds")["fail_next"] -= 1
        return "failed", script["reason"]
    return charge["_refund"], "expired_or_canceled_card"


def _enter(unit: Unit, row: Row, kind: str, amount: int) -> Row:
    return ledger.enter(
        unit,
        kind=kind,
        amount=amount,
        currency=row["currency"],
        source=row["id"],
        description="REFUND FOR CHARGE" if amount < 0 else "REFUND FAILURE",
    )


def arrive(unit: Unit, refund: str) -> None:
    """A pending refund succeeds."""
    row = unit.edit("refund", refund)
    if row["status"] == "pending":
        row["status"] = "succeeded"
        _tell(unit, row, {"status": "pending"})


def fail(unit: Unit, refund: str, reason: str) -> Row:
    """A refund comes back days later: the money is on the balance again and owed to the customer again."""
    row = unit.edit("refund", refund, "refund")
    if row["status"] in ("failed", "canceled"):
        raise ApiError(f"The refund {row['id']} has already {row['status']}.")
    previous = {"status": row["status"]}
    entry = _enter(unit, row, "refund_failure", row["amount"])
    row.update(status="failed", failure_reason=reason, failure_balance_transaction=entry["id"])
    charge = unit.edit("charge", row["charge"])
    charge["amount_refunded"] -= row["amount"]
    charge["refunded"] = False
    events.record(unit, "refund.failed", row)
    _tell(unit, row, previous)
    return row


def _tell(unit: Unit, row: Row, previous: Row) -> None:
    events.record(unit, "refund.updated", row, previous=previous)
    events.record(unit, "charge.refund.updated", row, previous=previous)
