"""What payment intents and setup intents have in common with the card behind them: the moves of the status machine.

requires_payment_method -> requires_confirmation -> requires_action -> requires_capture -> succeeded, with canceled
reachable from everything that has not succeeded. A refused card leads back to requires_payment_method.
"""

from . import charging, events, timers
from .cards import Decline
from .errors import CardError, Row, UnexpectedState
from .methods import behavior
from .shapes import for_browser, public
from .store import Unit

CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action", "processing")
CHANGEABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
HOLD_SECONDS = {"card": charging.HOLD_SECONDS, "card_present": 2 * 86400}
NOT_AUTHENTICATED = (
    "We are unable to authenticate your payment method. Please choose a different payment method and try again."
)


def wrong_state(unit: Unit, intent: Row, message: str) -> UnexpectedState:
    """The error for a step that the intent's status forbids; it carries the intent."""
    if intent["object"] == "setup_intent":
        return UnexpectedState(message, code="setup_intent_unexpected_state", setup_intent=public(unit, intent))
    return UnexpectedState(message, payment_intent=public(unit, intent))


def authorize(unit: Unit, intent: Row, method: Row, *, authenticated: bool = False, browser: bool = False) -> None:
    """Ask the issuer. Ends in succeeded or requires_capture; raises CardError after recording a refusal."""
    refusal = behavior(method).decline
    if refusal is not None:
        charge = charging.failed_charge(unit, intent, method, refusal)
        raise refuse(unit, intent, method, refusal, charge=charge["id"], browser=browser)
    captured = intent["capture_method"] != "manual"
    charge = charging.charge(unit, intent, method, captured=captured, authenticated=authenticated)
    intent.update(latest_charge=charge["id"], last_payment_error=None, next_action=None, payment_method=method["id"])
    if method["type"] == "card":
        unit.edit("payment_method", method["id"])["_spent"] = True
    if captured:
        intent.update(status="succeeded", amount_received=intent["amount"])
        events.record(unit, "payment_intent.succeeded", intent)
    else:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        timers.schedule(unit, HOLD_SECONDS[method["type"]], "intent.expire_hold", intent=intent["id"])
        events.record(unit, "payment_intent.amount_capturable_updated", intent)
    keep_for_later(unit, intent, method)


def keep_for_later(unit: Unit, intent: Row, method: Row) -> None:
    """Attach the card to the customer when the intent asks for future usage."""
    future = intent.get("setup_future_usage") or intent["object"] == "setup_intent"
    if future and intent["customer"] and method["customer"] is None and method["type"] == "card":
        kept = unit.edit("payment_method", method["id"])
        kept["customer"] = intent["customer"]
        events.record(unit, "payment_method.attached", kept)


def refuse(
    unit: Unit, intent: Row, method: Row, decline: Decline, *, charge: str | None = None, browser: bool = False
) -> CardError:
    """Put the intent back to requires_payment_method with the reason; returns the error to raise."""
    details: Row = {"decline_code": decline.decline_code, "charge": charge, "payment_method": public(unit, method)}
    error = CardError(decline.message, code=decline.code, **details)
    reason = error.body()["error"]
    setup = intent["object"] == "setup_intent"
    intent["last_setup_error" if setup else "last_payment_error"] = reason
    if charge:
        intent["latest_charge"] = charge
    intent.update(status="requires_payment_method", payment_method=None, next_action=None)
    events.record(unit, "setup_intent.setup_failed" if setup else "payment_intent.payment_failed", intent)
    shown = public(unit, intent)
    error.extra[intent["object"]] = for_browser(shown) if browser else shown
    return error


def challenge(unit: Unit, intent: Row, method: Row, *, base_url: str, return_url: str | None, sdk: bool) -> None:
    """Ask for 3-D Secure: as a dialog for the browser library, as a redirect for everybody who gave a return_url."""
    page = f"{base_url}/3ds/{intent['id']}?client_secret={intent['client_secret']}"
    intent.update(status="requires_action", payment_method=method["id"], _return_url=return_url)
    if return_url and not sdk:
        intent["next_action"] = {
            "type": "redirect_to_url",
            "redirect_to_url": {"url": f"{page}&mode=redirect", "return_url": return_url},
        }
    else:
        intent["next_action"] = {
            "type": "use_stripe_sdk",
            "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": f"{page}&mode=frame"},
        }
    events.record(unit, f"{intent['object']}.requires_action", intent)


def answer_challenge(unit: Unit, intent: Row, *, passed: bool) -> None:
    """The shopper completed or failed 3-D Secure. Raises CardError like any refusal."""
    method = unit.get("payment_method", intent["payment_method"], "payment_method")
    if not passed:
        setup = intent["object"] == "setup_intent"
        code = "setup_intent_authentication_failure" if setup else "payment_intent_authentication_failure"
        raise refuse(unit, intent, method, Decline(code, None, NOT_AUTHENTICATED), browser=True)
    if intent["object"] == "setup_intent":
        finish_setup(unit, intent, method, authenticated=True)
    else:
        authorize(unit, intent, method, authenticated=True, browser=True)


def finish_setup(unit: Unit, intent: Row, method: Row, *, authenticated: bool = False) -> None:
    """The card is good for later payments. Raises CardError when the issuer says no."""
    refusal = behavior(method).decline
    if refusal is not None:
        raise refuse(unit, intent, method, refusal)
    intent.update(status="succeeded", next_action=None, last_setup_error=None, payment_method=method["id"])
    if authenticated:
        unit.edit("payment_method", method["id"])["_authenticated"] = True
    keep_for_later(unit, intent, method)
    events.record(unit, "setup_intent.succeeded", intent)


def cancel(unit: Unit, intent: Row, reason: str | None) -> None:
    """End an intent that has not succeeded; held money is let go. One of which a part was taken has succeeded then."""
    if intent["object"] == "payment_intent" and intent["status"] == "requires_capture":
        charging.release(unit, intent["latest_charge"], expired=reason == "automatic")
        if intent["amount_received"]:
            intent.update(status="succeeded", amount_capturable=0)
            events.record(unit, "payment_intent.succeeded", intent)
            return
    intent.update(status="canceled", cancellation_reason=reason, next_action=None)
    if intent["object"] == "payment_intent":
        intent.update(canceled_at=unit.now, amount_capturable=0)
    events.record(unit, f"{intent['object']}.canceled", intent)


def expire_hold(unit: Unit, intent: str) -> None:
    """A hold that nobody captured in time is released by the issuer."""
    row = unit.edit("payment_intent", intent)
    if row["status"] == "requires_capture":
        cancel(unit, row, "automatic")
