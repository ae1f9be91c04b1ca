"""Gift cards that were bought on the web, on the page of their order: where they went, and sent once more."""

import pytest
from django.core import mail
from django.test import Client

from commerce.kernel.clock import now
from customers.models import GiftCard
from orders.models import GiftCardDelivery, Order
from storefront.actions.send_gift_cards import send_gift_cards
from tests.factories.company import UserFactory
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def logged_in(role: str) -> Client:
    browser = Client()
    browser.force_login(UserFactory(username=role, role=role, password="a long password"))
    return browser


@pytest.fixture
def order(card_network: Server) -> Order:
    made = World.make().gift_card_order()
    assert send_gift_cards(at=now()) == 1
    return made


def test_the_page_says_where_it_went_and_sends_it_once_more(order: Order) -> None:
    office = logged_in("office")
    page = office.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert "sent to grace@example.com" in page
    address = f"/admin/orders/order/{order.pk}/lines/{order.lines.get().pk}/gift-card/"
    assert address in page
    assert "grace@example.com" in office.get(address).content.decode()
    wrong = office.post(address, {"to_email": "nobody", "reason": "Typing error"})
    assert wrong.status_code == 422
    done = office.post(address, {"to_email": "grace@example.org", "reason": "Typing error"}, follow=True)
    assert "The gift card is on its way to grace@example.org." in done.content.decode()
    assert send_gift_cards(at=now()) == 1
    assert [message.to for message in mail.outbox][-1] == ["grace@example.org"]
    assert sorted(GiftCard.objects.values_list("state", "balance_minor")) == [("active", 5_000), ("blocked", 0)]


def test_who_may_not_give_cards_sends_none(order: Order) -> None:
    lead = logged_in("lead")
    address = f"/admin/orders/order/{order.pk}/lines/{order.lines.get().pk}/gift-card/"
    assert lead.post(address, {"to_email": "a@example.org", "reason": "x"}).status_code in (302, 403, 404)
    assert GiftCardDelivery.objects.get().to_email == "grace@example.com"
