"""Balance transactions: every movement of the balance, with the network's fee."""

from . import money
from .errors import Row
from .ids import new_id
from .store import Unit

SETTLING_SECONDS = 2 * 86400


def enter(
    unit: Unit,
    *,
    kind: str,
    amount: int,
    currency: str,
    source: str,
    fee: int = 0,
    category: str | None = None,
    description: str | None = None,
    settling: int = 0,
) -> Row:
    """One movement: ``amount`` signed, ``fee`` what the network keeps of it, available after ``settling`` seconds."""
    details = {"amount": fee, "application": None, "currency": currency, "type": "stripe_fee"}
    details["description"] = "Dispute fee" if category == "dispute" else "Stripe processing fees"
    return unit.add(
        "balance_transaction",
        {
            "id": new_id("balance_transaction"),
            "object": "balance_transaction",
            "amount": amount,
            "available_on": unit.now + settling,
            "balance_type": "payments",
            "created": unit.now,
            "currency": currency,
            "description": description,
            "exchange_rate": None,
            "fee": fee,
            "fee_details": [details] if fee else [],
            "net": amount - fee,
            "reporting_category": category or kind,
            "source": source,
            "status": "pending",
            "type": kind,
            "_payout": None,
        },
    )


def enter_charge(unit: Unit, charge: Row, amount: int) -> Row:
    """The money of a captured charge. Works on an editable charge."""
    present = charge["payment_method_details"]["type"] == "card_present"
    at_once = charge["_available_at_once"]
    entry = enter(
        unit,
        kind="charge",
        amount=amount,
        currency=charge["currency"],
        source=charge["id"],
        fee=money.fee(amount, charge["currency"], present=present),
        description=charge["description"],
        settling=0 if at_once else SETTLING_SECONDS,
    )
    charge["balance_transaction"] = entry["id"]
    return entry


def totals(unit: Unit) -> dict[str, dict[str, int]]:
    """Net sums by state (available, pending) and currency."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for row in unit.rows("balance_transaction"):
        state = "available" if row["available_on"] <= unit.at else "pending"
        sums[state][row["currency"]] = sums[state].get(row["currency"], 0) + row["net"]
    return sums
