"""Who may do what about payments: part of the table of `test_permissions`."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from orders.actions.retry_network_event import retry_network_event
from tests.world import World

Deed = Callable[..., Any]

PAYMENTS: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "orders.actions.retry_network_event": (
        {"office", "admin"},
        lambda world: partial(retry_network_event, ["evt_nothing"], at=now()),
    ),
}
