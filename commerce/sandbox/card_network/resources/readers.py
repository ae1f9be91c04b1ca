"""/v1/terminal/readers, and the test helper that presents a card."""

from typing import Any

from .. import listing, readers
from ..call import Call, Route
from ..cards import BY_NUMBER, READER_CARD
from ..errors import ApiError, Row
from ..ids import new_id, token
from ..intents import CONFIRMABLE, wrong_state
from ..params import PAGING, Choice, Field, Flag, Group, Integer, Items, Metadata, Text, merged_metadata
from ..shapes import public
from ..store import Unit

DEVICES = {"simulated-wpe": "simulated_wisepos_e", "simulated-s700": "simulated_stripe_s700"}
REGISTER: dict[str, Field] = {
    "registration_code": Text(required=True),
    "label": Text(clearable=True),
    "location": Text(),
    "metadata": Metadata(),
}
PROCESS: dict[str, Field] = {
    "payment_intent": Text(required=True),
    "process_config": Group(
        fields={
            "allow_redisplay": Choice(words=("always", "limited", "unspecified")),
            "enable_customer_cancellation": Flag(),
            "skip_tipping": Flag(),
        }
    ),
}
DISPLAY: dict[str, Field] = {
    "type": Choice(words=("cart",), required=True),
    "cart": Group(
        fields={
            "currency": Text(required=True),
            "line_items": Items(
                required=True,
                of=Group(
                    fields={
                        "amount": Integer(required=True, least=-99_999_999),
                        "description": Text(required=True),
                        "quantity": Integer(required=True, least=1),
                    }
                ),
            ),
            "tax": Integer(),
            "total": Integer(required=True),
        }
    ),
}
PRESENT: dict[str, Field] = {
    "type": Choice(words=("card_present",)),
    "card_present": Group(fields={"number": Text()}),
}


def register(call: Call) -> Row:
    """A new simulated reader; the code says which device it is."""
    code = call.params["registration_code"]
    if code not in DEVICES:
        raise ApiError(
            "Your registration code is incorrect. Simulated readers take "
            f"{' or '.join(repr(name) for name in DEVICES)}.",
            param="registration_code",
        )
    location = call.params.get("location")
    if location:
        call.unit.get("terminal.location", location, "location")
    row = reader_row(
        call.unit,
        new_id("terminal.reader"),
        device_type=DEVICES[code],
        label=call.params.get("label") or code,
        location=location,
        metadata=merged_metadata({}, call.params.get("metadata", {})),
    )
    return public(call.unit, call.unit.add("terminal.reader", row))


def reader_row(
    unit: Unit,
    identifier: str,
    *,
    label: str,
    device_type: str = DEVICES["simulated-wpe"],
    location: str | None = None,
    metadata: Row | None = None,
) -> Row:
    """A reader that nobody has used yet."""
    return {
        "id": identifier,
        "object": "terminal.reader",
        "action": None,
        "created": unit.now,
        "device_sw_version": "2.40.1.0",
        "device_type": device_type,
        "ip_address": "127.0.0.1",
        "label": label,
        "last_seen_at": int(unit.at * 1000),
        "livemode": False,
        "location": location,
        "metadata": metadata or {},
        "serial_number": f"{token(3).upper()}-{token(3).upper()}-{token(3).upper()}",
        "status": "online",
        "_phase": "idle",
        "_run": 0,
        "_script": dict(readers.SCRIPT),
    }


def retrieve(call: Call) -> Row:
    """One reader and what it is doing."""
    return public(call.unit, call.unit.get("terminal.reader", call.path["id"], "reader"))


def update(call: Call) -> Row:
    """Change a reader's label or metadata."""
    row = _editable(call)
    if "label" in call.params:
        row["label"] = call.params["label"] or row["device_type"]
    row["metadata"] = merged_metadata(row["metadata"], call.params.get("metadata", {}))
    return public(call.unit, row)


def delete(call: Call) -> Row:
    """Unregister a reader."""
    row = call.unit.get("terminal.reader", call.path["id"], "reader")
    call.unit.drop("terminal.reader", row["id"])
    return {
        "id": row["id"],
        "object": "terminal.reader",
        "deleted": True,
        "device_type": row["device_type"],
        "serial_number": row["serial_number"],
    }


