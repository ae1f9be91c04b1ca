"""/v1/customers."""

from .. import events, listing
from ..call import Call, Route
from ..errors import Missing, Row
from ..ids import new_id, token
from ..methods import EMPTY_ADDRESS
from ..params import ADDRESS, LISTING, PAGING, Field, Group, Items, Metadata, Text, merged_metadata
from ..shapes import public

SHIPPING = Group(
    clearable=True,
    fields={
        "address": Group(required=True, fields=ADDRESS),
        "carrier": Text(clearable=True),
        "name": Text(required=True),
        "phone": Text(clearable=True),
        "tracking_number": Text(clearable=True),
    },
)
DELIVERY = Group(
    clearable=True,
    fields={
        "address": Group(required=True, fields=ADDRESS),
        "name": Text(required=True),
        "phone": Text(clearable=True),
    },
)
FIELDS: dict[str, Field] = {
    "address": Group(fields=ADDRESS, clearable=True),
    "description": Text(clearable=True),
    "email": Text(clearable=True, longest=512),
    "invoice_settings": Group(fields={"default_payment_method": Text(clearable=True)}),
    "metadata": Metadata(),
    "name": Text(clearable=True, longest=256),
    "phone": Text(clearable=True, longest=64),
    "preferred_locales": Items(of=Text()),
    "shipping": DELIVERY,
}


def create(call: Call) -> Row:
    """A new customer."""
    row: Row = {
        "id": new_id("customer"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": call.unit.now,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": None,
        "invoice_prefix": token(8).upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {},
        "name": None,
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }
    _apply(row, call.params)
    call.unit.add("customer", row)
    events.record(call.unit, "customer.created", row)
    return public(call.unit, row)


def retrieve(call: Call) -> Row:
    """One customer, or what is left of a deleted one."""
    return public(call.unit, call.unit.get("customer", call.path["id"]))


def update(call: Call) -> Row:
    """Change a customer."""
    row = call.unit.edit("customer", _alive(call)["id"])
    _apply(row, call.params)
    events.record(call.unit, "customer.updated", row)
    return public(call.unit, row)


def delete(call: Call) -> Row:
    """Delete a customer; the cards are detached, the payments stay."""
    row = _alive(call)
    for method in call.unit.where("payment_method", "customer", row["id"]):
        call.unit.edit("payment_method", method["id"])["customer"] = None
    events.record(call.unit, "customer.deleted", row)
    gone: Row = {"id": row["id"], "object": "customer", "deleted": True}
    call.unit.add("customer", gone | {"created": row["created"]})
    return gone


def list_customers(call: Call) -> Row:
    """Customers, newest first."""
    rows = [row for row in call.unit.rows("customer") if not row.get("deleted")]
    if email := call.params.get("email"):
        rows = [row for row in rows if row["email"] == email]
    return listing.page(call, rows, "/v1/customers")


def search_customers(call: Call) -> Row:
    """Customers that match a query."""
    rows = [row for row in call.unit.rows("customer") if not row.get("deleted")]
    return listing.search(call, rows, "/v1/customers/search")


def list_methods(call: Call) -> Row:
    """The cards kept for a customer."""
    rows = call.unit.where("payment_method", "customer", _alive(call)["id"])
    return listing.page(call, rows, f"/v1/customers/{call.path['id']}/payment_methods")


def _alive(call: Call) -> Row:
    row = call.unit.get("customer", call.path["id"])
    if row.get("deleted"):
        raise Missing("customer", row["id"])
    return row


def _apply(row: Row, params: Row) -> None:
    for name in ("description", "email", "name", "phone", "preferred_locales", "shipping"):
        if name in params:
            row[name] = params[name]
    if "address" in params:
        row["address"] = EMPTY_ADDRESS | params["address"] if params["address"] else None
    if "metadata" in params:
        row["metadata"] = merged_metadata(row["metadata"], params["metadata"])
    row["invoice_settings"] = row["invoice_settings"] | params.get("invoice_settings", {})


ROUTES = [
    Route("POST", "/v1/customers", create, FIELDS),
    Route("GET", "/v1/customers", list_customers, {**LISTING, "email": Text()}),
    Route("GET", "/v1/customers/search", search_customers, listing.SEARCH),
    Route("GET", "/v1/customers/{id}", retrieve),
    Route("POST", "/v1/customers/{id}", update, FIELDS),
    Route("DELETE", "/v1/customers/{id}", delete),
    Route("GET", "/v1/customers/{id}/payment_methods", list_methods, {**PAGING, "type": Text()}),
]
