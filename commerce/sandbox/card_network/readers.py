"""Card readers: what the device does with the payment it was sent.

A reader waits for a card (phase ``waiting``), asks the issuer (``deciding``, half a second in which it is busy) and
shows the outcome (``done``). Its script, set by the control API or by the buttons on its page, says who presents what.
"""

from . import events, intents, timers
from .cards import BY_NUMBER, CARDS, READER_CARD, TestCard
from .errors import ApiError, CardError, Row
from .methods import from_reader
from .store import Unit

DECIDING_SECONDS = 0.5
DECLINING_CARD = "4000000000000002"
SCRIPT: Row = {"auto_present": None, "outcome": "approve", "busy": False}
CANCELED = "This action could not be completed due to customer cancellation."


def send_payment(unit: Unit, reader: Row, intent: Row, config: Row, auto_present: float | None) -> None:
    """Show a payment on the reader; a payment that still waits for its card is replaced. Raises ApiError."""
    if reader["status"] == "offline":
        raise ApiError(
            "Reader is currently offline, please ensure the reader is powered on and connected to the internet before "
            "retrying your request.",
            code="terminal_reader_offline",
        )
    if reader["_script"]["busy"] or reader["_phase"] == "deciding":
        raise ApiError(
            "Reader is currently busy processing another request, please reference the integration guide at "
            "https://stripe.com/docs/terminal/payments/collect-card-payment on how to handle this error.",
            code="terminal_reader_busy",
        )
    reader["_run"] += 1
    reader["_phase"] = "waiting"
    reader["action"] = {
        "type": "process_payment_intent",
        "process_payment_intent": {"payment_intent": intent["id"], "process_config": config},
        "status": "in_progress",
        "failure_code": None,
        "failure_message": None,
    }
    wait = reader["_script"]["auto_present"]
    wait = auto_present if wait is None else wait
    if wait is not None and wait >= 0:
        timers.schedule(unit, wait, "reader.present_by_itself", reader=reader["id"], run=reader["_run"])


def present_by_itself(unit: Unit, reader: str, run: int) -> None:
    """The scripted customer acts, if the same payment still waits."""
    row = unit.edit("terminal.reader", reader)
    if row["_phase"] != "waiting" or row["_run"] != run:
        return
    outcome = row["_script"]["outcome"]
    if outcome == "cancel":
        fail_action(unit, row, "customer_canceled", CANCELED)
    elif outcome == "timeout":
        fail_action(unit, row, "terminal_reader_timeout", "The reader timed out while waiting for a card.")
    else:
        begin(unit, row, DECLINING_CARD if outcome == "decline" else READER_CARD)


def begin(unit: Unit, reader: Row, number: str) -> None:
    """A card is held to the reader; the issuer answers half a second later."""
    awaiting(reader)
    reader.update(_phase="deciding", _behavior=BY_NUMBER[number].behavior, _brand=BY_NUMBER[number].brand)
    timers.schedule(unit, DECIDING_SECONDS, "reader.decide", reader=reader["id"], run=reader["_run"])


def decide(unit: Unit, reader: str, run: int) -> None:
    """The issuer's answer to the card that ``begin`` noted."""
    row = unit.edit("terminal.reader", reader)
    if row["_phase"] == "deciding" and row["_run"] == run:
        take(
            unit, row, next(card for card in CARDS if (card.behavior, card.brand) == (row["_behavior"], row["_brand"]))
        )


def awaiting(reader: Row) -> Row:
    """The action that waits for a card. Raises ApiError when there is none."""
    if reader["_phase"] != "waiting" or not reader["action"]:
        raise ApiError("This reader is not waiting for a card.", code="terminal_reader_hardware_fault")
    return dict(reader["action"])


def take(unit: Unit, reader: Row, card: TestCard) -> None:
    """Charge the presented card and put the outcome on the reader."""
    intent = unit.edit("payment_intent", reader["action"]["process_payment_intent"]["payment_intent"])
    if intent["status"] not in intents.CONFIRMABLE:
        fail_action(unit, reader, "payment_intent_unexpected_state", f"The payment is {intent['status']}.")
        return
    try:
        intents.authorize(unit, intent, from_reader(unit, card))
    except CardError as refusal:
        fail_action(unit, reader, refusal.code or "card_declined", refusal.message)
        return
    charge = unit.edit("charge", intent["latest_charge"])
    details = charge["payment_method_details"]["card_present"]
    details.update(reader=reader["id"], location=reader["location"])
    reader["action"].update(status="succeeded")
    reader["_phase"] = "done"
    events.record(unit, "terminal.reader.action_succeeded", reader)


def fail_action(unit: Unit, reader: Row, code: str, message: str) -> None:
    """The payment ended on the reader without money; the intent can be sent again or canceled."""
    reader["action"].update(status="failed", failure_code=code, failure_message=message)
    reader["_phase"] = "done"
    events.record(unit, "terminal.reader.action_failed", reader)


def clear(reader: Row) -> None:
    """The reader's screen goes back to idle."""
    reader["_run"] += 1
    reader.update(action=None, _phase="idle")
