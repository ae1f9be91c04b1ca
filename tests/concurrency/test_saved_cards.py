"""A saved card is charged once for an order by phone, however often and by whoever the button is pressed."""

from typing import Any

import pytest

from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.pricing.models import Market
from customers import saved_cards
from customers.models import Customer, SavedCard
from customers.saved_cards import Consent
from orders import gateway, gateway_cards
from orders.actions.address_phone_order import choose_way
from orders.actions.fill_phone_order import add_item
from orders.actions.know_customer import know_customer
from orders.actions.take_phone_order import take_phone_order
from orders.fulfillment_types.base import Wish
from orders.models import Order, Payment, PhoneOrder
from storefront.actions.charge_saved_card import charge_saved_card
from tests.client import ADDRESS
from tests.faults.conftest import together
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def world(transactional_db: None, card_network: Server) -> World:
    return World.make()


@pytest.fixture
def called(world: World) -> PhoneOrder:
    """Ada wants two mugs, and has a card with us."""
    at, person = now(), world.manager
    order = take_phone_order(Market.objects.get(), email="ada@example.com", name="Ada", person=person, at=at)
    add_item(order.uid, world.mug, 2, person=person, at=at)
    choose_way(order.uid, Wish("ship", address=ADDRESS), person=person)
    keep(Customer.objects.get())
    return order


def keep(customer: Customer) -> SavedCard:
    known = know_customer(customer, at=now())
    kept = gateway.client().v1.payment_methods.attach("pm_card_visa", {"customer": known})
    facts = gateway_cards.card(kept.id)
    assert facts

    @action
    def write() -> SavedCard:
        return saved_cards.keep(customer, facts, Consent("Yes", now(), "page"), at=now())

    return write()


def test_many_presses_are_one_charge(world: World, called: PhoneOrder) -> None:
    def press() -> Any:
        try:
            return charge_saved_card(called.uid, said_last4="4242", person=world.manager, at=now())
        except DomainError as error:
            return error.code

    answers = together(*[press] * 6)
    while "payment_unknown" in answers and not Order.objects.placed().exists():
        answers.append(press())  # one of them heard nothing in time: the next one finds out
    order = Order.objects.placed().get()
    assert order in answers
    paid = Payment.objects.get(state="captured")
    assert paid.captured_minor == order.total_minor
    charged = gateway.client().v1.charges.list({"payment_intent": paid.provider_id}).data
    assert [charge.amount for charge in charged if charge.status == "succeeded"] == [order.total_minor]
    customer = Customer.objects.get()
    intents = gateway.client().v1.payment_intents.list({"customer": customer.network.provider_id}).data
    assert sum(intent.amount_received for intent in intents) == order.total_minor


def test_one_card_saved_by_many_at_once_is_one(world: World, called: PhoneOrder) -> None:
    customer = Customer.objects.get()
    facts = gateway_cards.card(SavedCard.objects.get().provider_id)
    assert facts

    @action
    def write() -> SavedCard:
        return saved_cards.keep(customer, facts, Consent("Yes", now(), "page"), at=now())

    assert len({card.pk for card in together(*[write] * 8)}) == 1
    assert SavedCard.objects.count() == 1
    assert {know_customer(customer, at=now()) for _time in range(3)} == {customer.network.provider_id}
