"""Payments that are older than this network: a shop that was set up with a past tells of them in a file, a line of JSON
each, so that money can go back to their cards.

{id, charge, amount, refunded, currency, created, brand, last4, dispute}: the payment intent, minor units, seconds, and
the reason for which its cardholder is going to contest it, or "". Their money was paid out long ago: it is on no
balance, and nobody is told of them.
"""

import json
from pathlib import Path

from . import charging, timers
from .cards import BY_NAME
from .errors import Row
from .methods import from_name
from .resources.intent_building import blank
from .store import Unit

DISPUTE_AFTER_SECONDS = 20  # whoever is told has started by then


def load(unit: Unit, path: Path) -> int:
    """Take in the payments of the file that are not known yet; how many. Raises OSError, ValueError, KeyError."""
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    new = [row for row in told if unit.find("payment_intent", row["id"]) is None]
    methods: dict[str, Row] = {}
    for row in new:
        name = f"pm_card_{row['brand']}"
        brand = name if name in BY_NAME else "pm_card_visa"
        if brand not in methods:
            methods[brand] = from_name(unit, brand)
        _add(unit, row, methods[brand])
    return len(new)


def _add(unit: Unit, row: Row, method: Row) -> None:
    intent = blank(unit, {"amount": row["amount"]})
    intent.update(
        id=row["id"],
        client_secret=f"{row['id']}_secret_of_the_past",
        created=row["created"],
        currency=row["currency"].lower(),
        status="succeeded",
        capture_method="automatic",
        amount_received=row["amount"],
        payment_method=method["id"],
        latest_charge=row["charge"],
    )
    unit.add("payment_intent", intent)
    charge = charging.past(unit, intent, method, row["charge"], refunded=row["refunded"])
    if row["last4"]:
        charge["payment_method_details"]["card"]["last4"] = row["last4"]
    if row["dispute"]:
        timers.schedule(unit, DISPUTE_AFTER_SECONDS, "dispute.open", charge=charge["id"], reason=row["dispute"])
