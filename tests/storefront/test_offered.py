"""What a market offers: pages show it, and nothing else is taken, whoever asks."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from commerce.kernel.clock import now
from commerce.pricing.models import Market
from orders import offered
from orders.errors import TenderNotOffered, WayNotOffered
from orders.fulfillment_types.base import Wish
from orders.models import Order
from pos.actions.take_card import start_card
from pos.queries import till_state
from tests.factories import trade
from tests.factories.company import UserFactory
from tests.storefront.conftest import DETAILS, Shop, words

TILL = ["cash", "card_present", "external_terminal", "gift_card", "store_credit"]
pytestmark = pytest.mark.usefixtures("card_network")


def limit(market: Market, **fields: list[str]) -> None:
    Market.objects.filter(pk=market.pk).update(**fields)


@pytest.mark.parametrize(
    ("chosen", "ways", "web", "till"),
    [
        ({}, ["pickup", "curbside", "ship"], ["card_online", "gift_card"], TILL),
        ({"fulfillment_types": ["ship"]}, ["ship"], ["card_online", "gift_card"], TILL),
        ({"tenders": ["cash", "card_online"]}, ["pickup", "curbside", "ship"], ["card_online"], ["cash"]),
        ({"tenders": ["cash"], "fulfillment_types": ["pickup"]}, ["pickup"], [], ["cash"]),
    ],
)
def test_what_a_market_offers(chosen: dict[str, Any], ways: list[str], web: list[str], till: list[str]) -> None:
    market = Market(**chosen)
    assert offered.ways(market) == ways
    assert (offered.means(market, at_till=False), offered.means(market, at_till=True)) == (web, till)


def test_a_market_without_delivery(fill: Callable[..., Client], shop: Shop) -> None:
    limit(shop.us, fulfillment_types=["pickup"])
    client = fill("MUG")
    page = client.get("/checkout/").content.decode()
    assert 'id="method-pickup"' in page
    assert 'id="method-ship"' not in page
    assert 'name="postal_code"' not in page
    answer = client.post("/checkout/", DETAILS)
    assert answer.status_code == 422
    assert "Nothing is delivered here. Choose a store to collect it from." in words(answer)
    assert client.post("/checkout/", {**DETAILS, "method": "pickup", "store": "PDX-1"}).status_code == 302


def test_a_market_without_pickup(fill: Callable[..., Client], shop: Shop) -> None:
    limit(shop.us, fulfillment_types=["ship"])
    client = fill("MUG")
    assert 'id="method-pickup"' not in client.get("/checkout/").content.decode()
    assert client.post("/checkout/", {**DETAILS, "method": "pickup", "store": "PDX-1"}).status_code == 422
    assert not Order.objects.exists()
    assert client.post("/checkout/", DETAILS).status_code == 302


def test_a_market_that_takes_no_cards_on_the_web(fill: Callable[..., Client], shop: Shop) -> None:
    limit(shop.us, tenders=["cash"])
    answer = fill("MUG").post("/checkout/", DETAILS)
    assert answer.status_code == 422
    assert "Card is not taken in United States." in words(answer)
    assert not Order.objects.exists()


def test_machines_are_told_the_same(shop: Shop) -> None:
    limit(shop.us, fulfillment_types=["pickup", "ship"])
    market = Market.objects.get(pk=shop.us.pk)
    with pytest.raises(WayNotOffered) as refused:
        offered.demand_way(market, "curbside")
    assert refused.value.code == "way_not_offered"
    assert str(refused.value) == "Curbside pickup is not offered in United States. What is: Pickup in store, Delivery."
    offered.demand_way(market, "ship")
    with pytest.raises(WayNotOffered):
        offered.demand_way(market, "counter")


def test_a_till_offers_and_takes_what_its_market_does(shop: Shop) -> None:
    register = trade.register_at(shop.alberta)
    register.card_reader = "tmr_1"
    register.save()
    assert till_state(register, at=now())["market"]["tenders"] == TILL
    limit(shop.us, tenders=["cash"])
    assert till_state(register, at=now())["market"]["tenders"] == ["cash"]
    asked = {"uid": uuid4(), "sale_uid": uuid4(), "amount_minor": 500, "currency": "USD"}
    with pytest.raises(TenderNotOffered, match=r"Card is not taken in United States\. What is: Cash\."):
        start_card(register, **asked, person=UserFactory(role="associate"), at=now())


def test_the_wish_of_an_earlier_page_is_refused_in_words(shop: Shop) -> None:
    """The shopper's page was opened before the office changed the market."""
    limit(shop.us, fulfillment_types=["pickup"])
    market = Market.objects.get(pk=shop.us.pk)
    with pytest.raises(WayNotOffered, match="Delivery is not offered"):
        offered.demand_way(market, Wish("ship", address=DETAILS).type)
