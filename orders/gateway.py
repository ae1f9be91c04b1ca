"""The card network: every call to it in one place. Never call these with a transaction open.

With no key of a real account the same code talks to our stand-in (`commerce/sandbox/card_network`), known by URL only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

import stripe
from django.conf import settings
from django.utils.translation import gettext as _

from commerce.kernel.db import in_own_transaction
from orders.errors import NotAnnounced, PaymentUnavailable, PaymentUnknown
from orders.models import Capture, Payment, PaymentAttempt

INTENTS = "/v1/payment_intents"
# Money is held at checkout and taken in parts as goods leave, where the card's bank allows parts.
MANUAL: dict[str, Any] = {
    "capture_method": "manual",
    "payment_method_options": {"card": {"request_multicapture": "if_available"}},
}


@dataclass(frozen=True, slots=True)
class Intent:
    """What the card network says of a payment. `status` is Stripe's word, `charge` the id of the latest charge, refused
    or not; `failure` is for the shopper. Of an authorization: what is `capturable`, until when, and whether the card's
    bank `takes_several` captures."""

    id: str
    status: str
    amount: int
    received: int
    currency: str
    client_secret: str
    failure_code: str
    failure: str
    card: dict[str, str]
    metadata: dict[str, str]
    charge: str = ""
    capturable: int = 0
    capture_before: datetime | None = None
    takes_several: bool = False


class Declined(Exception):
    """The bank said no; `code` is its reason, `text` is meant for the cardholder."""

    def __init__(self, code: str, text: str, charge: str = "") -> None:
        self.code, self.text, self.charge = code, text, charge
        super().__init__(text)


@cache
def client() -> stripe.StripeClient:
    """The SDK's client; bounded in time, so that a slow network cannot hold a worker for minutes."""
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses=cast(Any, {"api": settings.STRIPE_API_BASE}),
        http_client=stripe.RequestsClient(timeout=settings.STRIPE_TIMEOUT_SECONDS),
        max_network_retries=1,
    )


def _call(method: str, path: str, **params: Any) -> dict[str, Any]:
    """The SDK's request with its retries and errors, but the answer as plain JSON: it would make an object of every
    part of it, which took a fifth of the time. `idempotency_key` is taken for what it is."""
    _outside_transaction()
    return dict(client().raw_request(method, path, **params).data)


def _outside_transaction() -> None:
    if in_own_transaction():
        raise RuntimeError("the card network must not be called inside a transaction")


def begin(payment: Payment, *, description: str, email: str) -> Intent:
    """Announce a payment; asking again with the same `payment.uid` gives the same intent.

    Raises `PaymentUnavailable`, or `NotAnnounced` when this payment never can be: go on with another one.
    """
    try:
        made = _call(
            "post",
            INTENTS,
            idempotency_key=str(payment.uid),
            amount=payment.amount_minor,
            currency=payment.currency.lower(),
            automatic_payment_methods={"enabled": True},
            **(MANUAL if payment.is_manual else {}),
            description=description,
            receipt_email=email,
            metadata={"payment": str(payment.uid), "order": str(payment.order.uid)},
        )
    except stripe.StripeError as error:
        # A failure of theirs is kept under the key and would be the answer again; a fresh key is safe here, because
        # nobody has learned the secret by which the lost intent, if there is one, could be paid.
        raise (NotAnnounced() if (error.http_status or 0) >= 500 else PaymentUnavailable()) from error
    return _intent(made)


