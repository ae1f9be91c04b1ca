"""F01, F09, F10, F16, F21 of money that goes back: killed at every step x the person tries again or not x words of the
card network duplicated, reordered or omitted.

Refunds at the card network = refunds that count here = what was asked for, after each; and nothing is owed.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders import gateway, tasks
from orders.actions import settle_open_refunds as polling
from orders.actions.accept_return import accept_return
from orders.actions.pay_owed import pay_owed
from orders.actions.refund_amount import refund_amount
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Order, Refund
from orders.returns import ReturnWish
from tests.faults.conftest import in_child
from tests.faults.test_refunds import given_back, owed
from tests.faults.test_webhooks import deliver
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("clean_afterwards")]

# Each part of a refund dies at these places; before the commit nobody has promised anything.
SENDING = ["before_refund_sent", "after_refund_sent", "before_refund_commit", "refund_recorded"]
RETURN = ["before_return_commit", "return_committed", *SENDING]
ALLOWANCE = ["before_allowance_commit", "allowance_committed", *SENDING]
UNPROMISED = ("before_return_commit", "before_allowance_commit")
WORDS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "duplicated": lambda told: [body for body in told for _copy in range(3)],
    "reordered": lambda told: told[::-1],
    "omitted": lambda told: [],
}
SCRATCH = Money(100, "USD")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PATIENCE", timedelta(0))


@pytest.fixture
def order(world: World, network: CardNetwork) -> Order:
    """Twelve mugs, ordered on the web, shipped: one for each death, and to spare."""
    made = world.order(world.mug, 12)
    for part in made.fulfillments.all():
        ship_fulfillment(part.uid, carrier="", tracking="", person=world.manager, at=now())
    return made


def tell(words: str) -> None:
    """What the card network has to say about refunds of ours reaches us in this manner, and is worked."""
    listed = gateway.client().v1.events.list(params={"limit": 100}).data
    ours = {str(uid) for uid in Refund.objects.values_list("uid", flat=True)}
    told: list[dict[str, Any]] = [event.to_dict() for event in reversed(listed)]
    about = [body for body in told if body["data"]["object"].get("metadata", {}).get("refund") in ours]
    for body in WORDS[words]([json.dumps(body).encode() for body in about]):
        assert deliver(body, works=False) == 200
    tasks.work_network_events()


def bring(world: World, order: Order, uid: UUID) -> None:
    wish = ReturnWish(order.lines.get().pk, 1)
    facts = {"uid": uid, "channel": "pos", "person": world.manager, "at": now()}
    accept_return(order.pk, [wish], location=world.store, **facts)


def allow(world: World, order: Order, uid: UUID) -> None:
    refund_amount(order.pk, SCRATCH, uid=uid, reason="Scratched", person=world.manager, at=now())


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(("give", "points"), [(bring, RETURN), (allow, ALLOWANCE)], ids=["return", "amount"])
def test_one_refund_there_and_one_refund_here(
    world: World, order: Order, words: str, give: Callable[[World, Order, UUID], None], points: list[str]
) -> None:
    asked = 0
    for point in points:
        for tries_again in (True, False):
            uid = new_uid()
            assert in_child(lambda uid=uid: give(world, order, uid), **{f"orders__{point}": "kill"}) == 137
            tell(words)
            if tries_again:
                give(world, order, uid)
                tell(words)
            tasks.settle_open_refunds()
            asked += int(tries_again or point not in UNPROMISED)
            assert_agreed(order, asked, f"{point} {tries_again}")


def assert_agreed(order: Order, asked: int, case: str) -> None:
    """As many refunds there as here, of the same money, and nothing is owed."""
    here = list(Refund.objects.filter(state="succeeded").values_list("amount_minor", flat=True))
    payment = order.payments.get()
    assert (len(here), sorted(given_back(order))) == (asked, sorted(here)), case
    assert order.returns.count() + order.allowances.count() == asked, case
    assert (payment.refunded_minor, payment.refund_pending_minor, owed()) == (sum(here), 0, 0), case


@pytest.mark.parametrize("words", WORDS)
def test_a_refund_that_comes_back_late_is_owed_once_and_paid_once(
    world: World, order: Order, network: CardNetwork, words: str
) -> None:
    for number, point in enumerate(SENDING, start=1):
        bring(world, order, new_uid())
        late = Refund.objects.order_by("pk").last()
        assert late is not None
        network.control(f"refunds/{late.provider_id}/fail", {"reason": "declined"})
        learn = tasks.find_failed_refunds if words == "omitted" else lambda: tell(words)
        assert in_child(learn, **{f"orders__{point}": "kill"}) == 137
        tasks.find_failed_refunds()
        tell(words)
        late.refresh_from_db()
        assert (late.state, owed(), Case.objects.filter(resolved_at=None).count()) == ("failed", late.amount_minor, 1)

        case = Case.objects.get(resolved_at=None)
        again = lambda case=case: pay_owed(case, tender="", code="try_again", person=world.manager, at=now())  # noqa: E731
        assert in_child(again, **{f"orders__{point}": "kill"}) == 137
        tell(words)
        tasks.settle_open_refunds()
        assert_agreed(order, number, point)
        assert not Case.objects.filter(resolved_at=None).exists()
