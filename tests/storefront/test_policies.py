"""What may be promised before it is there: on the product page, in the cart, through the checkout."""

from datetime import date

import pytest
from django.test import Client

from commerce.kernel.clock import now
from inventory.actions.set_policy import set_policy
from inventory.models import StockLevel
from orders.models import Order
from tests.storefront.conftest import Shop, words

pytestmark = pytest.mark.django_db
DAY = date(2099, 12, 3)


def promise(shop: Shop, policy: str, limit: int) -> None:
    """Beyond the warehouse's stock of the moss tent, from December on."""
    set_policy(
        shop.moss.pk,
        shop.warehouse.pk,
        policy=policy,
        limit=limit,
        expected_on=date(2099, 12, 3),
        person=None,
        at=now(),
    )


def page(client: Client) -> str:
    return words(client.get("/products/alder-tent/?variant=TENT-MOSS"))


def empty(shop: Shop) -> None:
    StockLevel.objects.filter(variant=shop.moss).update(safety=1_000)
    StockLevel.objects.filter(variant=shop.moss, location=shop.warehouse).update(safety=20)


def test_what_is_there_is_offered_as_before(client: Client, shop: Shop) -> None:
    promise(shop, "backorder", 5)
    assert "ready to ship" in page(client)
    assert "backorder" not in page(client)


def test_a_backorder_says_when_it_leaves(client: Client, shop: Shop) -> None:
    empty(shop)
    assert "Sold out" in page(client)
    promise(shop, "backorder", 5)
    assert "On backorder: leaves about Thu, Dec 3" in page(client)
    assert "Add to cart" in page(client)
    assert '"availability": "https://schema.org/BackOrder"' in client.get("/products/alder-tent/").content.decode()


def test_a_preorder_is_called_one(client: Client, shop: Shop) -> None:
    empty(shop)
    promise(shop, "preorder", 5)
    assert "Preorder: leaves from Thu, Dec 3 on" in page(client)
    assert "Add to cart" not in page(client)


def test_the_cart_says_what_has_to_be_waited_for_and_refuses_what_is_beyond_the_limit(
    client: Client, shop: Shop
) -> None:
    empty(shop)
    promise(shop, "backorder", 2)
    client.post("/cart/lines/", {"sku": "TENT-MOSS", "quantity": "2"})
    cart = words(client.get("/cart/"))
    assert "On backorder: leaves about Thu, Dec 3." in cart
    client.post("/cart/lines/TENT-MOSS/", {"quantity": "3"})
    assert "Only 2 are left. Lower the quantity to go on." in words(client.get("/cart/"))
    assert not Order.objects.exists()
