"""/v1/setup_intents: a card kept for later payments."""

from .. import events, intents, listing
from ..call import Call, Route
from ..errors import ApiError, Row
from ..ids import new_id, token
from ..methods import behavior, billing_from, from_card, resolve
from ..params import LISTING, Choice, Field, Flag, Group, Items, Metadata, Text, merged_metadata
from .intent_fields import METHOD_DATA
from .payment_intents import find_intent, seen

SHARED: dict[str, Field] = {
    "customer": Text(clearable=True),
    "description": Text(clearable=True, longest=1000),
    "metadata": Metadata(),
    "payment_method": Text(clearable=True),
    "payment_method_data": METHOD_DATA,
    "allowed_payment_method_types": Items(of=Choice(words=("card",))),
    "payment_method_types": Items(of=Choice(words=("card",))),  # callers of an older API version
}
CREATE: dict[str, Field] = {
    **SHARED,
    "automatic_payment_methods": Group(
        fields={"enabled": Flag(required=True), "allow_redirects": Choice(words=("always", "never"))}
    ),
    "confirm": Flag(),
    "return_url": Text(),
    "usage": Choice(words=("off_session", "on_session")),
    "use_stripe_sdk": Flag(),
}
CONFIRM: dict[str, Field] = {
    "client_secret": Text(),
    "payment_method": Text(),
    "payment_method_data": METHOD_DATA,
    "return_url": Text(),
    "use_stripe_sdk": Flag(),
}
CANCEL: dict[str, Field] = {"cancellation_reason": Choice(words=("abandoned", "requested_by_customer", "duplicate"))}


def create(call: Call) -> Row:
    """A new setup intent, confirmed at once when ``confirm`` is true."""
    identifier = new_id("setup_intent")
    automatic = call.params.get("automatic_payment_methods")
    row: Row = {
        "id": identifier,
        "object": "setup_intent",
        "allowed_payment_method_types": None,
        "application": None,
        "automatic_payment_methods": {"allow_redirects": "always"} | automatic if automatic else None,
        "cancellation_reason": None,
        "client_secret": f"{identifier}_secret_{token(25)}",
        "created": call.unit.now,
        "customer": None,
        "customer_account": None,
        "description": None,
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": call.params.get("usage", "off_session"),
        "_return_url": None,
    }
    call.unit.add("setup_intent", row)
    _apply(call, row)
    events.record(call.unit, "setup_intent.created", row)
    if call.params.get("confirm"):
        _confirm(call, row)
    return seen(call, row)


def retrieve(call: Call) -> Row:
    """One setup intent."""
    return seen(call, find_intent(call, "setup_intent"))


def update(call: Call) -> Row:
    """Change what has not been decided yet."""
    row = call.unit.edit("setup_intent", find_intent(call, "setup_intent")["id"])
    _apply(call, row)
    return seen(call, row)


def confirm(call: Call) -> Row:
    """Try to keep the card."""
    current = find_intent(call, "setup_intent")
    if current["status"] not in intents.CONFIRMABLE:
        raise intents.wrong_state(
            call.unit, current, f"You cannot confirm this SetupIntent because it has a status of {current['status']}."
        )
    row = call.unit.edit("setup_intent", current["id"])
    _apply(call, row)
    _confirm(call, row)
    return seen(call, row)


def cancel(call: Call) -> Row:
    """Give the setup up."""
    current = find_intent(call, "setup_intent")
    if current["status"] not in intents.CONFIRMABLE:
        raise intents.wrong_state(
            call.unit, current, f"You cannot cancel this SetupIntent because it has a status of {current['status']}."
        )
    row = call.unit.edit("setup_intent", current["id"])
    intents.cancel(call.unit, row, call.params.get("cancellation_reason"))
    return seen(call, row)


def list_setups(call: Call) -> Row:
    """Setup intents, newest first."""
    customer = call.params.get("customer")
    rows = [row for row in call.unit.rows("setup_intent") if not customer or row["customer"] == customer]
    return listing.page(call, rows, "/v1/setup_intents")


def _apply(call: Call, row: Row) -> None:
    params = call.params
    for name in ("description", "allowed_payment_method_types", "payment_method_types"):
        if name in params:
            row[name] = params[name]
    if params.get("customer"):
        row["customer"] = call.unit.get("customer", params["customer"], "customer")["id"]
    if "metadata" in params:
        row["metadata"] = merged_metadata(row["metadata"], params["metadata"])
    data = params.get("payment_method_data")
    if data and "card" in data:
        method = from_card(call.unit, data["card"], billing_from(data.get("billing_details", {})))
    elif params.get("payment_method"):
        method = resolve(call.unit, params["payment_method"])
    else:
        return
    row["payment_method"] = method["id"]
    if row["status"] == "requires_payment_method":
        row["status"] = "requires_confirmation"


def _confirm(call: Call, row: Row) -> None:
    if row["payment_method"] is None:
        raise ApiError(
            "You cannot confirm this SetupIntent because it's missing a payment method. Update the SetupIntent with a "
            "payment method and then confirm it again.",
            code="setup_intent_unexpected_state",
        )
    method = call.unit.get("payment_method", row["payment_method"], "payment_method")
    if behavior(method).challenge:
        return_url, sdk = call.params.get("return_url"), call.params.get("use_stripe_sdk", False)
        intents.challenge(call.unit, row, method, base_url=call.base_url, return_url=return_url, sdk=sdk)
    else:
        intents.finish_setup(call.unit, row, method)


ROUTES = [
    Route("POST", "/v1/setup_intents", create, CREATE),
    Route("GET", "/v1/setup_intents", list_setups, {**LISTING, "customer": Text()}),
    Route("GET", "/v1/setup_intents/{id}", retrieve, {"client_secret": Text()}, browser=True),
    Route("POST", "/v1/setup_intents/{id}", update, SHARED),
    Route("POST", "/v1/setup_intents/{id}/confirm", confirm, CONFIRM, browser=True),
    Route("POST", "/v1/setup_intents/{id}/cancel", cancel, CANCEL),
]