def confirm(
    payment: Payment, attempt: PaymentAttempt, *, payment_method: str, return_url: str, is_off_session: bool = False
) -> Intent:
    """Charge the card, under the attempt's key: the same attempt sent again charges nothing more. `is_off_session`: its
    holder is not there to answer a question of their bank, which is a refusal then (`authentication_required`).

    Raises `Declined`, or `PaymentUnknown` when no answer came: the charge may have happened.
    """
    try:
        made = _call(
            "post",
            f"{INTENTS}/{payment.provider_id}/confirm",
            idempotency_key=str(attempt.uid),
            payment_method=payment_method,
            return_url=return_url,
            expand=["latest_charge"],
            **({"off_session": True} if is_off_session else {}),
        )
    except stripe.CardError as error:
        raise _declined(error) from error
    except stripe.IdempotencyError as error:
        if error.http_status == 409:  # the same attempt is under way in another request, and may yet charge
            raise PaymentUnknown(payment=str(payment.uid)) from error
        return retrieve(payment.provider_id)  # it was made before, with another card: what came of it counts
    except stripe.InvalidRequestError as error:
        if error.code == "payment_intent_unexpected_state":  # somebody else confirmed it in the meantime
            return retrieve(payment.provider_id)
        raise Declined(error.code or "invalid_request", _("This card cannot be used.")) from error
    except stripe.StripeError as error:
        raise PaymentUnknown(payment=str(payment.uid)) from error
    return _intent(made)


def retrieve(provider_id: str) -> Intent:
    """What the card network knows now. Raises `PaymentUnknown` when it does not answer."""
    try:
        found = _call("get", f"{INTENTS}/{provider_id}", expand=["latest_charge"])
    except stripe.StripeError as error:
        raise PaymentUnknown() from error
    return _intent(found)


def cancel(provider_id: str) -> Intent:
    """Make sure that an intent can never be paid, and say what became of it: it may have been paid already."""
    try:
        return _intent(_call("post", f"{INTENTS}/{provider_id}/cancel"))
    except stripe.InvalidRequestError:
        return retrieve(provider_id)
    except stripe.StripeError as error:
        raise PaymentUnknown() from error


class CaptureRefused(Exception):
    """Held money cannot be taken; `code` is the card network's reason."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(text)


def capture(taken: Capture) -> Intent:
    """Take a part of what an authorized payment holds; asking again takes nothing more. What is left is released with
    the last part.

    Raises `CaptureRefused`, or `PaymentUnknown` when no answer came: it may have been taken.
    """
    more = {} if taken.is_final else {"final_capture": False}
    try:
        made = _call(
            "post",
            f"{INTENTS}/{taken.payment.provider_id}/capture",
            idempotency_key=str(taken.uid),
            amount_to_capture=taken.amount_minor,
            expand=["latest_charge"],
            metadata={"capture": str(taken.uid)},
            **more,
        )
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        raise CaptureRefused(error.code or "invalid_request", str(error.user_message or error)) from error
    except stripe.StripeError as error:
        raise PaymentUnknown(payment=str(taken.payment.uid)) from error
    return _intent(made)


def _declined(error: stripe.CardError) -> Declined:
    about = error.error
    reason = about.decline_code if about else None
    charge = getattr(about, "charge", None) or ""
    return Declined(str(reason or error.code or "card_declined"), str(error.user_message or error), str(charge))


def _intent(raw: dict[str, Any]) -> Intent:
    charge = raw.get("latest_charge") or ""
    method = (charge.get("payment_method_details") or {}) if charge and not isinstance(charge, str) else {}
    card = method.get("card") or method.get("card_present") or {}
    problem = raw.get("last_payment_error") or {}
    return Intent(
        id=raw["id"],
        status=raw["status"],
        amount=int(raw["amount"]),
        received=int(raw.get("amount_received") or 0),
        currency=str(raw["currency"]).upper(),
        client_secret=raw.get("client_secret") or "",
        failure_code=str(problem.get("decline_code") or problem.get("code") or ""),
        failure=str(problem.get("message") or ""),
        card={name: str(card[name]) for name in ("brand", "last4", "fingerprint") if card.get(name)},
        metadata=dict(raw.get("metadata") or {}),
        charge=charge if isinstance(charge, str) else str(charge["id"]),
        capturable=int(raw.get("amount_capturable") or 0),
        capture_before=datetime.fromtimestamp(int(card["capture_before"]), UTC) if card.get("capture_before") else None,
        takes_several=(card.get("multicapture") or {}).get("status") == "available",
    )
