"""Orders are found by the card that paid for them, whatever channel they came by."""

from datetime import timedelta

import pytest

from orders.models import Order, Payment
from orders.queries import orders_by_card
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def test_by_its_fingerprint_and_by_its_last_digits_with_the_day(world: World) -> None:
    first, second = world.order(world.mug), world.order(world.tent)
    world.sell(world.mug)
    card = first.payments.get().details
    assert set(card) >= {"brand", "last4", "fingerprint"}
    assert orders_by_card(fingerprint=card["fingerprint"]) == [second, first]
    assert orders_by_card(last4="4242", day=first.business_date) == [second, first]
    yesterday = first.business_date - timedelta(days=1)
    assert orders_by_card(last4="4242", day=yesterday) == []
    assert orders_by_card(last4="4242") == []
    assert orders_by_card(last4="0000", day=first.business_date) == []
    assert orders_by_card() == []
    assert orders_by_card(fingerprint=card["fingerprint"], most=1) == [second]


def test_a_payment_that_took_nothing_leads_nowhere(world: World) -> None:
    paid = world.order(world.mug).payments.get()
    unpaid = world.draft(world.mug)
    Payment.objects.filter(pk=unpaid.pk).update(details=paid.details)
    assert orders_by_card(fingerprint=paid.details["fingerprint"]) == [Order.objects.get(pk=paid.order_id)]
