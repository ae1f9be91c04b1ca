"""Cards that are kept for next time: with consent, by the card network, seen and removed by whoever they belong to."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from commerce.kernel.clock import now
from commerce.kernel.db import action
from customers import saved_cards
from customers.models import Customer, NetworkCustomer, SavedCard
from orders import card_events, codes, gateway, gateway_cards, tasks
from orders.models import Order, Payment
from storefront.tasks import email_cards_link
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.storefront.conftest import DETAILS, Shop, words
from tests.storefront.test_checkout import confirm

pytestmark = pytest.mark.usefixtures("card_network", "shop")


@pytest.fixture
def network(card_network: Server) -> Iterator[CardNetwork]:
    steered = CardNetwork(card_network.url, None, None)  # type: ignore[arg-type]
    yield steered
    steered.control("faults", method="DELETE")


def placed(order: Order) -> None:
    """What the subscriber of `order.placed` does, twice."""

    class Told:
        payload = {"order": str(order.uid)}

    for _time in range(2):
        tasks.keep_card(Told())  # type: ignore[arg-type]


def buy(client: Client, *choices: str, card: str = "pm_card_visa") -> Order:
    assert client.post("/checkout/", DETAILS).status_code == 302
    assert "Save this card for next time" in words(client.get("/checkout/payment/"))
    for choice in choices:
        assert client.post("/checkout/card/", {"keep": choice}).json() == {"state": "noted"}
    client.post("/checkout/start/")
    confirm(card)
    client.get("/checkout/return")
    order = Order.objects.placed().latest("pk")
    placed(order)
    return order


@pytest.fixture
def ada(fill: Callable[..., Client]) -> Customer:
    """She has bought a mug and saved her card."""
    order = buy(fill("MUG"), "1")
    assert order.customer
    return order.customer


def page_of(customer: Customer) -> str:
    return f"/cards/{codes.cards_token(customer.uid)}/"


def kept_at_network(customer: Customer) -> set[str]:
    found = gateway.client().v1.payment_methods.list({"customer": customer.network.provider_id})
    return {method.id for method in found.data}


def test_a_card_is_kept_with_what_was_agreed_to(ada: Customer) -> None:
    card = SavedCard.objects.get()
    assert (card.customer, card.brand, card.last4, card.source) == (ada, "visa", "4242", "checkout")
    assert card.consent_words == "Save this card for next time, and for orders that I place by phone"
    assert card.created_at >= card.consent_at
    assert not card.is_expired(now().date())
    assert kept_at_network(ada) == {card.provider_id}
    assert card.fingerprint == Payment.objects.get().details["fingerprint"]


@pytest.mark.parametrize("choices", [(), ("0",), ("1", "0")])
def test_without_consent_nothing_is_kept(fill: Callable[..., Client], choices: tuple[str, ...]) -> None:
    order = buy(fill("MUG"), *choices)
    assert order.customer
    assert not SavedCard.objects.exists()
    if NetworkCustomer.objects.exists():
        assert kept_at_network(order.customer) == set()


def test_the_same_card_again_is_one_card_and_another_one_two(ada: Customer, fill: Callable[..., Client]) -> None:
    first = SavedCard.objects.get()
    buy(fill("MUG"), "1")
    first.refresh_from_db()
    assert first.removed_why == "replaced"
    assert NetworkCustomer.objects.count() == 1
    buy(fill("MUG"), "1", card="pm_card_mastercard")
    assert [card.last4 for card in saved_cards.of_customer(ada)] == ["4444", "4242"]
    assert tasks.forget_removed_cards() == 1
    assert first.provider_id not in kept_at_network(ada)


def test_a_silent_network_keeps_nothing_and_nothing_is_noted(fill: Callable[..., Client], network: CardNetwork) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    network.control("faults", {"kind": "error", "path": "/v1/customers", "times": 5})
    assert client.post("/checkout/card/", {"keep": "1"}, headers={"Accept": "application/json"}).status_code == 503
    assert "keep_card" not in Payment.objects.get().details
    assert Client().post("/checkout/card/", {"keep": "1"}).status_code == 409


def test_the_customer_sees_and_removes_their_card_by_the_link_alone(
    ada: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, shopper = SavedCard.objects.get(), Client()
    page = page_of(ada)
    shown = shopper.get(page)
    assert f"Visa ending in 4242 Expires {card.expiry}" in words(shown)
    assert shown["Referrer-Policy"] == "same-origin"
    assert shopper.get(f"{page[:-4]}xyz/").status_code == 404
    assert "is removed" in words(shopper.post(f"{page}{card.uid}/removal/", follow=True))
    card.refresh_from_db()
    assert (card.removed_why, bool(card.detached_at)) == ("customer", True)
    assert kept_at_network(ada) == set()
    assert "not here any more" not in words(shopper.post(f"{page}{card.uid}/removal/", follow=True))
    placed(Order.objects.get())  # late word of the order brings no removed card back
    assert saved_cards.of_customer(ada) == []
    monkeypatch.setattr(codes, "CARDS_SECONDS", -1)
    assert shopper.get(page).status_code == 404  # the week is over


def test_nobody_removes_another_customers_card(ada: Customer) -> None:
    eve = Customer.objects.create(email="eve@example.com", email_key="eve@example.com", created_at=now())
    card = SavedCard.objects.get()
    assert "not here any more" in words(Client().post(f"{page_of(eve)}{card.uid}/removal/", follow=True))
    assert SavedCard.objects.get().removed_at is None


def test_a_removed_card_is_forgotten_by_the_network_later_when_it_was_silent(
    ada: Customer, network: CardNetwork
) -> None:
    card = SavedCard.objects.get()
    network.control("faults", {"kind": "error", "path": "/v1/payment_methods/*/detach", "times": 5})
    Client().post(f"{page_of(ada)}{card.uid}/removal/")
    assert saved_cards.of_customer(ada) == []
    assert kept_at_network(ada) == {card.provider_id}
    network.control("faults", method="DELETE")
    assert (tasks.forget_removed_cards(), tasks.forget_removed_cards()) == (1, 0)
    assert kept_at_network(ada) == set()


def save_on_page(customer: Customer, card: str = "pm_card_mastercard") -> Any:
    """What the page's script does with the network's form; the answer after it."""
    page = page_of(customer)
    begun = Client().post(f"{page}addition/").json()
    setup = begun["client_secret"].partition("_secret")[0]
    intents = gateway.client().v1.setup_intents
    intents.confirm(setup, {"payment_method": card, "return_url": "http://127.0.0.1/"})
    return setup, Client().post(f"{page}settling/", {"setup_intent": setup}).json()


def test_a_card_is_saved_without_buying_anything(ada: Customer) -> None:
    setup, answer = save_on_page(ada)
    assert answer == {"state": "elsewhere", "url": answer["url"]}
    assert [card.last4 for card in saved_cards.of_customer(ada)] == ["4444", "4242"]
    assert saved_cards.of_customer(ada)[0].source == "page"
    event = {"type": "setup_intent.succeeded", "data": {"object": {"id": setup}}}
    card_events.setup_intent(event, at=now())  # and again, by the network's own word
    assert SavedCard.objects.count() == 2


def test_a_closed_browser_loses_no_card_and_a_strangers_setup_saves_none(ada: Customer) -> None:
    setup = gateway_cards.begin_setup(ada, ada.network.provider_id, key=str(ada.uid), at=now())[0]
    intents = gateway.client().v1.setup_intents
    params = {"payment_method": "pm_card_mastercard", "return_url": "http://127.0.0.1/"}
    event = {"type": "setup_intent.succeeded", "data": {"object": {"id": setup}}}
    card_events.setup_intent(event, at=now())  # not confirmed yet: whatever the event says, the network is asked
    assert SavedCard.objects.count() == 1
    intents.confirm(setup, params)
    eve = Customer.objects.create(email="eve@example.com", email_key="eve@example.com", created_at=now())
    refused = Client().post(f"{page_of(eve)}settling/", {"setup_intent": setup}).json()
    assert refused["state"] == "refused"
    card_events.setup_intent(event, at=now())
    assert SavedCard.objects.filter(customer=ada).count() == 2


def hear(kind: str, card: SavedCard) -> None:
    event = {"type": f"payment_method.{kind}", "data": {"object": {"id": card.provider_id}}}
    for _time in range(2):
        card_events.payment_method(event, at=now())


def test_a_card_that_the_bank_replaced_is_known_by_its_new_digits(
    ada: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = SavedCard.objects.get()
    facts = gateway_cards.card(card.provider_id)
    assert facts
    new = replace(facts, last4="1881", exp_year=facts.exp_year + 4, fingerprint="another")
    monkeypatch.setattr(gateway_cards, "card", lambda _id: new)
    hear("automatically_updated", card)
    (known,) = saved_cards.of_customer(ada)
    assert (known.last4, known.exp_year, known.fingerprint) == ("1881", facts.exp_year + 4, "another")
    assert known.provider_id == card.provider_id


def test_a_card_that_was_detached_at_the_network_is_nobodys_any_more(ada: Customer) -> None:
    card = SavedCard.objects.get()
    hear("updated", card)
    assert SavedCard.objects.get().removed_at is None
    gateway_cards.detach(card.provider_id)
    gateway_cards.detach(card.provider_id)  # once more is no matter
    hear("detached", card)
    card.refresh_from_db()
    assert (card.removed_why, bool(card.detached_at)) == ("network", True)


def test_an_expired_card_is_shown_as_such_and_never_offered(ada: Customer) -> None:
    card = SavedCard.objects.get()
    assert saved_cards.usable(ada, on=now().date()) == [card]
    SavedCard.objects.update(exp_month=now().month, exp_year=now().year)
    assert saved_cards.usable(ada, on=now().date()) == [SavedCard.objects.get()]  # until the last day of its month
    SavedCard.objects.update(exp_month=1, exp_year=2026)
    assert saved_cards.usable(ada, on=now().date()) == []
    assert "Expired 01/26: it cannot be charged any more" in words(Client().get(page_of(ada)))


def test_the_link_is_mailed_to_its_customer(ada: Customer) -> None:
    class Asked:
        payload = {"customer": str(ada.uid), "at": now().isoformat()}

    email_cards_link(Asked())  # type: ignore[arg-type]
    assert mail.outbox[-1].to == [ada.email]
    found = re.search(r"https?://[^/\s]+(/cards/\S+)", mail.outbox[-1].body)
    assert found
    assert "Visa ending in 4242" in words(Client().get(found[1]))


def test_no_step_keeps_what_is_no_card(ada: Customer, shop: Shop) -> None:
    """The database has the last word: four digits, and nothing longer."""
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedCard.objects.filter(customer=ada).update(last4="424")

    @action
    def again() -> SavedCard:
        card = SavedCard.objects.get()
        facts = saved_cards.CardFacts(card.provider_id, "", "visa", "4242", 1, 2030, "x")
        return saved_cards.keep(ada, facts, saved_cards.Consent("words", now(), "page"), at=now())

    assert again().source == "checkout"
