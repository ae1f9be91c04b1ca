"""F01, F14, F17: every try to charge a card is written down first, one at a time, and ends in a state that is true."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from commerce.kernel.clock import now
from orders import gateway, payments
from orders.actions.ask_card_network import ask_card_network
from orders.actions.settle_payment import settle_payment
from orders.errors import PaymentInProgress
from orders.models import Order, Payment, PaymentAttempt
from storefront.actions.pay import start_payment
from tests.faults.conftest import Api, charges, in_child
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]

CONFIRM = "/v1/payment_intents/*/confirm"
ASKS = "pm_card_authenticationRequired"


def tries() -> list[tuple[str, str]]:
    return list(PaymentAttempt.objects.order_by("pk").values_list("state", "failure_code"))


def begin(world: World) -> Payment:
    """A shopper in a browser has pressed the button; what the card form does then is up to the test."""
    payment = world.draft(world.mug)
    assert payment.order.cart is not None
    start_payment(payment.order.cart.uid, at=now())
    return payment


def confirm(payment: Payment, card: str = "pm_card_visa") -> None:
    params: Any = {"payment_method": card, "return_url": "http://127.0.0.1/"}
    gateway.client().v1.payment_intents.confirm(payment.provider_id, params=params)


def test_a_try_is_committed_with_its_amount_and_key_before_the_card_network_is_asked(
    api: Api, network: CardNetwork
) -> None:
    cart = api.cart_with("TENT")
    api.check_out(cart)
    assert in_child(lambda: api.complete(cart, "pm_card_mastercard"), storefront__before_confirm="kill") == 137
    attempt = PaymentAttempt.objects.get()
    assert (attempt.state, attempt.number, attempt.amount_minor, attempt.currency, attempt.payment_method) == (
        "started", 1, Payment.objects.get().amount_minor, "USD", "pm_card_mastercard",
    )  # fmt: skip
    assert charges(network) == 0
    assert api.complete(cart, "pm_card_mastercard").status == 200
    attempt.refresh_from_db()
    assert (attempt.state, PaymentAttempt.objects.count(), charges(network)) == ("succeeded", 1, 1)
    assert attempt.provider_id.startswith("ch_")


def test_each_try_has_a_row_and_a_key_of_its_own(api: Api, network: CardNetwork) -> None:
    cart = api.cart_with("TENT")
    api.check_out(cart)
    assert api.complete(cart, "pm_card_chargeDeclined").body["code"] == "card_declined"
    assert api.complete(cart, "pm_card_chargeDeclinedInsufficientFunds").body["code"] == "card_declined"
    assert api.complete(cart).status == 200
    assert tries() == [("failed", "generic_decline"), ("failed", "insufficient_funds"), ("succeeded", "")]
    assert PaymentAttempt.objects.values("uid").distinct().count() == 3
    assert charges(network) == 1


def test_a_try_without_an_answer_is_unknown_and_nothing_else_begins(api: Api, network: CardNetwork) -> None:
    cart = api.cart_with("TENT")
    api.check_out(cart)
    network.control("faults", {"kind": "drop_after", "path": CONFIRM, "times": 4})
    assert api.complete(cart).body["code"] == "payment_unknown"
    assert tries() == [("unknown", "")]
    again = api.complete(cart, "pm_card_mastercard")  # the same try goes on; its answer is heard now
    assert (again.status, tries(), charges(network)) == (200, [("succeeded", "")], 1)


def test_no_second_try_can_be_open(world: World) -> None:
    payment = begin(world)
    payment.refresh_from_db()
    with pytest.raises(PaymentInProgress):
        _start(payment)
    row = PaymentAttempt.objects.get()
    row.pk, row.number, row.uid = None, 2, payment.uid
    with pytest.raises(IntegrityError, match="payment_attempt_one_open"):
        row.save()


def _start(payment: Payment) -> None:
    from commerce.kernel.db import action

    action(payments.start_attempt)(payment, at=now())


def test_the_bank_asks_and_the_shopper_takes_another_card(api: Api, network: CardNetwork) -> None:
    cart = api.cart_with("TENT")
    api.check_out(cart)
    assert api.complete(cart, ASKS).body["code"] == "card_action_required"
    assert tries() == [("needs_action", "")]
    assert api.complete(cart, ASKS).body["code"] == "card_action_required"
    assert api.complete(cart).status == 200
    assert tries() == [("failed", "authentication_abandoned"), ("succeeded", "")]
    assert charges(network) == 1


def test_a_browser_that_is_closed_after_paying_yields_the_order_within_a_minute(
    world: World, network: CardNetwork
) -> None:
    """No page comes back, no webhook comes: the poller's own rhythm (every ten seconds) finds it."""
    payment = begin(world)
    confirm(payment)
    began = now()
    for seconds in range(10, 61, 10):
        ask_card_network(at=began + timedelta(seconds=seconds))
    assert Order.objects.get().state == "open"
    assert Order.objects.get().payments.get().settled_at <= began + timedelta(seconds=20)
    assert charges(network) == 1


