"""F35: a reader that is busy, lost or turned away from, and results that come late, never pay for the wrong sale."""

from collections.abc import Iterator
from typing import Any

import pytest

from commerce.kernel.ids import new_uid
from orders import gateway
from orders.models import Payment
from pos.models import CardAttempt
from tests.faults.conftest import Api, pair, sale, together
from tests.hardware.conftest import until
from tests.pos import test_card_attempts
from tests.pos.test_card_attempts import DUE, at_reader, start, state_of, stripe_action
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.timeout(120)
reader = test_card_attempts.reader


@pytest.fixture
def world(transactional_db: None, card_network: Server) -> World:
    return World.make()


@pytest.fixture
def network(card_network: Server) -> Iterator[CardNetwork]:
    steered = CardNetwork(card_network.url, None, None)  # type: ignore[arg-type]
    yield steered
    steered.control("faults", method="DELETE")


@pytest.fixture
def till(world: World, reader: str) -> Api:
    till = pair(world.register, "TILLCARD")
    shown = till.post("/pin", {"username": "mina", "pin": "4711"}).body["pass"]
    return Api(till.token, {"X-Person": shown}, "/till/api")


def ask(till: Api, **more: Any) -> Any:
    body = {"id": str(new_uid()), "sale": str(new_uid()), "amount_minor": DUE, "currency": "USD", **more}
    return till.post("/card-attempts", body)


def record(till: Api, world: World, attempt: CardAttempt, sale_uid: Any = None) -> Any:
    tender = {"type": "card_present", "amount": {"amount": DUE, "currency": "USD"}, "attempt": str(attempt.uid)}
    return Api(till.token, {}).post("/sales", sale(world, id=str(sale_uid or attempt.sale_uid), tenders=[tender]))


@pytest.mark.parametrize(
    ("trouble", "code"), [({"busy": True}, "reader_busy"), ({"status": "offline"}, "reader_offline")]
)
def test_a_reader_that_takes_nothing_says_what_to_do_and_nothing_stays_open(
    till: Api,
    reader: str,
    network: CardNetwork,
    trouble: dict[str, Any],
    code: str,
) -> None:
    network.control(f"readers/{reader}", trouble)
    refused = ask(till)
    assert refused.body["code"] == code
    assert "stripe.com" not in refused.body["detail"]
    attempt = CardAttempt.objects.get()
    assert till.post(f"/card-attempts/{attempt.uid}/cancellation").body["state"] == "canceled"
    network.control(f"readers/{reader}", {"busy": False, "status": "online"})
    assert ask(till).status == 201


@pytest.mark.parametrize(("outcome", "code"), [("cancel", "customer_canceled"), ("timeout", "terminal_reader_timeout")])
def test_what_the_customer_did_is_told_apart_from_what_the_bank_said(
    till: Api,
    reader: str,
    network: CardNetwork,
    outcome: str,
    code: str,
) -> None:
    network.control(f"readers/{reader}", {"outcome": outcome, "auto_present": 0.1})
    attempt = start(till)
    until(lambda: stripe_action(reader) == "failed")
    answer = till.get(f"/card-attempts/{attempt.uid}").body
    assert (answer["state"], answer["failure_code"]) == ("declined", code)
    network.control(f"readers/{reader}", {"outcome": "approve", "auto_present": None})


def test_a_refused_payment_can_never_be_paid_later(till: Api, reader: str, network: CardNetwork) -> None:
    attempt = start(till)
    at_reader(network, reader, "decline")
    assert till.get(f"/card-attempts/{attempt.uid}").body["state"] == "declined"
    assert gateway.retrieve(CardAttempt.objects.get().provider_id).status == "canceled"


def test_a_canceled_payment_whose_card_was_held_already_pays_its_own_sale_alone(
    world: World,
    till: Api,
    reader: str,
    network: CardNetwork,
) -> None:
    """The cashier presses cancel in the half second in which the bank thinks: the answer says that it was paid."""
    first = start(till)
    at_reader(network, reader, "present")
    assert till.post(f"/card-attempts/{first.uid}/cancellation").body["state"] == "approved"
    assert record(till, world, first, sale_uid=new_uid()).body["code"] == "card_not_paid"
    assert record(till, world, first).status == 201
    assert Payment.objects.get().provider_id == CardAttempt.objects.get().provider_id


def test_the_next_sale_ends_what_was_left_on_the_reader_and_is_charged_its_own_amount(
    world: World,
    till: Api,
    reader: str,
    network: CardNetwork,
) -> None:
    left = start(till, minor=99_900)
    following = start(till)
    assert state_of(left) == "canceled"
    assert gateway.retrieve(CardAttempt.objects.get(pk=left.pk).provider_id).status == "canceled"
    at_reader(network, reader, "present")
    assert till.get(f"/card-attempts/{following.uid}").body["state"] == "approved"
    assert gateway.retrieve(CardAttempt.objects.get(pk=following.pk).provider_id).received == DUE
    assert record(till, world, following).status == 201


def test_the_next_sale_waits_while_nobody_knows_what_became_of_the_last(
    till: Api,
    reader: str,
    network: CardNetwork,
) -> None:
    left = start(till)
    network.control("faults", {"kind": "drop", "method": "GET", "path": f"/v1/terminal/readers/{reader}", "times": 9})
    refused = ask(till)
    assert refused.body["code"] == "reader_unsettled"
    assert "$17.28" in refused.body["detail"]
    assert CardAttempt.objects.count() == 1
    network.control("faults", method="DELETE")
    assert ask(till).status == 201
    assert state_of(left) == "canceled"


def test_a_sale_that_a_card_has_paid_is_not_charged_again_but_parts_of_it_may_be_alike(
    world: World,
    till: Api,
    reader: str,
    network: CardNetwork,
) -> None:
    paid = start(till)
    at_reader(network, reader, "present")
    again = ask(till, sale=str(paid.sale_uid))
    assert (again.body["code"], again.body["attempt"]) == ("card_paid_already", str(paid.uid))
    assert (again.body["amount_minor"], state_of(paid)) == (DUE, "approved")
    other_half = ask(till, sale=str(paid.sale_uid), counted=[str(paid.uid)])
    assert other_half.status == 201


def test_two_payments_at_once_light_the_reader_for_one(
    world: World,
    till: Api,
    reader: str,
    network: CardNetwork,
) -> None:
    answers = together(*[lambda: ask(till)] * 4)
    waiting = CardAttempt.objects.filter(state="started")
    assert waiting.count() <= 1
    assert sum(answer.status == 201 for answer in answers) >= 1
    at_reader(network, reader, "present")
    assert waiting.count() == 1
    assert till.get(f"/card-attempts/{waiting.get().uid}").body["state"] == "approved"


def test_the_card_that_paid_is_known_by_its_fingerprint_and_the_till_does_not_hear_it(
    world: World,
    till: Api,
    reader: str,
    network: CardNetwork,
) -> None:
    attempt = start(till)
    at_reader(network, reader, "present")
    assert set(till.get(f"/card-attempts/{attempt.uid}").body["card"]) == {"brand", "last4"}
    record(till, world, attempt)
    web = world.order(world.mug)
    prints = {payment.details["fingerprint"] for payment in Payment.objects.all()}
    assert len(prints) == 1  # the same card on the web and at the counter
    assert web.payments.get().details["last4"] == "4242"
