"""/v1/payment_intents: one per attempt to be paid."""

from .. import charging, events, intents, listing, money
from ..call import Call, Route
from ..cards import Decline
from ..errors import ApiError, Missing, ParamError, Row, Unauthorized
from ..methods import behavior
from ..params import LISTING, Text
from ..shapes import for_browser, public
from .intent_building import apply_params, blank
from .intent_fields import CANCEL, CAPTURE, CONFIRM, CREATE, UPDATE

REDIRECTS_POSSIBLE = (
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these "
    "payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want "
    "to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and "
    "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents."
)


def find_intent(call: Call, kind: str = "payment_intent") -> Row:
    """The intent that the path names, for reading; a browser must also show its client secret."""
    row = call.unit.find(kind, call.path["id"])
    if call.browser:
        secret = call.params.get("client_secret")
        if secret is None:
            raise Unauthorized(
                "This API call cannot be made with a publishable API key without a client_secret. Please use a secret "
                "API key."
            )
        if row is None or secret != row["client_secret"]:
            raise Missing(kind, call.path["id"], "intent")
    if row is None:
        raise Missing(kind, call.path["id"], "intent")
    return row


def seen(call: Call, intent: Row) -> Row:
    """The intent as this caller may see it."""
    shown = public(call.unit, intent)
    return for_browser(shown) if call.browser else shown


def create(call: Call) -> Row:
    """A new intent, confirmed at once when ``confirm`` is true."""
    params = dict(call.params)
    confirming = params.pop("confirm", False)
    if not confirming and (
        given := [name for name in ("off_session", "return_url", "error_on_requires_action") if name in params]
    ):
        raise ParamError(f"You cannot provide `{given[0]}` unless `confirm` is set to true.", param=given[0])
    intent = blank(call.unit, params)
    intent["currency"] = money.currency(params["currency"])
    money.check_amount(params["amount"], intent["currency"])
    call.unit.add("payment_intent", intent)
    apply_params(call.unit, intent, params)
    events.record(call.unit, "payment_intent.created", intent)
    if confirming:
        _confirm(call, intent, params)
    return seen(call, intent)


def retrieve(call: Call) -> Row:
    """One intent."""
    return seen(call, find_intent(call))


def update(call: Call) -> Row:
    """Change what has not been decided yet."""
    current = find_intent(call)
    decided = [name for name in call.params if name not in ("metadata", "description", "receipt_email", "expand")]
    if decided and current["status"] not in intents.CHANGEABLE:
        raise intents.wrong_state(
            call.unit,
            current,
            f"This PaymentIntent's {decided[0]} could not be updated because it has a status of {current['status']}. "
            f"You may only update the {decided[0]} of a PaymentIntent with one of the following statuses: "
            f"{', '.join(intents.CHANGEABLE)}.",
        )
    intent = call.unit.edit("payment_intent", current["id"])
    if "currency" in call.params:
        intent["currency"] = money.currency(call.params["currency"])
    if "amount" in call.params:
        money.check_amount(call.params["amount"], intent["currency"])
        intent["amount"] = call.params["amount"]
    apply_params(call.unit, intent, call.params)
    return seen(call, intent)


def confirm(call: Call) -> Row:
    """Try to be paid with the intent's payment method."""
    current = find_intent(call)
    if current["status"] not in intents.CONFIRMABLE:
        message = f"You cannot confirm this PaymentIntent because it has a status of {current['status']}. "
        if current["status"] == "succeeded":
            message = (
                "You cannot confirm this PaymentIntent because it has already succeeded after being previously "
                "confirmed."
            )
        raise intents.wrong_state(call.unit, current, message.strip())
    intent = call.unit.edit("payment_intent", current["id"])
    apply_params(call.unit, intent, call.params)
    _confirm(call, intent, call.params)
    return seen(call, intent)


