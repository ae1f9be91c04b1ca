"""The rows of disputes and of what the card network reports in the table of who may do what: see test_permissions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from orders.actions.answer_dispute import accept_dispute
from orders.actions.settle_transaction import book_transaction
from orders.actions.take_payout_file import take_payout_file
from orders.models import Dispute, NetworkTransaction
from tests.world import World

Deed = Callable[..., Any]
OFFICE = {"office", "admin"}


def dispute(world: World) -> int:
    """One that was decided already: whoever may answer is told so."""
    facts = {"charge_id": "ch_1", "state": "lost", "reason": "general", "currency": "USD", "amount_minor": 1}
    row, _made = Dispute.objects.get_or_create(
        provider="stripe", provider_id="dp_1", defaults={**facts, "created_at": now(), "closed_at": now()}
    )
    return row.pk


def transaction(world: World) -> int:
    times = {"available_at": now(), "created_at": now(), "recorded_at": now()}
    row, _made = NetworkTransaction.objects.get_or_create(
        provider="stripe",
        provider_id="txn_1",
        defaults={
            "kind": "other",
            "state": "open",
            "type": "topup",
            "currency": "USD",
            "reported_by": "api",
            "gross_minor": 100,
            "fee_minor": 0,
            "net_minor": 100,
            **times,
        },
    )
    return row.pk


SETTLED: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "orders.actions.answer_dispute": (OFFICE, lambda world: partial(accept_dispute, dispute(world), at=now())),
    "orders.actions.settle_transaction": (
        OFFICE,
        lambda world: partial(book_transaction, transaction(world), account="write_off", note="Tiny", at=now()),
    ),
    "orders.actions.take_payout_file": (
        OFFICE,
        lambda world: partial(take_payout_file, b"", name="payouts.csv", takes_unmatched=False, at=now()),
    ),
}
