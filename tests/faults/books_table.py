"""The rows of the ledger in the table of who may do what: see test_permissions."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from commerce.ledger.actions.close_period import close_period
from tests.world import World

Deed = Callable[..., Any]

BOOKS: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "commerce.ledger.actions.close_period": (
        {"office", "admin"},
        lambda world: partial(close_period, (now() - timedelta(days=3)).date(), at=now()),
    ),
}
