"""Payouts: by hand, or every night the whole available balance by itself."""

from . import events, ledger, timers
from .errors import Row
from .ids import new_id
from .store import Unit

ARRIVAL_SECONDS = 86400
DAY_SECONDS = 86400


def send(
    unit: Unit,
    *,
    amount: int,
    currency: str,
    automatic: bool,
    description: str | None = None,
    metadata: Row | None = None,
    descriptor: str | None = None,
    method: str = "standard",
) -> Row:
    """Take ``amount`` off the balance and send it; it arrives a day later (at once when instant)."""
    wait = 0 if method == "instant" else ARRIVAL_SECONDS
    row: Row = {
        "id": new_id("payout"),
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": unit.now + wait,
        "automatic": automatic,
        "balance_transaction": None,
        "created": unit.now,
        "currency": currency,
        "description": description or ("STRIPE PAYOUT" if automatic else None),
        "destination": "ba_counterpart",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": metadata or {},
        "method": method,
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed" if automatic else "not_applicable",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": descriptor,
        "status": "in_transit",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }
    entry = ledger.enter(
        unit, kind="payout", amount=-amount, currency=currency, source=row["id"], description=row["description"]
    )
    entry["_payout"] = row["id"]
    row["balance_transaction"] = entry["id"]
    unit.add("payout", row)
    events.record(unit, "payout.created", row)
    timers.schedule(unit, wait, "payout.arrive", payout=row["id"])
    return row


def send_available(unit: Unit) -> list[Row]:
    """One automatic payout per currency of everything that is available and not yet paid out."""
    ready: dict[str, list[Row]] = {}
    for row in unit.where("balance_transaction", "_payout", None):
        if row["available_on"] <= unit.at:
            ready.setdefault(row["currency"], []).append(row)
    sent = []
    for currency, rows in sorted(ready.items()):
        amount = sum(row["net"] for row in rows)
        if amount > 0:
            payout = send(unit, amount=amount, currency=currency, automatic=True)
            for row in rows:
                unit.edit("balance_transaction", row["id"])["_payout"] = payout["id"]
            sent.append(payout)
    return sent


def send_nightly(unit: Unit) -> None:
    """The nightly payouts; asks to be called again at the next midnight UTC."""
    send_available(unit)
    timers.schedule(unit, DAY_SECONDS - unit.at % DAY_SECONDS, "payout.send_nightly")


def arrive(unit: Unit, payout: str) -> None:
    """The bank has the money."""
    row = unit.edit("payout", payout)
    if row["status"] == "in_transit":
        row.update(status="paid", trace_id={"status": "supported", "value": row["id"][-12:]})
        events.record(unit, "payout.paid", row)


def fail(unit: Unit, payout: str) -> Row:
    """The bank sent the money back; it is on the balance again."""
    row = unit.edit("payout", payout, "payout")
    entry = ledger.enter(
        unit,
        kind="payout_failure",
        amount=row["amount"],
        currency=row["currency"],
        source=row["id"],
        description="PAYOUT FAILURE",
    )
    row.update(
        status="failed",
        failure_balance_transaction=entry["id"],
        failure_code="account_closed",
        failure_message="The bank account has been closed.",
    )
    events.record(unit, "payout.failed", row)
    return row
