"""What a shift took by card against its batch: the card network's for a connected reader, a slip's for another one."""

from datetime import timedelta
from typing import Any

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from orders import gateway
from orders.actions.pull_settlements import pull_settlements
from pos.actions.check_batches import check_batches
from pos.actions.record_batch import record_batch
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import CardAttempt, Shift, TerminalBatch
from tests.faults.conftest import sale
from tests.orders.settling import reaches_balance, steered
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = 1_728  # a mug
LATER = timedelta(days=4)


@pytest.fixture
def world(db: None, card_network: Server) -> World:
    steered(card_network.url).reset()
    return World.make()


def on_reader(world: World, method: str = "pm_card_visa", brand: str = "visa") -> CardAttempt:
    """A card payment that the register's reader has finished."""
    made = gateway.client().v1.payment_intents.create(
        params={
            "amount": DUE, "currency": "usd", "confirm": True, "payment_method": method,
            "allowed_payment_method_types": ["card"],
        }
    )  # fmt: skip
    reaches_balance(made.id)
    return CardAttempt.objects.create(
        uid=new_uid(), sale_uid=new_uid(), register=world.register, currency="USD", amount_minor=DUE,
        state="approved", provider_id=made.id, details={"brand": brand, "last4": "4242"}, created_at=now(),
        settled_at=now(),
    )  # fmt: skip


def sell(world: World, shift: Shift, tender: dict[str, Any], **more: Any) -> None:
    paid = {"amount": {"amount": DUE, "currency": "USD"}, **tender}
    envelope = sale(world, shift=str(shift.uid), tenders=[paid], **more)
    record_sale(parse_envelope(envelope), at=now())


def sell_by_reader(world: World, shift: Shift, attempt: CardAttempt) -> None:
    sell(world, shift, {"type": "card_present", "attempt": str(attempt.uid)}, id=str(attempt.sale_uid))


def sides(shift: Shift) -> list[tuple[str, str, int, int]]:
    rows = TerminalBatch.objects.filter(shift=shift).order_by("tender", "card_type")
    return [(row.tender, row.card_type, row.recorded_minor, row.batch_minor) for row in rows]


def test_a_reader_agrees_with_the_card_network_by_type_of_card(world: World) -> None:
    shift = world.open_shift()
    sell_by_reader(world, shift, on_reader(world))
    sell_by_reader(world, shift, on_reader(world))
    sell_by_reader(world, shift, on_reader(world, "pm_card_mastercard", "mastercard"))
    shift = world.close_shift(shift, 10_000)
    pull_settlements(at=now())
    assert check_batches(at=now()) == 1
    assert sides(shift) == [("card_present", "mastercard", DUE, DUE), ("card_present", "visa", 2 * DUE, 2 * DUE)]
    assert check_batches(at=now()) == 0
    assert not Case.objects.exists()


def test_money_at_the_network_without_a_sale_is_a_difference_after_days(world: World) -> None:
    shift = world.open_shift()
    sell_by_reader(world, shift, on_reader(world))
    lost = on_reader(world)
    shift = world.close_shift(shift, 10_000)
    pull_settlements(at=now())
    check_batches(at=now())
    assert not Case.objects.filter(kind="batch_difference").exists()  # its sale may be on its way
    check_batches(at=now() + LATER)
    check_batches(at=now() + LATER)
    case = Case.objects.get(kind="batch_difference")
    assert (case.location, "the till recorded $17.28, the batch says $34.56 ($17.28)" in case.text) == (
        world.store, True,
    )  # fmt: skip
    sell_by_reader(world, shift, lost)  # the till was offline for days
    pull_settlements(at=now() + LATER)
    check_batches(at=now() + LATER)
    case.refresh_from_db()
    assert (case.status, sides(shift)) == ("resolved", [("card_present", "visa", 2 * DUE, 2 * DUE)])


def test_the_slip_of_a_card_machine_is_typed_in(world: World) -> None:
    shift = world.open_shift()
    for _sale in range(2):
        sell(world, shift, {"type": "external_terminal", "card": {"last4": "4242"}})
    row = record_batch(shift.pk, total_minor=3_400, person=world.manager, at=now())
    assert (row.recorded_minor, row.difference_minor) == (2 * DUE, 3_400 - 2 * DUE)
    case = Case.objects.get(kind="batch_difference")
    assert "All cards" in case.text
    record_batch(shift.pk, total_minor=2 * DUE, person=world.manager, at=now())  # a typing error
    case.refresh_from_db()
    assert (case.status, case.resolved_by, TerminalBatch.objects.count()) == ("resolved", world.manager, 1)
