"""What was bought by its serial number: the shopper reads it on the page of the order, once it has left."""

import pytest
from django.test import Client
from django.urls import reverse

from commerce.kernel.clock import now
from commerce.pricing.models import Market
from orders import codes
from orders.actions.change_serials import change_serials
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from tests.factories.stock import receive
from tests.factories.trade import order_on_web
from tests.storefront.conftest import Shop, words

pytestmark = pytest.mark.django_db


def test_the_order_says_which_pieces_these_are(client: Client, shop: Shop) -> None:
    stove = shop.variant(shop.product("Cinder stove", category=shop.camp), "STOVE", 6_900, [], tracks_serials=True)
    receive(stove, shop.alberta, 3, numbers=["CS-1", "CS-2", "CS-3"])
    market = Market.objects.get(code="us")
    order = order_on_web(market, [(stove, 2)], email="ada@example.com", pickup_at=shop.alberta, at=now())
    page = reverse("shop-order", args=[codes.link_token(order.uid)])
    assert "serial no." not in words(client.get(page))
    fulfillment = order.fulfillments.get()
    prepare_pickup(fulfillment.uid, person=None, at=now())
    hand_over(fulfillment.uid, numbers={stove.pk: ["CS-1", "CS-3"]}, person=None, at=now())
    assert "Quantity 2, serial no. CS-1, CS-3" in words(client.get(page))
    change_serials(order.pk, order.lines.get().pk, ["CS-1", "CS-2"], person=None, at=now())
    said = words(client.get(page))
    assert "serial no. CS-1, CS-2" in said
    assert "corrected" not in said  # what the store mixed up is its own affair
