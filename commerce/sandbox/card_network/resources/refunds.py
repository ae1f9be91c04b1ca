"""/v1/refunds."""

from .. import listing, refunding
from ..call import Call, Route
from ..errors import ApiError, ParamError, Row
from ..params import LISTING, Choice, Field, Integer, Metadata, Text, merged_metadata
from ..shapes import public

CREATE: dict[str, Field] = {
    "amount": Integer(least=1),
    "charge": Text(),
    "metadata": Metadata(),
    "payment_intent": Text(),
    "reason": Choice(words=("duplicate", "fraudulent", "requested_by_customer")),
}


def create(call: Call) -> Row:
    """Give money back for a charge or for an intent's successful charge."""
    params = call.params
    if not params.get("charge") and not params.get("payment_intent"):
        raise ParamError(
            "One of the following params should be provided for this request: payment_intent or charge.",
            code="parameter_missing",
        )
    charge = params.get("charge") or _charge_of(call, params["payment_intent"])
    row = refunding.refund(
        call.unit,
        charge,
        amount=params.get("amount"),
        reason=params.get("reason"),
        metadata=merged_metadata({}, params.get("metadata", {})),
    )
    return public(call.unit, row)


def _charge_of(call: Call, identifier: str) -> str:
    intent = call.unit.get("payment_intent", identifier, "payment_intent")
    if intent["status"] != "succeeded" and not intent["amount_received"]:
        raise ApiError(
            f"This PaymentIntent ({identifier}) does not have a successful charge to refund.",
            code="payment_intent_unexpected_state" if intent["status"] == "requires_capture" else None,
            param="payment_intent",
        )
    return str(intent["latest_charge"])


def retrieve(call: Call) -> Row:
    """One refund."""
    return public(call.unit, call.unit.get("refund", call.path["id"], "refund"))


def update(call: Call) -> Row:
    """Change a refund's metadata."""
    row = call.unit.edit("refund", call.path["id"], "refund")
    row["metadata"] = merged_metadata(row["metadata"], call.params.get("metadata", {}))
    return public(call.unit, row)


def list_refunds(call: Call) -> Row:
    """Refunds, newest first, of a charge or an intent when one is named."""
    charge, intent = call.params.get("charge"), call.params.get("payment_intent")
    rows = call.unit.where("refund", "charge", charge) if charge else call.unit.rows("refund")
    return listing.page(call, [row for row in rows if not intent or row["payment_intent"] == intent], "/v1/refunds")


ROUTES = [
    Route("POST", "/v1/refunds", create, CREATE),
    Route("GET", "/v1/refunds", list_refunds, {**LISTING, "charge": Text(), "payment_intent": Text()}),
    Route("GET", "/v1/refunds/{id}", retrieve),
    Route("POST", "/v1/refunds/{id}", update, {"metadata": Metadata()}),
]