def test_paying_after_ten_minutes_is_found_within_a_minute_too(world: World, network: CardNetwork) -> None:
    payment = begin(world)
    began = now()
    for seconds in range(10, 600, 10):  # the card form waits for somebody who looks for their card
        ask_card_network(at=began + timedelta(seconds=seconds))
    confirm(payment)
    for seconds in range(600, 661, 10):
        ask_card_network(at=began + timedelta(seconds=seconds))
    assert Order.objects.get().state == "open"
    assert tries() == [("succeeded", "")]
    assert charges(network) == 1


def test_a_question_of_the_bank_that_is_answered_late_still_counts(world: World, network: CardNetwork) -> None:
    payment = begin(world)
    confirm(payment, ASKS)
    settle_payment(payment.uid, at=now())
    assert tries() == [("needs_action", "")]
    assert Payment.objects.get().state == "processing"
    confirm(payment)
    ask_card_network(at=now() + timedelta(seconds=40))
    assert (tries(), Order.objects.get().state) == ([("succeeded", "")], "open")


def test_what_the_card_network_said_of_an_earlier_try_is_no_word_about_this_one(world: World) -> None:
    payment = begin(world)
    with pytest.raises(Exception, match="declined"):
        confirm(payment, "pm_card_chargeDeclined")
    settle_payment(payment.uid, at=now())
    assert tries() == [("failed", "generic_decline")]
    payment.refresh_from_db()
    assert payment.order.cart is not None
    start_payment(payment.order.cart.uid, at=now())
    settle_payment(payment.uid, at=now())
    assert tries() == [("failed", "generic_decline"), ("started", "")]
    settle_payment(payment.uid, at=now() + payments.ARRIVAL)  # it cannot be on its way any more
    assert tries()[1] == ("failed", "never_arrived")
    payment.refresh_from_db()
    assert (payment.state, payment.check_at is not None) == ("pending", True)


def test_the_poller_asks_about_no_more_than_it_can(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounded in number and in time; what is left is asked about first in the next run."""
    asked: list[Any] = []
    monkeypatch.setattr("orders.actions.ask_card_network.settle_payment", lambda uid, *, at: asked.append(uid))
    monkeypatch.setattr("orders.actions.ask_card_network.BATCH", 2)
    monkeypatch.setattr("orders.actions.ask_card_network.MOST", 4)
    for number in range(5):
        payment = begin(world)
        Payment.objects.filter(pk=payment.pk).update(check_at=now() - timedelta(minutes=9 - number))
    found = list(Payment.objects.order_by("pk").values_list("uid", flat=True))
    assert ask_card_network(at=now()) == 4
    assert sorted(asked) == sorted(found[:4])
    monkeypatch.setattr("orders.actions.ask_card_network.SECONDS", 0.0)
    assert ask_card_network(at=now()) == 0
