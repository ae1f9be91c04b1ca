"""T10: one table of who may do what, against every action that a person can be the author of, for every role."""

import inspect
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from commerce.cases.models import Case
from commerce.company.models import User
from commerce.company.permissions import MATRIX
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError, NotAllowed
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders import refunds
from orders.actions.accept_return import accept_return
from orders.actions.change_serials import change_serials
from orders.actions.end_bank_transfer import end_bank_transfer
from orders.actions.hand_over import hand_over
from orders.actions.pay_owed import pay_owed
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.refund_amount import refund_amount
from orders.actions.send_from_elsewhere import send_from_elsewhere
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.returns import ReturnWish
from pos.actions.check_pin import check_pin
from pos.actions.close_shift import close_shift
from pos.actions.give_back_card import give_back_card
from pos.actions.invite_browser import invite_browser
from pos.actions.open_shift import open_shift
from pos.actions.print_report import print_report
from pos.actions.record_batch import record_batch
from pos.actions.take_back import Wanted, take_back
from pos.actions.take_card import start_card
from pos.models import CardAttempt, Register, Shift
from tests.factories.cases import CaseFactory
from tests.factories.company import UserFactory
from tests.faults.books_table import BOOKS
from tests.faults.cards_table import CARDS
from tests.faults.counting_table import COUNTS
from tests.faults.goods_table import GOODS
from tests.faults.payments_table import PAYMENTS
from tests.faults.prices_table import PRICED
from tests.faults.settlements_table import SETTLED
from tests.faults.wallets_table import WALLETS
from tests.servers import Server
from tests.snapshot import written
from tests.world import World

pytestmark = pytest.mark.django_db

SELLS = {"associate", "lead", "manager", "admin"}
DESK = {"manager", "office", "admin"}
Deed = Callable[..., Any]

# action -> who may, and what prepares it at the world's store: the deed it gives takes the person.
TABLE: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "orders.actions.prepare_pickup": (SELLS, lambda world: partial(prepare_pickup, pickup(world), at=now())),
    "orders.actions.hand_over": (SELLS, lambda world: partial(hand_over, pickup(world), at=now())),
    "orders.actions.ship_fulfillment": (
        DESK,
        lambda world: partial(ship_fulfillment, pickup(world), carrier="", tracking="", at=now()),
    ),
    "orders.actions.send_from_elsewhere": (
        DESK,
        lambda world: partial(send_from_elsewhere, case(world, "oversell", "MUG at PDX-1"), at=now()),
    ),
    "orders.actions.change_serials": (DESK, lambda world: sold_with(world, ["A-1"])),
    "orders.actions.accept_return": (SELLS | DESK, lambda world: brought(world)),
    "orders.actions.pay_owed": (DESK, lambda world: owed(world)),
    "orders.actions.end_bank_transfer": (DESK, lambda world: transferred(world)),
    "orders.actions.refund_amount": (DESK, lambda world: allowed(world)),
    "pos.actions.open_shift": (
        SELLS,
        lambda world: partial(open_shift, world.register, uid=new_uid(), float_minor=1, currency="USD", at=now()),
    ),
    "pos.actions.close_shift": (
        SELLS,
        lambda world: partial(close_shift, world.register, shift_uid=new_uid(), counted_minor=1, note="", at=now()),
    ),
    "pos.actions.print_report": (
        SELLS,
        lambda world: partial(print_report, world.register, shift_uid=new_uid(), at=now()),
    ),
    "pos.actions.take_card": (
        SELLS,
        lambda world: partial(
            start_card, reader(world), uid=new_uid(), sale_uid=new_uid(), amount_minor=1, currency="USD", at=now()
        ),
    ),
    "pos.actions.record_batch": (
        {*SELLS, *DESK},
        lambda world: partial(record_batch, shift(world).pk, total_minor=1, at=now()),
    ),
    "pos.actions.give_back_card": (
        DESK,
        lambda world: partial(give_back_card, case(world, "card_without_sale", str(attempt(world).uid)), at=now()),
    ),
    "pos.actions.take_back": (SELLS | DESK, lambda world: carried_back(world)),
    "pos.actions.invite_browser": (
        {"manager", "admin"},
        lambda world: partial(invite_browser, world.register.pk, at=now()),
    ),
    "pos.actions.check_pin": (SELLS, lambda world: partial(pass_by_pin, world, device(world))),
    **COUNTS,
    **GOODS,
    **PAYMENTS,
    **CARDS,
    **PRICED,
    **WALLETS,
    **SETTLED,
    **BOOKS,
}
# Actions of the system, and those that are a till's or a browser's own: nobody is named, so nobody can be refused.
OF_NOBODY = {
    "orders.actions.settle_payment",
    "orders.actions.settle_refund",
    "orders.actions.settle_open_refunds",
    "orders.actions.adopt_refund",
    "orders.actions.close_expired_checkouts",
    "orders.actions.settle_dispute",
    "orders.actions.settle_payout",
    "orders.actions.pull_settlements",
    "orders.actions.ask_card_network",
    "orders.actions.keep_network_event",
    "orders.actions.work_network_events",
    "commerce.pricing.actions.settle_listings",
    "inventory.actions.expire_holds",
    "inventory.actions.check_stock",
    "customers.actions.end_wallets",
    "customers.actions.look_up_gift_card",
    "pos.actions.check_batches",
    "pos.actions.pair_register",
    "pos.actions.record_sale",
    "pos.actions.refuse_sale",
    "pos.actions.find_pickup",
}
# What is the same at every location: nobody who may do it is refused for the place they work at.
EVERYWHERE = {
    "inventory.actions.set_components",
    "orders.actions.retry_network_event",
    *CARDS,
    *PRICED,
    *(name for name in WALLETS if not name.startswith("pos.")),
    *SETTLED,
    *BOOKS,
}
# What keeps how often it was tried.
KEEPS_TRIES = {"pos.actions.check_pin"}


