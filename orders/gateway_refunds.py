"""The card network's side of refunds. Never call these with a transaction open.

A refund is asked for under the key of its row, so that asking again after a silence is the same refund.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import stripe
from django.utils.translation import gettext as _

from orders.gateway import _call
from orders.models import Refund
from orders.return_errors import RefundUnknown

REFUNDS = "/v1/refunds"
TRIES = "tries"  # in a refund's details: how many keys are used up


@dataclass(frozen=True, slots=True)
class Sent:
    """What the card network says of a refund. `status` is Stripe's word: pending, succeeded, failed, canceled, …"""

    id: str
    status: str
    amount: int
    currency: str
    refund: str
    failure_code: str = ""


class Refused(Exception):
    """The card network will not give this money back; `code` is its reason, `text` is for people."""

    def __init__(self, code: str, text: str) -> None:
        self.code, self.text = code, text
        super().__init__(text)


class KeyUsedUp(RefundUnknown):
    """The card network failed while it worked on the refund, made none, and would give that answer to the same key
    again."""


def send(refund: Refund) -> Sent:
    """Ask for the refund; asking again is the same refund.

    Raises `Refused`, `RefundUnknown` when no answer came, and `KeyUsedUp`: go on with the next key.
    """
    tries = refund.details.get(TRIES, 0)
    try:
        made = _call(
            "post",
            REFUNDS,
            idempotency_key=f"{refund.uid}-{tries}" if tries else str(refund.uid),
            payment_intent=refund.payment.provider_id,
            amount=refund.amount_minor,
            metadata={"refund": str(refund.uid), "order": str(refund.order.uid)},
        )
    except stripe.InvalidRequestError as error:  # made before under a key that was forgotten, or refused
        found = find(refund)
        if found is None:
            raise Refused(error.code or "invalid_request", str(error.user_message or error)) from error
        return found
    except stripe.StripeError as error:
        if (error.http_status or 0) < 500:
            raise RefundUnknown() from error
        found = find(refund)
        if found is None:
            raise KeyUsedUp() from error
        return found
    return sent_of(made)


def retrieve(provider_id: str) -> Sent:
    """What has become of a refund. Raises `RefundUnknown` when the card network does not answer."""
    try:
        return sent_of(_call("get", f"{REFUNDS}/{provider_id}"))
    except stripe.StripeError as error:
        raise RefundUnknown() from error


def find(refund: Refund) -> Sent | None:
    """The refund by what was sent along with it, when its own id never reached us. Raises `RefundUnknown`."""
    try:
        listed = _call("get", REFUNDS, payment_intent=refund.payment.provider_id, limit=100)
    except stripe.InvalidRequestError:  # there is no such payment, so there is no refund of it
        return None
    except stripe.StripeError as error:
        raise RefundUnknown() from error
    return next((one for one in map(sent_of, listed["data"]) if one.refund == str(refund.uid)), None)


def failed_since(since: datetime) -> Iterator[Sent]:
    """Refunds made since then that did not arrive, page by page. Raises `RefundUnknown`."""
    after: dict[str, Any] = {}
    while True:
        try:
            listed = _call("get", REFUNDS, created={"gte": int(since.timestamp())}, limit=100, **after)
        except stripe.StripeError as error:
            raise RefundUnknown() from error
        found = [sent_of(raw) for raw in listed["data"]]
        yield from (one for one in found if one.status in ("failed", "canceled"))
        if not listed["has_more"]:
            return
        after = {"starting_after": found[-1].id}


def reason(code: str) -> str:
    """Why a refund did not arrive, for people."""
    return {
        "expired_or_canceled_card": _("The card has expired or was closed."),
        "lost_or_stolen_card": _("The card was reported lost or stolen."),
        "declined": _("The bank declined it."),
        "insufficient_funds": _("Our balance at the card network was too low."),
    }.get(code) or _("The bank sent it back.")


def sent_of(raw: dict[str, Any]) -> Sent:
    """A refund as the card network writes it."""
    return Sent(
        id=raw["id"],
        status=str(raw.get("status") or "pending"),
        amount=int(raw["amount"]),
        currency=str(raw["currency"]).upper(),
        refund=str((raw.get("metadata") or {}).get("refund") or ""),
        failure_code=str(raw.get("failure_reason") or ""),
    )
