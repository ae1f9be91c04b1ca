"""Coupons and promotions in the API: what reduced a cart, stable codes of refusals, and prices with their proof."""

from datetime import timedelta

import pytest
from django.utils import timezone

from commerce.pricing.models import Coupon
from tests.api.test_contract import Api, api, goods
from tests.client import ADDRESS
from tests.factories.promotions import coupon, promotion
from tests.servers import Server

__all__ = ["api", "goods"]
pytestmark = pytest.mark.django_db
WISH = {"email": "ada@example.com", "name": "Ada", "fulfillment": {"type": "ship", "address": ADDRESS}}


@pytest.fixture
def welcome(goods: None) -> Coupon:
    offer = promotion("welcome", label="Welcome", scope="order", percent_ppm=100_000, needs_coupon=True)
    return coupon("WELCOME-10", offer, max_uses=1, max_uses_per_customer=1)


def cart_of(api: Api, quantity: int = 3) -> str:
    cart = str(api("POST", "/carts", {})[1]["id"])
    api("POST", f"/carts/{cart}/lines", {"sku": "MUG", "quantity": quantity})
    return cart


def usd(amount: int) -> dict[str, object]:
    return {"amount": amount, "currency": "USD"}


def test_a_cart_says_what_reduced_it_to_the_cent(api: Api, welcome: Coupon, card_network: Server) -> None:
    promotion("three", kind="buy_get", buy_quantity=2, get_quantity=1, label="3 for 2")
    cart = cart_of(api)
    status, body = api("POST", f"/carts/{cart}/coupons", {"code": "welcome 10"})
    assert status == 200
    line = body["lines"][0]
    assert [(row["id"], row["source"], row["scope"], row["amount"]["amount"]) for row in line["discounts"]] == [
        ("three", "promotion", "line", 1600),
        ("welcome", "coupon", "order", 320),
    ]
    assert line["discount"] == usd(1920)
    assert [(row["label"], row["coupon"], row["amount"]) for row in body["discounts"]] == [
        ("Welcome", "WELCOME-10", usd(320))
    ]
    assert body["coupons"] == [
        {"code": "WELCOME-10", "label": "Welcome", "amount": usd(320), "message": "", "is_usable": True}
    ]
    assert (body["total"], body["savings"]) == (usd(2880), usd(1920))
    checkout = api("POST", f"/carts/{cart}/checkout", WISH)[1]
    assert (checkout["coupons"], checkout["discounts"]) == (["WELCOME-10"], body["discounts"])
    placed = api("POST", f"/carts/{cart}/complete", {"payment_method": "pm_card_visa"})[1]
    order = api("GET", f"/orders/{placed['number']}")[1]
    assert order["coupons"] == ["WELCOME-10"]
    assert order["discounts"] == body["discounts"]
    assert order["lines"][0]["discounts"] == line["discounts"]


def test_refusals_have_stable_codes(api: Api, welcome: Coupon, card_network: Server) -> None:
    ended = (timezone.now() - timedelta(days=2)).date()
    coupon("OLD", welcome.promotion, ends_on=ended)
    coupon("GONE", welcome.promotion, max_uses=1, used=1)
    cart = cart_of(api)
    for code, status, stable in (
        ("NO", 422, "coupon_unknown"),
        ("OLD", 422, "coupon_ended"),
        ("GONE", 409, "coupon_used_up"),
    ):
        answered, problem = api("POST", f"/carts/{cart}/coupons", {"code": code})
        assert (answered, problem["code"], problem["coupon"]) == (status, stable, code)
    assert api("POST", f"/carts/{cart}/coupons", {})[0] == 422
    assert api("POST", f"/carts/{cart}/coupons", {"code": "WELCOME10"})[0] == 200
    Coupon.objects.filter(code="WELCOME-10").update(max_uses=5)
    assert api("POST", f"/carts/{cart}/checkout", WISH)[0] == 200
    again = cart_of(api)
    api("POST", f"/carts/{again}/coupons", {"code": "WELCOME-10"})
    answered, problem = api("POST", f"/carts/{again}/checkout", WISH)
    assert (answered, problem["code"]) == (409, "coupon_used_by_customer")
    body = api("DELETE", f"/carts/{again}/coupons/WELCOME-10")[1]
    assert (body["coupons"], body["discount"]) == ([], usd(0))
    assert api("POST", f"/carts/{again}/checkout", WISH)[0] == 200


def test_any_basket_is_priced_with_its_proof(api: Api, welcome: Coupon) -> None:
    promotion("three", kind="buy_get", buy_quantity=2, get_quantity=1, label="3 for 2")
    basket = {"lines": [{"sku": "mug", "quantity": 3}], "coupons": ["welcome-10", "NO"], "address": {"country": "US"}}
    status, body = api("POST", "/prices", basket)
    assert status == 200
    assert (body["subtotal"], body["discount"], body["tax"], body["total"]) == (
        usd(4800),
        usd(1920),
        usd(230),
        usd(3110),
    )
    assert body["engine"]
    assert body["rules"]
    assert [row["problem"] for row in body["refused_coupons"]] == ["coupon_unknown"]
    assert {row["id"]: row["why"] for row in body["trace"]["promotions"]} == {"three": "fired", "welcome": "fired"}
    assert body["trace"]["prices"][0]["considered"][0]["why"] == "won"
    promotion("three-more", kind="percent", percent_ppm=1000)
    assert api("POST", "/prices", basket)[1]["rules"] != body["rules"]
    in_store = {**basket, "channel": "pos", "location": "PDX-1", "at": "2020-05-03T14:10:00Z"}
    assert api("POST", "/prices", {**in_store, "lines": []})[0] == 422
    assert api("POST", "/prices", {**in_store, "location": "NO"})[0] == 404
    assert api("POST", "/prices", {**basket, "lines": [*basket["lines"], *basket["lines"]]})[0] == 422
    assert api("POST", "/prices", {**basket, "lines": [{"sku": "NO", "quantity": 1}]})[0] == 404