def list_readers(call: Call) -> Row:
    """Readers, newest first, of a location or in a status when one is named."""
    names = ("location", "status", "device_type", "serial_number")
    wanted = {name: call.params[name] for name in names if name in call.params}
    rows = call.unit.rows("terminal.reader")
    rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return listing.page(call, rows, "/v1/terminal/readers")


def start_payment(call: Call) -> Row:
    """Send a payment to the reader and return at once; the outcome is on the reader and in events."""
    unit = call.unit
    intent = unit.get("payment_intent", call.params["payment_intent"], "payment_intent")
    if "card_present" not in intent["payment_method_types"]:
        raise ApiError(
            "The PaymentIntent must have `card_present` among its allowed_payment_method_types to be read.",
            code="payment_intent_incompatible_payment_method",
            param="payment_intent",
        )
    if intent["status"] not in CONFIRMABLE:
        raise wrong_state(
            unit,
            intent,
            f"This PaymentIntent cannot be taken at a reader because it has a status of {intent['status']}.",
        )
    row = _editable(call)
    readers.send_payment(unit, row, intent, call.params.get("process_config", {}), call.reader_delay)
    return public(unit, row)


def cancel_action(call: Call) -> Row:
    """Take the payment off the reader, unless a card is already being decided on."""
    row = _editable(call)
    if row["status"] == "offline":
        raise ApiError("Reader is currently offline.", code="terminal_reader_offline")
    if row["_phase"] == "deciding":
        raise ApiError("Reader is currently busy processing another request.", code="terminal_reader_busy")
    readers.clear(row)
    return public(call.unit, row)


def set_display(call: Call) -> Row:
    """Show a cart on the reader while the cashier is still scanning."""
    row = _editable(call)
    if row["status"] == "offline":
        raise ApiError("Reader is currently offline.", code="terminal_reader_offline")
    if row["_phase"] == "waiting" or row["_phase"] == "deciding":
        raise ApiError("Reader is currently busy processing another request.", code="terminal_reader_busy")
    cart: dict[str, Any] = {"tax": None, **call.params.get("cart", {})}
    row["_phase"] = "cart"
    row["action"] = {
        "type": "set_reader_display",
        "set_reader_display": {"type": "cart", "cart": cart},
        "status": "succeeded",
        "failure_code": None,
        "failure_message": None,
    }
    return public(call.unit, row)


def present(call: Call) -> Row:
    """Hold a test card to the reader and see the outcome at once."""
    row = _editable(call)
    readers.awaiting(row)
    number = call.params.get("card_present", {}).get("number", READER_CARD)
    if number not in BY_NUMBER:
        raise ApiError("Your card number is not that of a test card.", param="card_present[number]")
    readers.take(call.unit, row, BY_NUMBER[number])
    return public(call.unit, row)


def _editable(call: Call) -> Row:
    row = call.unit.edit("terminal.reader", call.path["id"], "reader")
    if row["status"] == "online":
        row["last_seen_at"] = int(call.unit.at * 1000)
    return row


FILTERS: dict[str, Field] = {
    "location": Text(),
    "status": Choice(words=("online", "offline")),
    "device_type": Text(),
    "serial_number": Text(),
}
READERS = "/v1/terminal/readers"
ROUTES = [
    Route("POST", READERS, register, REGISTER),
    Route("GET", READERS, list_readers, {**PAGING, **FILTERS}),
    Route("GET", READERS + "/{id}", retrieve),
    Route("POST", READERS + "/{id}", update, {"label": Text(clearable=True), "metadata": Metadata()}),
    Route("DELETE", READERS + "/{id}", delete),
    Route("POST", READERS + "/{id}/process_payment_intent", start_payment, PROCESS),
    Route("POST", READERS + "/{id}/cancel_action", cancel_action),
    Route("POST", READERS + "/{id}/set_reader_display", set_display, DISPLAY),
    Route("POST", "/v1/test_helpers/terminal/readers/{id}/present_payment_method", present, PRESENT),
]