def pickup(world: World) -> Any:
    return world.order(world.mug, pickup=True).fulfillments.get().uid


def sold_with(world: World, numbers: list[str]) -> Deed:
    order = world.sell(world.mug)
    return partial(change_serials, order.pk, order.lines.get().pk, numbers, at=now())


def brought(world: World) -> Deed:
    order = world.sell(world.mug)
    wishes = [ReturnWish(order.lines.get().pk, 1)]
    return partial(accept_return, order.pk, wishes, uid=new_uid(), location=world.store, channel="pos", at=now())


def allowed(world: World) -> Deed:
    order = world.sell(world.mug)
    return partial(refund_amount, order.pk, Money(100, "USD"), uid=new_uid(), reason="Scratched", at=now())


def carried_back(world: World) -> Deed:
    order = world.sell(world.mug)
    open_here = world.register.shifts.filter(closed_at=None).first() or world.open_shift()
    wanted = Wanted(order.uid, [ReturnWish(order.lines.get().pk, 1)])
    return partial(take_back, world.register, wanted, uid=new_uid(), shift_uid=open_here.uid, approver=None, at=now())


def transferred(world: World) -> Deed:
    order = world.sell(world.mug)
    lead = UserFactory(role="manager")
    facts = {"uid": new_uid(), "reason": "Scratched", "person": lead, "tender": "bank_transfer", "at": now()}
    refund = refund_amount(order.pk, Money(100, "USD"), **facts).refunds.get()
    about = Case.objects.get(kind="bank_transfer_due", subject=str(refund.uid))
    return partial(end_bank_transfer, about, reference="T-1", at=now())


def owed(world: World) -> Deed:
    """A refund of a sale that did not reach the customer."""
    order = world.sell(world.mug)
    allowance = refund_amount(order.pk, Money(100, "USD"), uid=new_uid(), reason="Scratched", person=None, at=now())
    refund = allowance.refunds.get()

    @action
    def come_back() -> None:
        refunds.fail(refund, code="declined", text="The bank sent it back.", at=now())

    come_back()
    about = Case.objects.get(kind="refund_failed", subject=str(refund.uid))
    return partial(pay_owed, about, tender="", code="try_again", at=now())


def case(world: World, kind: str, subject: str) -> Case:
    known = Case.objects.filter(kind=kind, subject=subject, status="open").first()
    return known or CaseFactory(kind=kind, subject=subject, location=world.store)


def attempt(world: World) -> CardAttempt:
    """A payment that cannot be given back: the card was not charged."""
    facts = {"currency": "USD", "amount_minor": 1, "state": "canceled", "settled_at": now(), "created_at": now()}
    return CardAttempt.objects.create(uid=new_uid(), sale_uid=new_uid(), register=world.register, **facts)


def shift(world: World) -> Shift:
    return Shift.objects.first() or world.open_shift()


def reader(world: World) -> Register:
    world.register.card_reader = "tmr_none"
    return world.register


def device(world: World) -> Any:
    from commerce.company import devices
    from commerce.kernel.db import action

    return action(devices.invite)("Till", world.store, at=now())


def pass_by_pin(world: World, browser: Any, *, person: User) -> Any:
    return check_pin(world.register, browser, person.username, "4711", at=now())


@pytest.fixture
def world(db: None, card_network: Server) -> World:
    return World.make()


def is_refused(name: str, world: World, person: User) -> bool:
    """Whether the person may not do it at all. Then it has left nothing."""
    deed = TABLE[name][1](world)
    before = written()
    try:
        deed(person=person)
    except NotAllowed:
        assert name in KEEPS_TRIES or written() == before, f"{name} was refused and has left something"
        return True
    except DomainError:
        return False  # allowed, and refused for what it was asked to do
    return False


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_role_may_do_what_the_table_says(name: str, world: World) -> None:
    allowed, _prepare = TABLE[name]
    for role in [*MATRIX, ""]:
        person = UserFactory(username=f"p-{role or 'none'}", role=role, pin="4711")
        assert is_refused(name, world, person) == (role not in allowed), f"{role or 'no role'} and {name}"


@pytest.mark.parametrize("name", sorted(TABLE))
def test_nobody_acts_elsewhere_or_after_they_left(name: str, world: World) -> None:
    elsewhere = UserFactory(username="elsewhere", role="admin", pin="4711", locations=[world.warehouse])
    here = UserFactory(username="here", role="admin", pin="4711", locations=[world.store])
    gone = UserFactory(username="gone", role="admin", pin="4711", is_active=False)
    found = [is_refused(name, world, person) for person in (elsewhere, gone, here)]
    assert found == [name not in EVERYWHERE, True, False]


def test_what_is_left_behind_is_noticed(world: World) -> None:
    before = written()
    assert written() == before
    Case.objects.filter(pk=case(world, "oversell", "MUG at PDX-1").pk).update(text="Something else.")
    assert written() != before


def test_every_action_of_a_person_is_in_the_table() -> None:
    found = {
        f"{room}.actions.{path.stem}"
        for room in ("customers", "orders", "inventory", "pos", "commerce.pricing", "commerce.ledger")
        for path in Path(*room.split("."), "actions").glob("[a-z]*.py")
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
    assert named - set(TABLE) - OF_NOBODY == set()
    assert set(TABLE) | OF_NOBODY <= found
