"""Ribbon by the meter in the shop: its price, how much of it, and what the order and its mail say."""

from collections.abc import Callable

import pytest
from django.test import Client

from commerce.catalog.models import Variant
from commerce.company.models import Location
from orders.models import CartLine
from tests.factories.stock import receive
from tests.storefront.conftest import DETAILS, Shop, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def ribbon(shop: Shop) -> Variant:
    made = shop.variant(
        shop.product("Cotton ribbon", category=shop.camp), "RIBBON", 1_200, [], unit="m", unit_scale=100
    )
    receive(made, shop.warehouse, 2_050)
    receive(made, shop.alberta, 250)
    return made


def test_the_page_says_what_a_meter_costs_and_how_many_there_are(client: Client, ribbon: Variant) -> None:
    answer = client.get("/products/cotton-ribbon/")
    said = words(answer)
    assert "$12.00 / m" in said
    assert "23 m ready to ship" in said
    assert "2.5 m at Alberta Street" in said
    page = answer.content.decode()
    assert 'min="0.01" max="9999" step="0.01"' in page
    assert '<span class="quantity__unit" aria-hidden="true">m</span>' in page


def test_a_list_says_what_the_price_is_for(client: Client, ribbon: Variant, shop: Shop) -> None:
    listed = words(client.get(f"/categories/{shop.camp.slug}/"))
    assert "$12.00 / m" in listed
    assert listed.count("/ m") == 1
    assert "$12.00 / m" in words(client.get("/search/suggest/", {"q": "ribbon"}))
    half = shop.variant(ribbon.product, "RIBBON-CARD", 900, [])
    assert half.unit == "each"
    assert "/ m" not in words(client.get(f"/categories/{shop.camp.slug}/"))


def test_a_length_goes_into_the_cart_and_is_changed_there(
    client: Client, ribbon: Variant, fill: Callable[..., Client]
) -> None:
    client.post("/cart/lines/", {"sku": "RIBBON", "quantity": "0.35"})
    fill("MUG", 2)
    page = client.get("/cart/")
    said = words(page)
    assert "Cart, 3 items" in page.content.decode()
    assert "$4.20 $12.00 / m" in said
    assert 'value="0.35"' in page.content.decode()
    assert client.post("/cart/lines/RIBBON/", {"quantity": "1,5"}).status_code == 302
    assert CartLine.objects.get(variant=ribbon).quantity == 150
    refused = client.post("/cart/lines/RIBBON/", {"quantity": "0.355"})
    assert (refused.status_code, "Cotton ribbon is sold in steps of 0.01 m." in words(refused)) == (422, True)
    assert CartLine.objects.get(variant=ribbon).quantity == 150
    client.post("/cart/lines/RIBBON/", {"quantity": "30"})
    assert "Only 23 m is left. Lower the quantity to go on." in words(client.get("/cart/"))
    assert client.post("/cart/lines/RIBBON/", {"quantity": "9999"}).status_code == 302
    assert CartLine.objects.get(variant=ribbon).quantity == 999_900


def test_what_is_missing_at_the_checkout_has_its_unit(
    client: Client, ribbon: Variant, fill: Callable[..., Client]
) -> None:
    fill("RIBBON", 20)
    receive(ribbon, Location.objects.get(code="WH-1"), -1_900)
    refused = client.post("/checkout/", DETAILS)
    assert refused.status_code == 409
    assert "Cotton ribbon: 4 m left, you wanted 20 m." in words(refused)


def test_a_fraction_of_a_piece_is_refused_in_words(client: Client, shop: Shop) -> None:
    answer = client.post("/cart/lines/", {"sku": "MUG", "quantity": "0.35"})
    assert (answer.status_code, "Enamel mug is sold in whole pieces." in words(answer)) == (422, True)
