"""From stored rows to what the API shows: private members dropped, computed ones filled in, references expanded."""

import json
from typing import Any

from .errors import ParamError, Row
from .ids import kind_of
from .store import Unit

BROWSER_INTENT = [
    "id",
    "object",
    "amount",
    "automatic_payment_methods",
    "canceled_at",
    "cancellation_reason",
    "capture_method",
    "client_secret",
    "confirmation_method",
    "created",
    "currency",
    "description",
    "last_payment_error",
    "livemode",
    "next_action",
    "payment_method",
    "payment_method_types",
    "processing",
    "receipt_email",
    "setup_future_usage",
    "shipping",
    "source",
    "status",
    "usage",
    "last_setup_error",
]


def public(unit: Unit, row: Row) -> Row:
    """The row as the secret key sees it."""
    if row.get("object") == "event":
        return _event(unit, row)
    shown = {name: value for name, value in row.items() if not name.startswith("_")}
    if row.get("object") == "balance_transaction":
        shown["status"] = "available" if row["available_on"] <= unit.at else "pending"
    return shown


def for_browser(row: Row) -> Row:
    """An intent as the publishable key sees it: nothing of customers, charges or metadata."""
    return {name: row[name] for name in BROWSER_INTENT if name in row}


def _event(unit: Unit, row: Row) -> Row:
    waiting = [one for one in unit.where("delivery", "event", row["id"]) if one["state"] in ("pending", "held")]
    data = {"object": json.loads(row["_snapshot"])}
    if row["_previous"] is not None:
        data["previous_attributes"] = row["_previous"]
    shown = {name: value for name, value in row.items() if not name.startswith("_")}
    return shown | {"data": data, "pending_webhooks": len(waiting)}


def expanded(unit: Unit, shown: Row, paths: list[str]) -> Row:
    """The answer with the references named by ``paths`` replaced by their objects. Raises ParamError."""
    for path in paths:
        _expand(unit, shown, path.split("."), path)
    return shown


def _expand(unit: Unit, node: Row, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    if name == "refunds" and node.get("object") == "charge" and "refunds" not in node:
        node["refunds"] = _refunds(unit, node["id"])
    if name not in node:
        raise ParamError(f"This property cannot be expanded ({path}).", param="expand")
    value = node[name]
    if isinstance(value, str):
        node[name] = value = _fetched(unit, value, path)
    elif not rest and value is not None and not (isinstance(value, dict) and "object" in value):
        raise ParamError(f"This property cannot be expanded ({path}).", param="expand")
    for child in value if isinstance(value, list) else [value]:
        if rest and isinstance(child, dict):
            _expand(unit, child, rest, path)


def _fetched(unit: Unit, identifier: str, path: str) -> Any:
    kind = kind_of(identifier)
    row = unit.find(kind, identifier) if kind else None
    if row is None:
        raise ParamError(f"This property cannot be expanded ({path}).", param="expand")
    return public(unit, row)


def _refunds(unit: Unit, charge: str) -> Row:
    rows = [public(unit, row) for row in reversed(unit.where("refund", "charge", charge))]
    return {"object": "list", "data": rows, "has_more": False, "url": f"/v1/charges/{charge}/refunds"}
