"""/v1/payouts: the balance on its way to the bank."""

from .. import ledger, listing, money, payouts
from ..call import Call, Route
from ..errors import ApiError, Row
from ..params import LISTING, Choice, Field, Integer, Metadata, Text, merged_metadata
from ..shapes import public

CREATE: dict[str, Field] = {
    "amount": Integer(least=1, required=True),
    "currency": Text(required=True),
    "description": Text(clearable=True),
    "metadata": Metadata(),
    "method": Choice(words=("standard", "instant")),
    "statement_descriptor": Text(longest=22),
}


def create(call: Call) -> Row:
    """Send an amount of the available balance to the bank."""
    params = call.params
    currency = money.currency(params["currency"])
    if params["amount"] > ledger.totals(call.unit)["available"].get(currency, 0):
        raise ApiError(
            "You have insufficient funds in your account for this transfer. Your card balance is too low. You can use "
            "the /v1/balance endpoint to view your balance.",
            code="balance_insufficient",
            param="amount",
        )
    row = payouts.send(
        call.unit,
        amount=params["amount"],
        currency=currency,
        automatic=False,
        description=params.get("description"),
        metadata=merged_metadata({}, params.get("metadata", {})),
        descriptor=params.get("statement_descriptor"),
        method=params.get("method", "standard"),
    )
    return public(call.unit, row)


def retrieve(call: Call) -> Row:
    """One payout."""
    return public(call.unit, call.unit.get("payout", call.path["id"], "payout"))


def list_payouts(call: Call) -> Row:
    """Payouts, newest first."""
    status = call.params.get("status")
    rows = [row for row in call.unit.rows("payout") if not status or row["status"] == status]
    span = call.params.get("arrival_date")
    return listing.page(
        call, [row for row in rows if not span or listing.within(row["arrival_date"], span)], "/v1/payouts"
    )


STATES = ("pending", "paid", "failed", "canceled", "in_transit")
ROUTES = [
    Route("POST", "/v1/payouts", create, CREATE),
    Route(
        "GET",
        "/v1/payouts",
        list_payouts,
        {**LISTING, "status": Choice(words=STATES), "arrival_date": LISTING["created"]},
    ),
    Route("GET", "/v1/payouts/{id}", retrieve),
]
