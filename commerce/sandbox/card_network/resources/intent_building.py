"""How a payment intent comes into being and takes in parameters."""

from ..errors import ApiError, ParamError, Row
from ..ids import new_id, token
from ..methods import billing_from, from_card, resolve
from ..params import merged_metadata
from ..store import Unit


def apply_params(unit: Unit, intent: Row, params: Row) -> None:
    """Lay the given parameters over the intent."""
    for name in (
        "description",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "statement_descriptor",
        "statement_descriptor_suffix",
        "capture_method",
        "payment_method_types",
    ):
        if name in params:
            intent[name] = params[name]
    if "allowed_payment_method_types" in params:
        intent["allowed_payment_method_types"] = params["allowed_payment_method_types"]
        intent["payment_method_types"] = params["allowed_payment_method_types"]
    if "customer" in params:
        intent["customer"] = unit.get("customer", params["customer"], "customer")["id"] if params["customer"] else None
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    for kind, options in params.get("payment_method_options", {}).items():
        intent["payment_method_options"].setdefault(kind, {}).update(options)
        if kind == "card" and options.get("capture_method"):
            intent["capture_method"] = "manual"
    _choose_method(unit, intent, params)


def _choose_method(unit: Unit, intent: Row, params: Row) -> None:
    if data := params.get("payment_method_data"):
        if "card" not in data:
            raise ParamError(
                "Missing required param: payment_method_data[card].",
                code="parameter_missing",
                param="payment_method_data[card]",
            )
        method = from_card(unit, data["card"], billing_from(data.get("billing_details", {})))
    elif params.get("payment_method"):
        method = resolve(unit, params["payment_method"])
    else:
        if "payment_method" in params:
            intent["payment_method"] = None
        return
    if method["type"] not in intent["payment_method_types"]:
        raise ApiError(
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent. Please attach a "
            "PaymentMethod of one of the following types: " + ", ".join(intent["payment_method_types"]),
            code="payment_intent_incompatible_payment_method",
            param="payment_method",
        )
    if method["customer"] and method["customer"] != intent["customer"]:
        raise ApiError(
            f"The PaymentMethod {method['id']} belongs to a different Customer. Please provide that Customer's id on "
            "the PaymentIntent.",
            param="payment_method",
        )
    if method["_spent"] and not method["customer"]:
        raise ApiError(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared "
            "with a connected account without Customer attachment, or was detached from a Customer. It may not be used "
            "again. To use a PaymentMethod multiple times, you must attach it to a Customer first.",
            param="payment_method",
        )
    intent["payment_method"] = method["id"]
    if intent["status"] == "requires_payment_method":
        intent["status"] = "requires_confirmation"


def blank(unit: Unit, params: Row) -> Row:
    identifier = new_id("payment_intent")
    automatic = params.get("automatic_payment_methods")
    chosen = [name for name in ("allowed_payment_method_types", "payment_method_types") if name in params]
    if automatic is None and not chosen:
        automatic = {"enabled": True}
    if chosen and ((automatic and automatic["enabled"]) or len(chosen) > 1):
        raise ParamError(
            f"You may only specify one of these parameters: automatic_payment_methods, {', '.join(chosen)}.",
            param=chosen[0],
        )
    return {
        "id": identifier,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": params["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always"} | automatic if automatic else None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{identifier}_secret_{token(25)}",
        "confirmation_method": "automatic",
        "created": unit.now,
        "currency": "usd",
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": {"id": "pmc_counterpart", "parent": None} if automatic else None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
        "_return_url": None,
    }
