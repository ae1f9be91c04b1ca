"""F26, F35: a card payment at a register ends, in a sale or before a person, whatever becomes of its till."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import stripe
from django.conf import settings
from django.test import Client

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.errors import NotAllowed
from commerce.kernel.ids import new_uid
from orders import gateway
from orders.errors import PaymentUnknown
from orders.models import Payment
from pos import tasks
from pos.actions import settle_cards
from pos.actions.give_back_card import give_back_card
from pos.errors import CardTaken
from pos.models import CardAttempt, Register
from tests.factories.company import UserFactory
from tests.faults.conftest import Api, pair, sale
from tests.hardware.conftest import until
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.timeout(120)
DUE = 1_728  # a mug


@pytest.fixture
def world(transactional_db: None, card_network: Server) -> World:
    return World.make()


@pytest.fixture
def network(card_network: Server) -> Iterator[CardNetwork]:
    steered = CardNetwork(card_network.url, None, None)  # type: ignore[arg-type]
    yield steered
    steered.control("faults", method="DELETE")


@pytest.fixture
def reader(world: World, card_network: Server) -> str:
    terminal = stripe.StripeClient(settings.STRIPE_SECRET_KEY, base_addresses={"api": card_network.url}).v1.terminal
    address = {"line1": "1 Main", "city": "Portland", "state": "OR", "country": "US", "postal_code": "97201"}
    place = terminal.locations.create({"display_name": "Store", "address": address})  # type: ignore[typeddict-item]
    made = terminal.readers.create({"registration_code": "simulated-wpe", "label": "Front", "location": place.id})
    world.register.card_reader = made.id
    Register.objects.filter(pk=world.register.pk).update(card_reader=made.id)
    return str(made.id)


@pytest.fixture
def till(world: World, reader: str) -> Api:
    """The register's till, Mina at it."""
    till = pair(world.register, "TILLCARD")
    shown = till.post("/pin", {"username": "mina", "pin": "4711"}).body["pass"]
    return Api(till.token, {"X-Person": shown}, "/till/api")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """The time of the task, so many minutes after now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.minutes = 0.0
        monkeypatch.setattr(tasks, "now", self)

    def __call__(self) -> datetime:
        return now() + timedelta(minutes=self.minutes)

    def sweep(self, minutes: float) -> int:
        """Run the task so many minutes from now."""
        self.minutes = minutes
        return tasks.settle_card_attempts()


def start(till: Api, sale_uid: UUID | None = None, minor: int = DUE) -> CardAttempt:
    asked = {"id": str(new_uid()), "sale": str(sale_uid or new_uid()), "amount_minor": minor, "currency": "USD"}
    answer = till.post("/card-attempts", asked)
    assert answer.status == 201, answer
    return CardAttempt.objects.get(uid=asked["id"])


def at_reader(network: CardNetwork, reader: str, gesture: str) -> None:
    """What the customer does at the reader, until it has made up its mind."""
    network.control(f"readers/{reader}/{gesture}", {})
    until(lambda: stripe_action(reader) != "in_progress")


def stripe_action(reader: str) -> str | None:
    action = gateway.client().v1.terminal.readers.retrieve(reader).to_dict().get("action")
    return str(action["status"]) if action else None


def state_of(attempt: CardAttempt) -> str:
    return CardAttempt.objects.get(pk=attempt.pk).state


def sale_by_card(world: World, attempt: CardAttempt) -> dict[str, Any]:
    tender = {"type": "card_present", "amount": {"amount": DUE, "currency": "USD"}, "attempt": str(attempt.uid)}
    return sale(world, id=str(attempt.sale_uid), tenders=[tender])


def test_a_payment_whose_till_died_is_settled_and_put_before_the_manager(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    attempt = start(till)
    at_reader(network, reader, "present")
    assert clock.sweep(2) == 0  # its till may still ask
    assert state_of(attempt) == "started"
    clock.sweep(4)
    assert state_of(attempt) == "approved"
    clock.sweep(13)
    assert not Case.objects.exists()  # the sale may be on its way
    clock.sweep(15)
    case = Case.objects.get()
    assert (case.kind, case.subject, case.owner_role) == ("card_without_sale", str(attempt.uid), "manager")
    assert case.location == world.store
    assert "$17.28" in case.text
    assert "··4242" in case.text
    assert "Front (PDX-1-1)" in case.text
    clock.sweep(30)
    Case.objects.update(status="resolved")
    clock.sweep(45)
    assert Case.objects.count() == 1  # the manager has dealt with it


def test_the_sale_that_comes_after_all_takes_the_payment_and_closes_the_case(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    attempt = start(till)
    at_reader(network, reader, "present")
    assert till.get(f"/card-attempts/{attempt.uid}").body["state"] == "approved"
    clock.sweep(11)
    assert Case.objects.get().status == "open"
    sent = sale_by_card(world, attempt)
    recorder = Api(till.token, {})
    assert recorder.post("/sales", sent).status == 201
    assert recorder.post("/sales", sent).status == 201  # and again: one sale, one payment
    assert Case.objects.get().status == "resolved"
    assert Payment.objects.get().amount_minor == DUE
    assert CardAttempt.objects.get().taken_at is not None
    assert clock.sweep(60) == 0


def without_sale(till: Api, reader: str, network: CardNetwork, clock: Clock) -> tuple[CardAttempt, Case]:
    """A payment that nobody's sale took, and its case."""
    attempt = start(till)
    at_reader(network, reader, "present")
    assert till.get(f"/card-attempts/{attempt.uid}").body["state"] == "approved"
    clock.sweep(11)
    return attempt, Case.objects.get()


