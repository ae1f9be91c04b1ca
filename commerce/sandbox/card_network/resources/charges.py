"""/v1/charges: what became of each attempt to move money."""

from .. import events, listing
from ..call import Call, Route
from ..errors import Row
from ..params import LISTING, PAGING, Field, Metadata, Text, merged_metadata
from ..shapes import public

UPDATE: dict[str, Field] = {
    "description": Text(clearable=True),
    "metadata": Metadata(),
    "receipt_email": Text(clearable=True, longest=512),
}


def retrieve(call: Call) -> Row:
    """One charge."""
    return public(call.unit, call.unit.get("charge", call.path["id"], "charge"))


def update(call: Call) -> Row:
    """Change what is written on a charge."""
    row = call.unit.edit("charge", call.path["id"], "charge")
    for name in ("description", "receipt_email"):
        if name in call.params:
            row[name] = call.params[name]
    if "metadata" in call.params:
        row["metadata"] = merged_metadata(row["metadata"], call.params["metadata"])
    events.record(call.unit, "charge.updated", row)
    return public(call.unit, row)


def list_charges(call: Call) -> Row:
    """Charges, newest first, of an intent or a customer when one is named."""
    intent, customer = call.params.get("payment_intent"), call.params.get("customer")
    rows = call.unit.where("charge", "payment_intent", intent) if intent else call.unit.rows("charge")
    return listing.page(call, [row for row in rows if not customer or row["customer"] == customer], "/v1/charges")


def search_charges(call: Call) -> Row:
    """Charges that match a query."""
    return listing.search(call, call.unit.rows("charge"), "/v1/charges/search")


def list_refunds(call: Call) -> Row:
    """The refunds of one charge."""
    charge = call.unit.get("charge", call.path["id"], "charge")
    rows = call.unit.where("refund", "charge", charge["id"])
    return listing.page(call, rows, f"/v1/charges/{charge['id']}/refunds")


ROUTES = [
    Route("GET", "/v1/charges", list_charges, {**LISTING, "payment_intent": Text(), "customer": Text()}),
    Route("GET", "/v1/charges/search", search_charges, listing.SEARCH),
    Route("GET", "/v1/charges/{id}", retrieve),
    Route("POST", "/v1/charges/{id}", update, UPDATE),
    Route("GET", "/v1/charges/{id}/refunds", list_refunds, PAGING),
]
