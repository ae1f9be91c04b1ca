"""F15, F17: the card network fails, hangs, loses its answers or is gone. One charge in the end, and a true word."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings

from inventory.models import StockLevel
from orders import gateway, payments, tasks
from orders.models import Order, Payment
from tests.faults.conftest import Api, charges, together
from tests.sandbox.card_network_process import CardNetwork, free_port

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]

CREATE, CONFIRM = "/v1/payment_intents", "/v1/payment_intents/*/confirm"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(payments, "PATIENCE", timedelta(0))
    monkeypatch.setattr(payments, "PAUSES", (timedelta(0),) * 3)
    with override_settings(STRIPE_TIMEOUT_SECONDS=1):
        gateway.client.cache_clear()
        yield
    gateway.client.cache_clear()


def assert_paid_once(network: CardNetwork) -> None:
    assert charges(network) == Payment.objects.filter(state="captured").count() == 1
    assert Order.objects.get(state="open").payment_status == "paid"


@pytest.mark.parametrize("kind", ["error", "error_after", "drop", "drop_after", "delay", "delay_after"])
def test_announcing_the_payment_fails(api: Api, network: CardNetwork, kind: str) -> None:
    """Nothing was charged, the goods stay held, and the next try goes through; also when the key keeps a 500."""
    cart = api.cart_with("TENT")
    network.control("faults", {"kind": kind, "path": CREATE, "times": 2, "seconds": 2.5})
    failed = api.check_out(cart)
    assert (failed.status, failed.body["code"]) == (503, "payment_unavailable")
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 1
    network.control("faults", method="DELETE")
    time.sleep(2.6 if kind.startswith("delay") else 0)
    assert api.check_out(cart).status == 200
    assert sum(StockLevel.objects.values_list("reserved", flat=True)) == 1
    assert Order.objects.count() == 1
    assert api.complete(cart).status == 200
    assert_paid_once(network)


@pytest.mark.parametrize("again", ["shopper", "poller"])
@pytest.mark.parametrize("kind", ["error", "error_after", "drop", "drop_after", "delay", "delay_after"])
def test_charging_the_card_fails(api: Api, network: CardNetwork, kind: str, again: str) -> None:
    cart = api.cart_with("TENT")
    assert api.check_out(cart).status == 200
    network.control("faults", {"kind": kind, "path": CONFIRM, "times": 2, "seconds": 2.5})
    unknown = api.complete(cart)
    assert (unknown.status, unknown.body["code"]) == (503, "payment_unknown")
    assert Payment.objects.get().state == "processing"
    network.control("faults", method="DELETE")
    if kind.startswith("delay"):
        time.sleep(2.6)  # what was late has happened by now
    has_charged = charges(network)
    assert has_charged == int("after" in kind or kind == "delay")
    if again == "poller":
        tasks.settle_open_payments()
        assert Order.objects.get().state == ("open" if has_charged else "draft")
    assert api.complete(cart).status == 200
    assert_paid_once(network)


def test_a_second_click_while_the_first_is_under_way(api: Api, network: CardNetwork) -> None:
    """F17: it is told that nothing is known yet, never that the card was refused."""
    cart = api.cart_with("TENT")
    api.check_out(cart)
    gateway.client.cache_clear()
    with override_settings(STRIPE_TIMEOUT_SECONDS=20):
        network.control("faults", {"kind": "delay", "path": CONFIRM, "times": 1, "seconds": 2})

        def second() -> Any:
            time.sleep(0.6)
            return api.complete(cart)

        first, late = together(lambda: api.complete(cart), second)
    assert first.status == 200
    assert late.status == 200 or late.body["code"] == "payment_unknown", late
    assert_paid_once(network)
    assert api.complete(cart).body["number"] == first.body["number"]


def test_a_declined_card_whose_answer_was_lost(api: Api, network: CardNetwork) -> None:
    cart = api.cart_with("TENT")
    api.check_out(cart)
    network.control("faults", {"kind": "drop_after", "path": CONFIRM, "times": 2})
    assert api.complete(cart, "pm_card_chargeDeclined").body["code"] == "payment_unknown"
    tasks.settle_open_payments()
    assert (Payment.objects.get().state, charges(network)) == ("pending", 0)
    assert api.complete(cart).status == 200
    assert_paid_once(network)


def test_keys_are_kept_in_the_database_not_in_memory(api: Api, network: CardNetwork) -> None:
    """What a retry sends is what the first try sent, from another process too: the payment's uid and attempt."""
    cart = api.cart_with("TENT")
    api.check_out(cart)
    payment = Payment.objects.get()
    gateway.client.cache_clear()
    assert gateway.begin(payment, description="Order of ada@example.com", email="ada@example.com").id == (
        payment.provider_id
    )
    assert Payment.objects.values_list("attempt", flat=True).get() == 0
    api.complete(cart, "pm_card_chargeDeclined")
    api.complete(cart)
    assert Payment.objects.values_list("attempt", flat=True).get() == 2
    assert_paid_once(network)


def test_the_card_network_is_gone(api: Api, network: CardNetwork) -> None:
    """At checkout nothing can be charged, at payment nothing was: both are said, and both go on when it is back."""
    paying, waiting = api.cart_with("TENT"), api.cart_with("MUG")
    assert api.check_out(paying).status == 200
    with override_settings(STRIPE_API_BASE=f"http://127.0.0.1:{free_port()}"):
        gateway.client.cache_clear()
        assert api.check_out(waiting).body["code"] == "payment_unavailable"
        assert api.complete(paying).body["code"] == "payment_unknown"
        assert tasks.settle_open_payments() == 0
        assert api.get(f"/carts/{waiting}").status == 200
    gateway.client.cache_clear()
    assert api.check_out(waiting).status == 200
    assert [api.complete(cart).status for cart in (paying, waiting)] == [200, 200]
    assert charges(network) == Order.objects.filter(state="open").count() == 2


def test_a_payment_that_cannot_be_settled_holds_up_no_other(
    api: Api, network: CardNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F12: the poisoned one is logged and left for the next round; the others are settled, and checkouts closed."""
    carts = [api.cart_with("MUG") for _n in range(3)]
    for cart in carts:
        api.check_out(cart)
    network.control("faults", {"kind": "drop_after", "path": CONFIRM, "times": 6})
    for cart in carts:
        assert api.complete(cart).body["code"] == "payment_unknown"
    poisoned = Payment.objects.order_by("pk")[0]
    retrieve = gateway.retrieve

    def retrieve_others(provider_id: str) -> gateway.Intent:
        if provider_id == poisoned.provider_id:
            raise RuntimeError("a bug")
        return retrieve(provider_id)

    monkeypatch.setattr(gateway, "retrieve", retrieve_others)
    tasks.settle_open_payments()
    assert Order.objects.filter(state="open").count() == 2
    monkeypatch.setattr(gateway, "retrieve", retrieve)
    tasks.settle_open_payments()
    assert charges(network) == Order.objects.filter(state="open").count() == 3
