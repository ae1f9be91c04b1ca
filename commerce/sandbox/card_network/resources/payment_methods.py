"""/v1/payment_methods: cards, kept or used once."""

from .. import events, listing
from ..call import Call, Route
from ..errors import ApiError, ParamError, Row
from ..methods import billing_from, from_card, resolve
from ..params import ADDRESS, PAGING, Choice, Field, Group, Integer, Metadata, Text, merged_metadata
from ..shapes import public

CARD = Group(
    fields={
        "number": Text(required=True, longest=30),
        "exp_month": Integer(required=True, most=99),
        "exp_year": Integer(required=True, most=9999),
        "cvc": Text(longest=10),
    }
)
BILLING = Group(
    fields={
        "address": Group(fields=ADDRESS, clearable=True),
        "email": Text(clearable=True, longest=512),
        "name": Text(clearable=True, longest=256),
        "phone": Text(clearable=True, longest=64),
    }
)
CREATE: dict[str, Field] = {
    "type": Choice(words=("card",), required=True),
    "card": CARD,
    "billing_details": BILLING,
    "metadata": Metadata(),
    "allow_redisplay": Choice(words=("always", "limited", "unspecified")),
}


def create(call: Call) -> Row:
    """A payment method for a typed card."""
    if "card" not in call.params:
        raise ParamError("Missing required param: card.", code="parameter_missing", param="card")
    billing = billing_from(call.params.get("billing_details", {}))
    row = from_card(call.unit, call.params["card"], billing)
    row["metadata"] = merged_metadata({}, call.params.get("metadata", {}))
    row["allow_redisplay"] = call.params.get("allow_redisplay", "unspecified")
    return public(call.unit, row)


def retrieve(call: Call) -> Row:
    """One payment method."""
    return public(call.unit, call.unit.get("payment_method", call.path["id"], "payment_method"))


def update(call: Call) -> Row:
    """Change the billing details or metadata of a kept card."""
    row = call.unit.edit("payment_method", call.path["id"], "payment_method")
    if "billing_details" in call.params:
        row["billing_details"] = billing_from(call.params["billing_details"], row["billing_details"])
    if "metadata" in call.params:
        row["metadata"] = merged_metadata(row["metadata"], call.params["metadata"])
    events.record(call.unit, "payment_method.updated", row)
    return public(call.unit, row)


def attach(call: Call) -> Row:
    """Keep the card for a customer."""
    customer = call.unit.get("customer", call.params["customer"], "customer")
    found = resolve(call.unit, call.path["id"])
    if found["customer"]:
        raise ApiError("The payment method you provided has already been attached to a customer.")
    if found["_spent"]:
        raise ApiError(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again."
        )
    row = call.unit.edit("payment_method", found["id"])
    row["customer"] = customer["id"]
    events.record(call.unit, "payment_method.attached", row)
    return public(call.unit, row)


def detach(call: Call) -> Row:
    """Forget the card for its customer; it cannot be used again."""
    row = call.unit.edit("payment_method", call.path["id"], "payment_method")
    if not row["customer"]:
        raise ApiError(
            "The payment method you provided is not attached to a customer so detachment is impossible.",
            param="payment_method",
        )
    previous = {"customer": row["customer"]}
    row.update(customer=None, _spent=True)
    events.record(call.unit, "payment_method.detached", row, previous=previous)
    return public(call.unit, row)


def list_methods(call: Call) -> Row:
    """The cards of one customer."""
    customer = call.params.get("customer")
    rows = call.unit.where("payment_method", "customer", customer) if customer else []
    return listing.page(call, rows, "/v1/payment_methods")


ROUTES = [
    Route("POST", "/v1/payment_methods", create, CREATE, browser=True),
    Route(
        "GET",
        "/v1/payment_methods",
        list_methods,
        {**PAGING, "customer": Text(), "type": Choice(words=("card", "card_present"))},
    ),
    Route("GET", "/v1/payment_methods/{id}", retrieve),
    Route("POST", "/v1/payment_methods/{id}", update, {"billing_details": BILLING, "metadata": Metadata()}),
    Route("POST", "/v1/payment_methods/{id}/attach", attach, {"customer": Text(required=True)}),
    Route("POST", "/v1/payment_methods/{id}/detach", detach),
]
