"""The rows of saved cards in the table of who may do what: see test_permissions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from orders.actions.remove_card import remove_card
from orders.actions.send_cards_link import send_cards_link
from tests.world import World

DESK = {"manager", "office", "admin"}

CARDS: dict[str, tuple[set[str], Callable[[World], Callable[..., Any]]]] = {
    "orders.actions.remove_card": (DESK, lambda _world: partial(remove_card, new_uid(), at=now())),
    "orders.actions.send_cards_link": (DESK, lambda _world: partial(send_cards_link, new_uid(), at=now())),
}
