"""Who may do what about payments: part of the table of `test_permissions`."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from orders.actions.cancel_order import cancel_order
from orders.actions.capture_now import capture_now
from orders.actions.retry_network_event import retry_network_event
from tests.factories.cases import CaseFactory
from tests.world import World

Deed = Callable[..., Any]


def ending(world: World) -> Case:
    """An authorization that ends soon, of a payment that is not there any more."""
    made: Case = CaseFactory(kind="authorization_expiring", subject=str(new_uid()), location=world.store)
    return made


def waiting(world: World) -> Deed:
    """An order of the store that waits to be collected."""
    return partial(cancel_order, world.order(world.mug, pickup=True).pk, uid=new_uid(), reason="", at=now())


PAYMENTS: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "orders.actions.retry_network_event": (
        {"office", "admin"},
        lambda world: partial(retry_network_event, ["evt_nothing"], at=now()),
    ),
    "orders.actions.cancel_order": ({"manager", "office", "admin"}, waiting),
    "orders.actions.capture_now": ({"office", "admin"}, lambda world: partial(capture_now, ending(world), at=now())),
}