def capture(call: Call) -> Row:
    """Take what is held, or a part of it; the rest is released, unless ``final_capture`` is false and the card's issuer
    lets several captures be made."""
    current = find_intent(call)
    if current["status"] != "requires_capture":
        raise intents.wrong_state(
            call.unit,
            current,
            f"This PaymentIntent could not be captured because it has a status of {current['status']}. Only a "
            "PaymentIntent with one of the following statuses may be captured: requires_capture.",
        )
    amount: int = call.params.get("amount_to_capture") or current["amount_capturable"]
    if amount > current["amount_capturable"]:
        raise ApiError(
            f"The requested capture amount ({money.words(amount, current['currency'])}) is greater than the amount you "
            f"can capture for this charge ({money.words(current['amount_capturable'], current['currency'])}).",
            code="amount_too_large",
            param="amount_to_capture",
            payment_intent=public(call.unit, current),
        )
    final = call.params.get("final_capture", True) or amount == current["amount_capturable"]
    if not final and not charging.takes_several(call.unit, current["latest_charge"]):
        raise ApiError(
            "You cannot set `final_capture` to false: multicapture is not available for this payment.",
            param="final_capture",
        )
    intent = call.unit.edit("payment_intent", current["id"])
    apply_params(call.unit, intent, {name: value for name, value in call.params.items() if name != "final_capture"})
    charging.capture(call.unit, intent["latest_charge"], amount, final=final)
    intent["amount_received"] += amount
    if final:
        intent.update(status="succeeded", amount_capturable=0)
        events.record(call.unit, "payment_intent.succeeded", intent)
    else:
        intent["amount_capturable"] -= amount
        events.record(call.unit, "payment_intent.amount_capturable_updated", intent)
    return seen(call, intent)


def cancel(call: Call) -> Row:
    """Give the intent up."""
    current = find_intent(call)
    if current["status"] not in intents.CANCELABLE:
        raise intents.wrong_state(
            call.unit,
            current,
            f"You cannot cancel this PaymentIntent because it has a status of {current['status']}. Only a "
            f"PaymentIntent with one of the following statuses may be canceled: {', '.join(intents.CANCELABLE)}.",
        )
    intent = call.unit.edit("payment_intent", current["id"])
    intents.cancel(call.unit, intent, call.params.get("cancellation_reason"))
    return seen(call, intent)


def list_intents(call: Call) -> Row:
    """Intents, newest first."""
    rows = call.unit.rows("payment_intent")
    if customer := call.params.get("customer"):
        rows = [row for row in rows if row["customer"] == customer]
    return listing.page(call, rows, "/v1/payment_intents")


def search_intents(call: Call) -> Row:
    """Intents that match a query such as ``metadata['order']:'123'``."""
    return listing.search(call, call.unit.rows("payment_intent"), "/v1/payment_intents/search")


def _confirm(call: Call, intent: Row, params: Row) -> None:
    unit = call.unit
    if intent["payment_method"] is None:
        raise intents.wrong_state(
            unit,
            intent,
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the "
            "PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a "
            "payment method or ConfirmationToken.",
        )
    automatic = intent["automatic_payment_methods"]
    redirects = automatic and automatic["enabled"] and automatic["allow_redirects"] == "always"
    if redirects and not params.get("return_url") and not params.get("use_stripe_sdk"):
        raise ApiError(REDIRECTS_POSSIBLE)
    method = unit.get("payment_method", intent["payment_method"], "payment_method")
    if _needs_challenge(intent, method, off_session=params.get("off_session", False)):
        _challenge(call, intent, method, params)
    else:
        call.silent = behavior(method).silent
        intents.authorize(unit, intent, method, browser=call.browser)


def _needs_challenge(intent: Row, method: Row, *, off_session: bool) -> bool:
    """Whether the issuer wants the cardholder to prove who they are."""
    forced = intent["payment_method_options"].get("card", {}).get("request_three_d_secure") in ("any", "challenge")
    settled = off_session and method["_authenticated"]
    return (behavior(method).challenge or forced) and not settled


def _challenge(call: Call, intent: Row, method: Row, params: Row) -> None:
    if params.get("off_session") or params.get("error_on_requires_action"):
        decline = Decline(
            "authentication_required",
            "authentication_required",
            "Your card was declined. This transaction requires authentication.",
        )
        charge = charging.failed_charge(call.unit, intent, method, decline)
        raise intents.refuse(call.unit, intent, method, decline, charge=charge["id"], browser=call.browser)
    intents.challenge(
        call.unit,
        intent,
        method,
        base_url=call.base_url,
        return_url=params.get("return_url"),
        sdk=params.get("use_stripe_sdk", False),
    )


ROUTES = [
    Route("POST", "/v1/payment_intents", create, CREATE),
    Route("GET", "/v1/payment_intents", list_intents, {**LISTING, "customer": Text()}),
    Route("GET", "/v1/payment_intents/search", search_intents, listing.SEARCH),
    Route("GET", "/v1/payment_intents/{id}", retrieve, {"client_secret": Text()}, browser=True),
    Route("POST", "/v1/payment_intents/{id}", update, UPDATE),
    Route("POST", "/v1/payment_intents/{id}/confirm", confirm, CONFIRM, browser=True),
    Route("POST", "/v1/payment_intents/{id}/capture", capture, CAPTURE),
    Route("POST", "/v1/payment_intents/{id}/cancel", cancel, CANCEL),
]
