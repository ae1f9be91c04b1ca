"""Identifiers in the manner of the real API: a prefix that names the kind, then random letters and digits."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits

KIND_BY_PREFIX = {
    "pi": "payment_intent",
    "ch": "charge",
    "re": "refund",
    "pm": "payment_method",
    "cus": "customer",
    "seti": "setup_intent",
    "txn": "balance_transaction",
    "po": "payout",
    "dp": "dispute",
    "tml": "terminal.location",
    "tmr": "terminal.reader",
    "evt": "event",
    "we": "webhook_endpoint",
}
PREFIX_BY_KIND = {kind: prefix for prefix, kind in KIND_BY_PREFIX.items()}


def token(length: int = 24) -> str:
    """Random letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_id(kind: str) -> str:
    """A fresh identifier for an object of this kind, such as ``pi_3x…``."""
    return f"{PREFIX_BY_KIND[kind]}_{token()}"


def kind_of(identifier: str) -> str | None:
    """The kind an identifier names by its prefix, or None."""
    return KIND_BY_PREFIX.get(identifier.split("_", 1)[0])
