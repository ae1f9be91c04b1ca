"""T10: one table of who may do what, against every action that a person can be the author of, for every role."""

import inspect
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from commerce.company.models import User
from commerce.company.permissions import MATRIX
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError, NotAllowed
from commerce.kernel.ids import new_uid
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.reorder import reorder
from inventory.actions.repair_level import repair_level
from inventory.actions.set_safety_stock import set_safety_stock
from inventory.models import StockLevel
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.ship_fulfillment import ship_fulfillment
from pos.actions.check_pin import check_pin
from pos.actions.close_shift import close_shift
from pos.actions.open_shift import open_shift
from pos.actions.take_card import start_card
from pos.models import Register
from tests.factories.company import UserFactory
from tests.faults.counting_table import COUNTS
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db

SELLS = {"associate", "lead", "manager", "admin"}
DESK = {"manager", "office", "admin"}

# action -> who may, and how it is done at the world's store by a person
TABLE: dict[str, tuple[set[str], Callable[[World, User], Any]]] = {
    "orders.actions.prepare_pickup": (
        SELLS,
        lambda world, person: prepare_pickup(pickup(world), person=person, at=now()),
    ),
    "orders.actions.hand_over": (SELLS, lambda world, person: hand_over(pickup(world), person=person, at=now())),
    "orders.actions.ship_fulfillment": (
        DESK,
        lambda world, person: ship_fulfillment(pickup(world), carrier="", tracking="", person=person, at=now()),
    ),
    "inventory.actions.adjust_stock": (
        DESK,
        lambda world, person: adjust_stock(level(world), reason="found", change=1, person=person, at=now()),
    ),
    "inventory.actions.set_safety_stock": (
        DESK,
        lambda world, person: set_safety_stock(level(world), 1, person=person, at=now()),
    ),
    "inventory.actions.reorder": (
        DESK,
        lambda world, person: reorder(world.store, {world.mug.pk: 1}, person=person, at=now()),
    ),
    "inventory.actions.repair_level": (
        DESK,
        lambda world, person: repair_level(level(world), person=person, at=now()),
    ),
    "pos.actions.open_shift": (
        SELLS,
        lambda world, person: open_shift(
            world.register, uid=new_uid(), float_minor=1, currency="USD", person=person, at=now()
        ),
    ),
    "pos.actions.close_shift": (
        SELLS,
        lambda world, person: close_shift(
            world.register, shift_uid=new_uid(), counted_minor=1, note="", person=person, at=now()
        ),
    ),
    "pos.actions.take_card": (
        SELLS,
        lambda world, person: start_card(
            reader(world), uid=new_uid(), sale_uid=new_uid(), amount_minor=1, currency="USD", person=person, at=now()
        ),
    ),
    "pos.actions.check_pin": (
        SELLS,
        lambda world, person: check_pin(world.register, device(world), person.username, "4711", at=now()),
    ),
    **COUNTS,
}
# Actions of the system, and those that are a till's or a browser's own: nobody is named, so nobody can be refused.
OF_NOBODY = {
    "orders.actions.settle_payment",
    "orders.actions.close_expired_checkouts",
    "inventory.actions.expire_holds",
    "inventory.actions.check_stock",
    "pos.actions.pair_register",
    "pos.actions.record_sale",
    "pos.actions.refuse_sale",
    "pos.actions.find_pickup",
}


def pickup(world: World) -> Any:
    return world.order(world.mug, pickup=True).fulfillments.get().uid


def level(world: World) -> int:
    return StockLevel.objects.get(variant=world.mug, location=world.store).pk


def reader(world: World) -> Register:
    world.register.card_reader = "tmr_none"
    return world.register


def device(world: World) -> Any:
    from commerce.company import devices
    from commerce.kernel.db import action

    return action(devices.invite)("Till", world.store, at=now())


@pytest.fixture
def world(db: None, card_network: Server) -> World:
    return World.make()


def is_refused(name: str, world: World, person: User) -> bool:
    try:
        TABLE[name][1](world, person)
    except NotAllowed:
        return True
    except DomainError:
        return False  # allowed, and refused for what it was asked to do
    return False


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_role_may_do_what_the_table_says(name: str, world: World) -> None:
    allowed, _do = TABLE[name]
    for role in [*MATRIX, ""]:
        person = UserFactory(username=f"p-{role or 'none'}", role=role, pin="4711")
        assert is_refused(name, world, person) == (role not in allowed), f"{role or 'no role'} and {name}"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_nobody_acts_elsewhere_or_after_they_left(name: str, world: World) -> None:
    elsewhere = UserFactory(username="elsewhere", role="manager", pin="4711", locations=[world.warehouse])
    here = UserFactory(username="here", role="manager", pin="4711", locations=[world.store])
    gone = UserFactory(username="gone", role="admin", pin="4711", is_active=False)
    assert [is_refused(name, world, person) for person in (elsewhere, gone, here)] == [True, True, False]


def test_every_action_of_a_person_is_in_the_table() -> None:
    found = {
        f"{room}.actions.{path.stem}"
        for room in ("orders", "inventory", "pos")
        for path in Path(room, "actions").glob("[a-z]*.py")
    }
    named = {
        module
        for module in found
        if any(
            "person" in inspect.signature(function).parameters
            for _name, function in inspect.getmembers(import_module(module), inspect.isfunction)
            if function.__module__ == module and not _name.startswith("_")
        )
    }
    assert named - set(TABLE) - OF_NOBODY - ELSEWHERE == set()
    assert set(TABLE) | OF_NOBODY <= found


# With tests of their own (tests/office, tests/inventory, tests/orders, tests/pos).
ELSEWHERE: set[str] = {
    "orders.actions.send_from_elsewhere",
    "pos.actions.give_back_card",
    "pos.actions.invite_browser",
    "inventory.actions.approve_transfer",
    "inventory.actions.cancel_purchase_order",
    "inventory.actions.cancel_transfer",
    "inventory.actions.change_purchase_order",
    "inventory.actions.change_transfer",
    "inventory.actions.close_purchase_order",
    "inventory.actions.draft_purchase_order",
    "inventory.actions.name_serials",
    "inventory.actions.place_purchase_order",
    "inventory.actions.receive_purchase_order",
    "inventory.actions.receive_transfer",
    "inventory.actions.report_missing",
    "inventory.actions.request_transfer",
    "inventory.actions.set_components",
    "inventory.actions.set_policy",
    "inventory.actions.settle_missing",
    "inventory.actions.ship_transfer",
}


@pytest.mark.parametrize("module", sorted(ELSEWHERE))
def test_what_is_tested_elsewhere_asks_for_a_permission_all_the_same(module: str) -> None:
    assert "require(" in inspect.getsource(import_module(module))
