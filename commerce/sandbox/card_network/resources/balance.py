"""/v1/balance and /v1/balance_transactions."""

from .. import ledger, listing
from ..call import Call, Route
from ..errors import Row
from ..params import LISTING, Field, Text
from ..shapes import public

FILTERS: dict[str, Field] = {"currency": Text(), "payout": Text(), "source": Text(), "type": Text()}


def retrieve_balance(call: Call) -> Row:
    """What is available and what is pending, by currency."""
    sums = ledger.totals(call.unit)
    currencies = sorted({*sums["available"], *sums["pending"], "usd"})

    def shown(state: str) -> list[Row]:
        rows = [(code, sums[state].get(code, 0)) for code in currencies]
        return [{"amount": net, "currency": code, "source_types": {"card": net}} for code, net in rows]

    return {"object": "balance", "available": shown("available"), "livemode": False, "pending": shown("pending")}


def retrieve(call: Call) -> Row:
    """One movement of the balance."""
    return public(call.unit, call.unit.get("balance_transaction", call.path["id"]))


def list_entries(call: Call) -> Row:
    """Movements, newest first, by payout, source, type or currency."""
    params = call.params
    if payout := params.get("payout"):
        rows = call.unit.where("balance_transaction", "_payout", payout)
    elif source := params.get("source"):
        rows = call.unit.where("balance_transaction", "source", source)
    else:
        rows = call.unit.rows("balance_transaction")
    wanted = {name: params[name] for name in ("currency", "type", "source") if name in params}
    rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return listing.page(call, rows, "/v1/balance_transactions")


ROUTES = [
    Route("GET", "/v1/balance", retrieve_balance),
    Route("GET", "/v1/balance_transactions", list_entries, {**LISTING, **FILTERS}),
    Route("GET", "/v1/balance_transactions/{id}", retrieve),
]
