"""Two tills and one customer: a unit comes back once, however often and wherever it is pressed at once."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from orders.models import Order, OrderLine, Return
from orders.returns import ReturnWish
from pos import drawer, shifts
from pos.actions.open_shift import open_shift
from pos.actions.take_back import Wanted, take_back
from pos.models import CashMovement, Register, Shift
from tests.concurrency.conftest import audit
from tests.concurrency.test_one_effect import together
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
TILLS = 6


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


@pytest.fixture
def tills(world: World) -> list[Shift]:
    """Open shifts of as many registers."""
    found = []
    for number in range(TILLS):
        register = Register.objects.create(code=f"PDX-1-{number + 2}", name="Till", location=world.store)
        facts = {"float_minor": 10_000, "currency": "USD", "person": world.manager, "at": now()}
        found.append(open_shift(register, uid=new_uid(), **facts))  # type: ignore[arg-type]
    return found


def press(world: World, order: Order, uids: list[Any], tills: list[Shift]) -> Counter[str]:
    line = order.lines.get().pk

    def one(uid: Any, shift: Shift) -> str:
        facts = {"person": world.manager, "approver": None, "at": now()}
        wanted = Wanted(order.uid, [ReturnWish(line, 1)])
        try:
            take_back(shift.register, wanted, uid=uid, shift_uid=shift.uid, **facts)  # type: ignore[arg-type]
        except DomainError as refusal:
            return refusal.code
        except IntegrityError:
            return "constraint"
        finally:
            connection.close()
        return "taken"

    return Counter(together(*(partial(one, uid, shift) for uid, shift in zip(uids, tills, strict=True))))


def test_the_last_unit_comes_back_at_one_till(world: World, tills: list[Shift]) -> None:
    order = world.sell(world.mug)
    before = StockLevel.objects.get(variant=world.mug, location=world.store).on_hand
    assert press(world, order, [new_uid() for _ in tills], tills) == {"taken": 1, "not_returnable": TILLS - 1}
    assert CashMovement.objects.filter(kind="refund").count() == 1
    assert StockLevel.objects.get(variant=world.mug, location=world.store).on_hand == before + 1
    assert audit() == ""


def test_one_press_sent_many_times_at_once_is_one_return(world: World, tills: list[Shift]) -> None:
    order = world.sell(world.mug, 3)
    assert press(world, order, [new_uid()] * TILLS, tills[:1] * TILLS) == {"taken": TILLS}
    assert (Return.objects.count(), OrderLine.objects.get(order=order).returned) == (1, 1)
    assert CashMovement.objects.filter(kind="refund").count() == 1
    assert audit() == ""


def test_without_the_turn_of_one_press_the_others_are_refused(
    world: World, tills: list[Shift], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: what makes one press one return is the turn, and the shift whose lock stands behind it."""

    def unlocked(uid: Any, register: Register) -> Shift:
        return Shift.objects.get(uid=uid)

    ignore: Callable[..., None] = lambda *_args: None  # noqa: E731
    monkeypatch.setattr("pos.actions.take_back.idempotency.wait_for_turn", ignore)
    monkeypatch.setattr(shifts, "hold_open", unlocked)
    order = world.sell(world.mug, 3)
    counted = press(world, order, [new_uid()] * TILLS, tills[:1] * TILLS)
    assert counted["constraint"] > 0
    assert drawer.expected(tills[0]) == 10_000 - 1_728 * CashMovement.objects.filter(kind="refund").count()
