"""Saved cards in the back office: charged for an order by phone when the caller knows them, listed, removed."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from commerce.company.models import User
from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.db import action
from customers import saved_cards
from customers.models import Customer, SavedCard
from customers.saved_cards import Consent
from orders import gateway, gateway_cards
from orders.actions.know_customer import know_customer
from orders.models import Order, Payment, PhoneOrder
from tests.office import test_phone_orders
from tests.office.conftest import Company
from tests.office.test_phone_orders import Desk
from tests.storefront.conftest import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]
desk, person = test_phone_orders.desk, test_phone_orders.person
WAY = {
    "method": "ship", "line1": "12 Alder Street", "city": "Portland", "state": "OR", "postal_code": "97205",
    "country": "US",
}  # fmt: skip


def save(customer: Customer, card: str) -> SavedCard:
    """A card that the network keeps for the customer, whatever their bank will say to a charge."""
    known = know_customer(customer, at=now())
    facts = gateway_cards.card(gateway.client().v1.payment_methods.attach(card, {"customer": known}).id)
    assert facts

    @action
    def keep() -> SavedCard:
        return saved_cards.keep(customer, facts, Consent("Yes", now(), "page"), at=now())

    return keep()


@pytest.fixture
def call(desk: Desk, company: Company) -> Callable[[str], SavedCard]:
    """`call("pm_card_visa")`: Ada is on the phone, wants a mug and has saved this card."""

    def begin(card: str) -> SavedCard:
        desk("begin", email="ada@example.com", name="Ada Byron")
        desk("add", sku="BLU-01")
        desk("way", **WAY)
        return save(Customer.objects.get(email_key="ada@example.com"), card)

    return begin


def test_who_says_the_digits_is_charged_and_gets_the_order(
    desk: Desk, call: Callable[[str], SavedCard], person: User
) -> None:
    card = call("pm_card_visa")
    page = words(desk())
    assert f"Visa until {card.expiry}" in page
    assert "4242" not in page
    wrong = desk("charge", last4="4444")
    assert "No good card that this customer has saved ends like this." in words(wrong)
    assert not Payment.objects.filter(order__channel="phone").exists()
    assert "It is paid" in words(desk("charge", last4=" 4242 "))
    order = Order.objects.placed().get(channel="phone")
    paid = order.payments.get()
    assert (order.actor, paid.state, paid.captured_minor) == (person, "captured", order.total_minor)
    assert (paid.details["saved_card"], paid.details["charged_by"]) == (str(card.uid), person.username)
    assert "paid already" in words(desk("charge", last4="4242"))
    assert Payment.objects.filter(order__channel="phone").count() == 1


def test_when_the_bank_asks_nothing_is_charged_and_the_link_goes_out(
    desk: Desk, call: Callable[[str], SavedCard]
) -> None:
    call("pm_card_threeDSecure2Required")
    answer = words(desk("charge", last4="3220"))
    assert "Nothing was charged: the payment link is on its way to ada@example.com." in answer
    assert PhoneOrder.objects.get().sent_at is not None
    paid = Payment.objects.get(order__channel="phone")
    assert (paid.state, paid.captured_minor, paid.failure_code) == ("pending", 0, "authentication_required")


def test_a_declined_card_leaves_the_order_as_it_was(desk: Desk, call: Callable[[str], SavedCard]) -> None:
    card = call("pm_card_chargeCustomerFail")
    answer = desk("charge", last4=card.last4)
    assert "The card was not charged" in words(answer)
    assert not Order.objects.placed().filter(channel="phone").exists()
    assert "Send payment link" in words(desk())


def test_whose_role_may_not_charge_cards_sees_none(
    desk: Desk, call: Callable[[str], SavedCard], person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commerce.company.permissions import MATRIX

    call("pm_card_visa")
    monkeypatch.setitem(MATRIX, "manager", MATRIX["manager"] - {"card.charge_saved"})
    assert "Charge the saved card" not in words(desk())
    assert "permission" in words(desk("charge", last4="4242"))
    assert not Payment.objects.filter(order__channel="phone").exists()


def test_an_expired_card_is_not_charged(desk: Desk, call: Callable[[str], SavedCard]) -> None:
    call("pm_card_visa")
    SavedCard.objects.update(exp_month=1, exp_year=2026)
    assert "Charge the saved card" not in words(desk())
    assert "No good card" in words(desk("charge", last4="4242"))


def test_the_customers_page_lists_and_removes_them_and_sends_the_link(
    call: Callable[[str], SavedCard], as_staff: Callable[..., Client]
) -> None:
    card = call("pm_card_visa")
    office = as_staff("office")
    page = f"/admin/customers/customer/{card.customer_id}/change/"
    assert f"Visa ··4242, expires {card.expiry}" in words(office.get(page))
    link = f"/admin/customers/customer/{card.customer_id}/cards-link/"
    assert "on its way to ada@example.com" in words(office.post(link, follow=True))
    assert Event.objects.filter(topic="cards.link_asked").count() == 1
    removal = f"/admin/customers/customer/{card.customer_id}/cards/{card.uid}/removal/"
    assert "Only the customer can save it again" in words(office.get(removal))
    assert "is removed" in words(office.post(removal, follow=True))
    card.refresh_from_db()
    assert (card.removed_why, card.removed_by) == ("staff", User.objects.get(username="office"))
    assert mail.outbox == []
