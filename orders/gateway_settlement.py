"""What the card network says of our balance: transactions, payouts, disputes. Never call these with a transaction open.

Ids of its objects say what they are (`ch_`, `re_`, `dp_`, `po_`); amounts are minor units, times seconds since 1970.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import stripe

from commerce.kernel.db import in_own_transaction
from orders import gateway
from orders.errors import NetworkRefused, NetworkSilent

T = TypeVar("T")
PROVIDER = "stripe"
PAGE = 100
TRANSACTIONS, PAYOUTS, DISPUTES = "/v1/balance_transactions", "/v1/payouts", "/v1/disputes"


@dataclass(frozen=True, slots=True)
class Movement:
    """A transaction of our balance, by the API or a line of a file. `intent` and `metadata` are those of its source;
    `card` has brand, last4 and fingerprint, as far as they are known."""

    id: str
    type: str
    category: str
    currency: str
    gross: int
    fee: int
    net: int
    source: str
    created_at: datetime
    available_at: datetime
    intent: str = ""
    charge: str = ""
    description: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    card: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A payout, with the movements that it is itself: out, and back again when the bank refused it."""

    id: str
    status: str
    amount: int
    currency: str
    is_automatic: bool
    arrives_at: datetime
    created_at: datetime
    failure: str = ""
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class Contest:
    """A dispute as the card network tells it, with its movements so far. `status` is the network's word."""

    id: str
    status: str
    reason: str
    amount: int
    currency: str
    charge: str
    intent: str
    is_refundable: bool
    due_at: datetime | None
    created_at: datetime
    movements: tuple[Movement, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list, newest first, and whether more lies beyond it."""

    rows: list[T]
    has_more: bool


def transactions(*, after: str = "", before: str = "", payout: str = "") -> Page[Movement]:
    """A page of movements: those next older than `after`, those next newer than `before`, or the newest."""
    asked = {"starting_after": after, "ending_before": before, "payout": payout}
    return _page(TRANSACTIONS, _movement, expand=["data.source"], **asked)


def payouts(*, after: str = "") -> Page[Sent]:
    return _page(PAYOUTS, _sent, starting_after=after)


def disputes(*, after: str = "") -> Page[Contest]:
    return _page(DISPUTES, _contest, starting_after=after)


def payout(provider_id: str) -> Sent:
    """One payout with its own movements. Raises `NetworkSilent`, `NetworkRefused`."""
    expand = ["balance_transaction", "failure_balance_transaction"]
    return _sent(_ask("get", f"{PAYOUTS}/{quote(provider_id, safe='')}", expand=expand))


def dispute(provider_id: str) -> Contest:
    """One dispute as it is now. Raises `NetworkSilent`, `NetworkRefused`."""
    return _contest(_ask("get", f"{DISPUTES}/{quote(provider_id, safe='')}"))


def submit_evidence(provider_id: str, evidence: dict[str, str], *, key: str) -> Contest:
    """Send evidence to the bank. Repeating the call with the same key sends nothing more."""
    path = f"{DISPUTES}/{quote(provider_id, safe='')}"
    return _contest(_ask("post", path, idempotency_key=key, evidence=evidence, submit=True))


def accept(provider_id: str, *, key: str) -> Contest:
    """Give in: the dispute is lost."""
    return _contest(_ask("post", f"{DISPUTES}/{quote(provider_id, safe='')}/close", idempotency_key=key))


def _ask(method: str, path: str, **params: Any) -> dict[str, Any]:
    if in_own_transaction():
        raise RuntimeError("the card network must not be called inside a transaction")
    try:
        return dict(gateway.client().raw_request(method, path, **params).data)
    except stripe.InvalidRequestError as error:
        raise NetworkRefused(reason=str(error.user_message or error)) from error
    except stripe.StripeError as error:
        raise NetworkSilent() from error


def _page(path: str, read: Callable[[dict[str, Any]], T], **params: Any) -> Page[T]:
    asked = {name: value for name, value in params.items() if value}
    found = _ask("get", path, limit=PAGE, **asked)
    return Page([read(row) for row in found["data"]], bool(found.get("has_more")))


def _at(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _id_of(value: Any) -> str:
    """A reference, whether it was expanded or not."""
    return str(value["id"]) if isinstance(value, dict) else str(value or "")


def _movement(raw: dict[str, Any]) -> Movement:
    source = raw.get("source")
    about = source if isinstance(source, dict) else {}
    method = about.get("payment_method_details") or {}
    card = method.get("card") or method.get("card_present") or {}
    is_charge = about.get("object") == "charge"
    return Movement(
        id=raw["id"],
        type=raw["type"],
        category=str(raw.get("reporting_category") or ""),
        currency=str(raw["currency"]).upper(),
        gross=int(raw["amount"]),
        fee=int(raw["fee"]),
        net=int(raw["net"]),
        source=_id_of(source),
        created_at=_at(raw["created"]),
        available_at=_at(raw["available_on"]),
        intent=_id_of(about.get("payment_intent")),
        charge=_id_of(source) if is_charge else _id_of(about.get("charge")),
        description=str(raw.get("description") or "")[:500],
        metadata={str(name): str(value) for name, value in (about.get("metadata") or {}).items()},
        card={name: str(card[name]) for name in ("brand", "last4", "fingerprint") if card.get(name)},
    )


def _sent(raw: dict[str, Any]) -> Sent:
    moves = (raw.get("balance_transaction"), raw.get("failure_balance_transaction"))
    return Sent(
        id=raw["id"],
        status=raw["status"],
        amount=int(raw["amount"]),
        currency=str(raw["currency"]).upper(),
        is_automatic=bool(raw.get("automatic")),
        arrives_at=_at(raw["arrival_date"]),
        created_at=_at(raw["created"]),
        failure=str(raw.get("failure_message") or ""),
        movements=tuple(_movement(move) for move in moves if isinstance(move, dict)),
    )


def _contest(raw: dict[str, Any]) -> Contest:
    due = (raw.get("evidence_details") or {}).get("due_by")
    return Contest(
        id=raw["id"],
        status=raw["status"],
        reason=str(raw.get("reason") or "general"),
        amount=int(raw["amount"]),
        currency=str(raw["currency"]).upper(),
        charge=_id_of(raw.get("charge")),
        intent=_id_of(raw.get("payment_intent")),
        is_refundable=bool(raw.get("is_charge_refundable")),
        due_at=_at(due) if due else None,
        created_at=_at(raw["created"]),
        movements=tuple(_movement(move) for move in raw.get("balance_transactions") or []),
    )