def refunded(network: CardNetwork, attempt: CardAttempt) -> int:
    intent = CardAttempt.objects.get(pk=attempt.pk).provider_id
    found = gateway.client().v1.refunds.list({"payment_intent": intent})
    return sum(refund.amount for refund in found.data)


def test_the_manager_gives_the_money_back_once(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    attempt, case = without_sale(till, reader, network, clock)
    office = Client()
    office.force_login(world.manager)
    page = f"/admin/cases/case/{case.pk}/resolutions/give_back_card/"
    assert "Look at the till first" in office.get(page).content.decode()
    office.post(page)
    assert state_of(attempt) == "approved"  # nobody has looked at the till
    assert "$17.28 goes back to the card" in office.post(page, {"looked": "on"}, follow=True).content.decode()
    office.post(page, {"looked": "on"})
    case.refresh_from_db()
    assert (case.status, case.resolved_by) == ("resolved", world.manager)
    assert state_of(attempt) == "refunded"
    assert refunded(network, attempt) == DUE
    assert Api(till.token, {}).post("/sales", sale_by_card(world, attempt)).body["code"] == "card_not_paid"
    assert clock.sweep(60) == 0


def test_what_its_sale_has_taken_is_not_given_back(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    attempt, case = without_sale(till, reader, network, clock)
    assert Api(till.token, {}).post("/sales", sale_by_card(world, attempt)).status == 201
    with pytest.raises(CardTaken):
        give_back_card(case, person=world.manager, at=now())
    assert refunded(network, attempt) == 0


@pytest.mark.parametrize("kind", ["drop_after", "error", "error_after"])
def test_a_refund_without_an_answer_is_finished_by_the_next_try(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock, kind: str
) -> None:
    attempt, case = without_sale(till, reader, network, clock)
    network.control("faults", {"kind": kind, "path": "/v1/refunds", "times": 5})
    with pytest.raises(PaymentUnknown):
        give_back_card(case, person=world.manager, at=now())
    assert state_of(attempt) == "refunding"
    assert Case.objects.get().status == "open"
    network.control("faults", method="DELETE")
    give_back_card(case, person=world.manager, at=now())
    assert (state_of(attempt), refunded(network, attempt)) == ("refunded", DUE)


def test_only_who_may_resolve_cases_there_gives_money_back(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    attempt, case = without_sale(till, reader, network, clock)
    for stranger in (
        UserFactory(username="ann", role="associate", locations=[world.store]),
        UserFactory(username="max", role="manager", locations=[world.warehouse]),
    ):
        with pytest.raises(NotAllowed):
            give_back_card(case, person=stranger, at=now())
    assert (state_of(attempt), refunded(network, attempt)) == ("approved", 0)


def test_a_payment_that_its_sale_took_in_time_is_nobodys_case(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    attempt = start(till)
    at_reader(network, reader, "present")
    assert till.get(f"/card-attempts/{attempt.uid}").body["state"] == "approved"
    assert Api(till.token, {}).post("/sales", sale_by_card(world, attempt)).status == 201
    assert clock.sweep(600) == 0
    assert not Case.objects.exists()


def test_a_declined_card_and_a_reader_that_nobody_came_to(
    till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    declined = start(till)
    at_reader(network, reader, "decline")
    clock.sweep(4)
    assert state_of(declined) == "declined"
    left = start(till)
    clock.sweep(5)
    assert state_of(left) == "started"  # somebody may be looking for a purse
    clock.sweep(16)
    assert state_of(left) == "canceled"
    assert gateway.retrieve(CardAttempt.objects.get(pk=left.pk).provider_id).status == "canceled"
    assert stripe_action(reader) in (None, "failed")
    assert not Case.objects.exists()


def test_giving_up_an_old_payment_leaves_the_reader_to_the_new_one(
    till: Api, reader: str, network: CardNetwork, clock: Clock
) -> None:
    old = start(till)
    gateway.cancel(old.provider_id)
    new = start(till)
    CardAttempt.objects.filter(pk=old.pk).update(created_at=now() - timedelta(minutes=20))
    clock.sweep(0)
    assert state_of(old) == "canceled"
    assert stripe_action(reader) == "in_progress"
    at_reader(network, reader, "present")
    assert till.get(f"/card-attempts/{new.uid}").body["state"] == "approved"


def test_what_the_card_network_was_never_told_about_is_given_up_by_till_and_task(
    world: World, till: Api, clock: Clock
) -> None:
    """The server died between writing the attempt down and announcing it."""
    for gives_up in ("till", "task"):
        attempt = CardAttempt.objects.create(
            uid=new_uid(),
            sale_uid=new_uid(),
            register=world.register,
            currency="USD",
            amount_minor=DUE,
            created_at=now(),
        )
        if gives_up == "till":
            assert till.post(f"/card-attempts/{attempt.uid}/cancellation").body["state"] == "canceled"
        else:
            clock.sweep(16)
        assert state_of(attempt) == "canceled"
        again = {"id": str(attempt.uid), "sale": str(attempt.sale_uid), "amount_minor": DUE, "currency": "USD"}
        assert till.post("/card-attempts", again).body["state"] == "canceled"  # no reader is lit for it any more


def test_a_network_that_does_not_answer_changes_nothing_and_holds_up_no_other(
    world: World, till: Api, reader: str, network: CardNetwork, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = start(till)
    at_reader(network, reader, "present")
    silent = CardAttempt.objects.create(
        uid=new_uid(),
        sale_uid=new_uid(),
        register=world.register,
        currency="USD",
        amount_minor=DUE,
        provider_id="pi_nobody_knows",
        created_at=now() - timedelta(minutes=1),
    )
    clock.sweep(4)
    assert state_of(silent) == "started"
    assert state_of(lost) == "approved"


def test_the_grace_is_longer_than_a_task_and_shorter_than_the_audit() -> None:
    assert timedelta(minutes=1) < settle_cards.GRACE < timedelta(minutes=14)
