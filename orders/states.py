"""The small state machines, one per noun, and their one mover."""

from typing import Any

from commerce.kernel.errors import IllegalMove

ORDER = {
    "draft": {"open", "canceled"},
    "open": {"closed", "canceled"},
    "closed": {"open"},
    "canceled": {"open"},  # money that arrived late revives a checkout whose goods are still there
}
PAYMENT = {
    "pending": {"processing", "authorized", "captured", "failed", "canceled"},
    "processing": {"pending", "authorized", "captured", "failed", "canceled"},
    "authorized": {"captured", "canceled"},
    "captured": set(),
    "failed": {"authorized", "captured"},
    "canceled": {"authorized", "captured"},  # the card network's word is final, even when it comes late
}
ATTEMPT = {
    "started": {"unknown", "needs_action", "succeeded", "failed"},
    "unknown": {"needs_action", "succeeded", "failed"},
    "needs_action": {"unknown", "succeeded", "failed"},
    "succeeded": set(),
    "failed": {"succeeded"},
}
CAPTURE = {
    "pending": {"succeeded", "failed"},
    "succeeded": set(),
    "failed": set(),
}
REFUND = {
    "pending": {"sent", "succeeded", "failed"},
    "sent": {"succeeded", "failed"},
    "succeeded": {"failed"},  # a bank may send it back days later
    "failed": set(),
}
PAYOUT = {
    "pending": {"in_transit", "paid", "failed", "canceled"},
    "in_transit": {"paid", "failed", "canceled"},
    "paid": {"failed"},  # a bank may send it back days later
    "failed": set(),
    "canceled": set(),
}
_VERDICTS = {"won", "lost"}
DISPUTE = {
    "warning_needs_response": {
        *("warning_under_review", "warning_closed", "needs_response", "under_review", "prevented", *_VERDICTS)
    },
    "warning_under_review": {"warning_closed", "needs_response", "under_review", "prevented", *_VERDICTS},
    "warning_closed": {"needs_response", "under_review", *_VERDICTS},  # an inquiry may become a dispute late
    "needs_response": {"under_review", "prevented", *_VERDICTS},
    "under_review": {"prevented", *_VERDICTS},
    "won": {"lost"},  # banks have been known to change their minds
    "lost": {"won"},
    "prevented": set(),
}
FULFILLMENT = {
    "planned": {"pending", "done", "canceled"},
    "pending": {"ready", "done", "canceled"},
    "ready": {"done", "canceled"},
    "done": set(),
    "canceled": {"pending"},
}


def check(row: Any, new: str, table: dict[str, set[str]]) -> None:
    """Raise `IllegalMove` for a step that the table does not have."""
    if new not in table[row.state]:
        raise IllegalMove(noun=str(row._meta.verbose_name), old=row.state, new=new)


def move(row: Any, new: str, table: dict[str, set[str]], **changes: Any) -> None:
    """Move a row to a new state and write `changes` to its fields with it. The caller holds the row's lock.

    Raises `IllegalMove` for a step that the table does not have.
    """
    check(row, new, table)
    for name, value in {"state": new, **changes}.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *changes])
