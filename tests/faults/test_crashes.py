"""F01, F14: a process dies, or fails, at any point between cart and order, or between scan and receipt.

One order or none, as many charges as captured payments, and never money without an order once the poller has run.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest

from commerce.kernel.clock import now
from inventory.models import StockLevel
from inventory.tasks import expire_holds
from orders import payments, tasks
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.models import Order, Payment
from tests.client import new_token
from tests.faults.conftest import Api, charges, in_child, sale
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]

CHECKOUT = ["before_hold", "after_hold", "before_intent_saved", "after_intent_saved"]
PAYMENT = ["before_confirm", "after_confirm", "before_settle", "after_settle"]
CHARGED = ["after_confirm", "before_settle", "after_settle"]


def full_name(point: str) -> str:
    return f"orders.{point}" if point == "before_settle" else f"storefront.{point}"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "PATIENCE", timedelta(0))
    monkeypatch.setattr(payments, "PAUSES", (timedelta(0),) * 3)


def shop_until_it_breaks(api: Api, point: str, effect: str, failing: Callable[[str, str], None]) -> str:
    """Check out and pay with the failpoint armed; the cart. The failure must really have happened."""
    cart = api.cart_with("TENT")
    if point in PAYMENT:
        assert api.check_out(cart).status == 200
    step = (lambda: api.check_out(cart)) if point in CHECKOUT else (lambda: api.complete(cart))
    if effect == "kill":
        assert in_child(step, **{full_name(point).replace(".", "__"): "kill"}) == 137
    else:
        failing(full_name(point), "raise")
        assert step().status == 500
        failing(full_name(point), "off")
    return cart


def assert_one_truth(network: CardNetwork, *, sold: int) -> None:
    captured = Payment.objects.filter(state="captured").count()
    assert charges(network) == captured == sold
    assert Order.objects.filter(state="open", payment_status="paid").count() == sold
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == sold


@pytest.mark.parametrize("effect", ["kill", "raise"])
@pytest.mark.parametrize("point", CHECKOUT + PAYMENT)
def test_the_shopper_tries_again(
    api: Api, network: CardNetwork, failing: Callable[[str, str], None], point: str, effect: str
) -> None:
    cart = shop_until_it_breaks(api, point, effect, failing)
    if point in CHECKOUT:
        assert api.check_out(cart).status == 200
    again = api.complete(cart)
    assert (again.status, again.body["payment_status"]) == (200, "paid")
    assert_one_truth(network, sold=1)
    tasks.settle_open_payments()
    assert_one_truth(network, sold=1)


@pytest.mark.parametrize("effect", ["kill", "raise"])
@pytest.mark.parametrize("point", CHECKOUT + PAYMENT)
def test_nobody_tries_again(
    api: Api, network: CardNetwork, failing: Callable[[str, str], None], point: str, effect: str
) -> None:
    shop_until_it_breaks(api, point, effect, failing)
    tasks.settle_open_payments()
    sold = int(point in CHARGED)
    assert charges(network) == Payment.objects.filter(state="captured").count() == sold
    close_expired_checkouts(at=now() + timedelta(hours=1))
    expire_holds()
    assert_one_truth(network, sold=sold)
    assert not Order.objects.filter(state="draft").exists()


def test_without_the_poller_the_money_would_be_without_an_order(api: Api, network: CardNetwork) -> None:
    """The negative control: what the poller is for does happen."""
    cart = api.cart_with("TENT")
    api.check_out(cart)
    assert in_child(lambda: api.complete(cart), storefront__after_confirm="kill") == 137
    assert charges(network) == 1
    assert not Order.objects.filter(state="open").exists()
    tasks.settle_open_payments()
    assert_one_truth(network, sold=1)


@pytest.mark.parametrize("again", ["complete", "key"])
def test_an_idempotency_key_does_not_outlive_its_process_for_long(
    api: Api, network: CardNetwork, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key of a request that died is in use for a minute; the cart can be completed without it at once."""
    cart = api.cart_with("TENT")
    api.check_out(cart)
    assert in_child(lambda: api.complete(cart, Idempotency_Key="k"), storefront__after_confirm="kill") == 137
    stuck = api.complete(cart, Idempotency_Key="k")
    assert (stuck.status, stuck.body["code"]) == (409, "request_in_progress")
    if again == "key":
        monkeypatch.setattr("commerce.kernel.idempotency.STALE_SECONDS", 0)
        assert api.complete(cart, Idempotency_Key="k").status == 200
    else:
        assert api.complete(cart).status == 200
    assert_one_truth(network, sold=1)


@pytest.mark.parametrize("point", ["pos__before_stock", "pos__before_commit", "pos__before_answer"])
def test_a_till_sale_whose_answer_never_came(world: World, point: str) -> None:
    """F05: killed before the commit, or after it and before the answer: the till's replay gives one order."""
    api, envelope = Api(new_token(), {}), sale(world, quantity=2)
    assert in_child(lambda: api.post("/sales", envelope), **{point: "kill"}) == 137
    assert Order.objects.count() == int(point == "pos__before_answer")
    answers = [api.post("/sales", envelope) for _again in range(2)]
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert Order.objects.count() == 1
    assert StockLevel.objects.get(variant=world.mug, location=world.store).on_hand == 18
