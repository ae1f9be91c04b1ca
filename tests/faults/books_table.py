"""The rows of the ledger in the table of who may do what: see test_permissions."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from commerce.ledger.actions.close_period import close_period
from commerce.ledger.actions.export_journal import export_journal
from commerce.ledger.actions.map_account import map_account
from commerce.ledger.models import Account
from tests.world import World

Deed = Callable[..., Any]


def sold(world: World) -> tuple[date, date]:
    """Days with something in the journal."""
    world.sell(world.mug)
    return now().date() - timedelta(days=2), now().date() + timedelta(days=2)


BOOKS: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "commerce.ledger.actions.close_period": (
        {"office", "admin"},
        lambda world: partial(close_period, (now() - timedelta(days=3)).date(), at=now()),
    ),
    "commerce.ledger.actions.export_journal": (
        {"office", "admin"},
        lambda world: partial(export_journal, *sold(world), at=now()),
    ),
    "commerce.ledger.actions.map_account": (
        {"office", "admin"},
        lambda world: partial(map_account, Account.objects.get(code="sales").pk, "8400"),
    ),
}
