"""The rows of gift cards and store credit in the table of who may do what: see test_permissions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from customers.actions.block_gift_card import block_gift_card
from customers.actions.give_credit import give_credit
from customers.actions.issue_gift_card import issue_gift_card
from customers.actions.print_gift_cards import print_gift_cards
from customers.actions.show_gift_card import show_gift_card
from customers.actions.transfer_gift_card import transfer_gift_card
from orders.actions.send_gift_card_again import send_gift_card_again
from pos.actions.hold_wallet import release_wallet
from pos.actions.ready_gift_card import ready_gift_card
from tests.factories.wallets import credit, gift_card, refund_card
from tests.world import World

Deed = Callable[..., Any]
DESK = {"manager", "office", "admin"}


def mailed(world: World) -> tuple[int, int]:
    """An order's line that is a gift card, and its order (primary keys)."""
    order = world.gift_card_order()
    return order.pk, order.lines.get().pk


WALLETS: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "customers.actions.issue_gift_card": (
        DESK,
        lambda world: partial(issue_gift_card, "USD", 500, decision=new_uid(), reason="Late", at=now()),
    ),
    "customers.actions.give_credit": (
        DESK,
        lambda world: partial(give_credit, credit().customer, "USD", 500, decision=new_uid(), reason="Late", at=now()),
    ),
    "customers.actions.block_gift_card": (DESK, lambda world: partial(block_gift_card, gift_card(), reason="Lost")),
    "customers.actions.transfer_gift_card": (
        DESK,
        lambda world: partial(transfer_gift_card, gift_card(), reason="Lost", at=now()),
    ),
    "customers.actions.show_gift_card": (
        DESK,
        lambda world: partial(show_gift_card, refund_card(), at=now()),
    ),
    "orders.actions.send_gift_card_again": (
        DESK,
        lambda world: partial(send_gift_card_again, *mailed(world), to_email="a@example.com", reason="Lost", at=now()),
    ),
    "pos.actions.hold_wallet": (
        {"associate", "lead", "manager", "admin"},
        lambda world: partial(release_wallet, world.register, new_uid(), sale=new_uid(), at=now()),
    ),
    "pos.actions.ready_gift_card": (
        {"associate", "lead", "manager", "admin"},
        lambda world: partial(ready_gift_card, world.register, "", currency="USD", at=now()),
    ),
    "customers.actions.print_gift_cards": (DESK, lambda world: partial(print_gift_cards, "USD", 1, at=now())),
}
