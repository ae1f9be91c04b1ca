"""The cart without a browser: what is typed, what has changed meanwhile, whose it is."""

from collections.abc import Callable

import pytest
from django.test import Client

from orders.models import Cart, CartLine
from tests.factories.pricing import PriceFactory
from tests.factories.stock import receive
from tests.storefront.conftest import Shop, words

WRONG = [
    ("0", "Enter a quantity of 1 or more."),
    ("-1", "Enter a quantity of 1 or more."),
    ("1000000000", "At most 9999 can be ordered at once."),
    ("9" * 400, "At most 9999 can be ordered at once."),
    ("abc", "Enter the quantity as a whole number, such as 2."),
    ("1.5", "Enamel mug is sold in whole pieces."),
    ("", "Enter the quantity as a whole number, such as 2."),
    ("²", "Enter the quantity as a whole number, such as 2."),
]


@pytest.mark.parametrize(("typed", "said"), WRONG)
def test_a_wrong_quantity_is_refused_in_words(client: Client, shop: Shop, typed: str, said: str) -> None:
    answer = client.post("/cart/lines/", {"sku": "MUG", "quantity": typed})
    assert answer.status_code == 422
    assert said in words(answer)
    assert "Enamel mug" in words(answer)
    by_htmx = client.post("/cart/lines/", {"sku": "MUG", "quantity": typed}, HTTP_HX_REQUEST="true")
    assert (by_htmx.status_code, by_htmx["HX-Retarget"]) == (422, "#toasts")
    assert said in words(by_htmx)
    assert not Cart.objects.exists()


@pytest.mark.parametrize(("typed", "said"), WRONG[1:])
def test_a_wrong_quantity_in_the_cart_changes_nothing(
    fill: Callable[..., Client], shop: Shop, typed: str, said: str
) -> None:
    client = fill("MUG", 2)
    answer = client.post("/cart/lines/MUG/", {"quantity": typed})
    assert answer.status_code == 422
    assert said in words(answer)
    assert CartLine.objects.get().quantity == 2


def test_units_add_up_change_and_leave(fill: Callable[..., Client], shop: Shop) -> None:
    fill("MUG", 2)
    client = fill("MUG", 1)
    assert CartLine.objects.get().quantity == 3
    assert "$48.00" in words(client.get("/cart/"))
    assert client.post("/cart/lines/MUG/", {"quantity": "5"})["Location"] == "/cart/"
    part = client.post("/cart/lines/MUG/", {"quantity": "4"}, HTTP_HX_REQUEST="true")
    assert "$64.00" in words(part)
    assert 'aria-label="Cart, 4 items"' in part.content.decode()
    client.post("/cart/lines/MUG/", {"remove": "1"})
    assert "Your cart is empty" in words(client.get("/cart/"))


def test_the_bag_in_the_header_stays_in_sight(fill: Callable[..., Client], shop: Shop) -> None:
    page = fill("MUG", 99).get("/about/").content.decode()
    assert 'aria-label="Cart, 99 items"' in page
    assert ">99</span>" in page
    page = fill("MUG", 1).get("/about/").content.decode()
    assert 'aria-label="Cart, 100 items"' in page
    assert ">99+</span>" in page


def test_the_drawer_comes_with_what_was_added(client: Client, shop: Shop) -> None:
    part = client.post("/cart/lines/", {"sku": "TENT-MOSS", "quantity": "1"}, HTTP_HX_REQUEST="true")
    page = part.content.decode()
    assert "data-open-now" in page
    assert 'id="cart-button-slot"' in page
    assert "In your cart" in words(part)
    assert "Check out" in words(part)


def test_a_price_that_has_changed_is_announced_once(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    assert "has changed" not in words(client.get("/cart/"))
    PriceFactory._meta.model.objects.filter(variant=shop.mug, price_list__code="us").update(amount_minor=1_800)
    text = words(client.get("/cart/"))
    assert "The price has changed since you last looked: it was $16.00." in text
    assert "$18.00" in text
    assert "has changed" not in words(client.get("/cart/"))


def test_stock_that_has_gone_is_announced_and_stops_the_checkout(fill: Callable[..., Client], shop: Shop) -> None:
    lamp = shop.variant(shop.product("Old lamp", category=shop.camp), "LAMP", 4_000, [])
    receive(lamp, shop.warehouse, 2)
    client = fill("LAMP", 3)
    text = words(client.get("/cart/"))
    assert "Only 2 are left. Lower the quantity to go on." in text
    assert "Some of it cannot be had like this" in text
    assert client.get("/checkout/")["Location"] == "/cart/"
    receive(lamp, shop.warehouse, -2)
    assert "Sold out since you added it. Remove it to go on." in words(client.get("/cart/"))
    lamp.is_active = False
    lamp.save(update_fields=["is_active"])
    assert "This is not sold any more. Remove it to go on." in words(client.get("/cart/"))


@pytest.mark.parametrize("sku", ["NO-SUCH", ""])
def test_an_unknown_product_is_a_clear_answer(client: Client, shop: Shop, sku: str) -> None:
    answer = client.post("/cart/lines/", {"sku": sku, "quantity": "1"})
    assert answer.status_code == 404
    assert "There is no SKU" in words(answer)


def test_nobody_opens_another_s_cart(fill: Callable[..., Client], shop: Shop) -> None:
    fill("MUG")
    thief = Client()
    thief.cookies["cart"] = str(Cart.objects.get().uid)
    assert "Your cart is empty" in words(thief.get("/cart/"))
    thief.cookies["cart"] = "x" * 5000
    assert thief.get("/cart/").status_code == 200


def test_forms_are_guarded_against_other_sites(shop: Shop) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/cart/lines/", {"sku": "MUG"}).status_code == 403
