"""Nobody finds a code by guessing, and nobody who means well is locked out for long."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.pricing.errors import CouponUnknown
from commerce.pricing.models import Coupon
from orders.models import Cart
from storefront import coupon_attempts
from storefront.actions.enter_coupon import enter_coupon
from storefront.actions.fill_cart import add_to_cart
from storefront.errors import TooManyCodes
from storefront.models import CouponAttempts
from tests.client import new_token
from tests.factories.promotions import coupon, promotion
from tests.faults.conftest import together
from tests.storefront.conftest import Shop, words

pytestmark = pytest.mark.django_db
MOST = coupon_attempts.PER_CART


@pytest.fixture
def welcome(shop: Shop) -> Coupon:
    return coupon("WELCOME-10", promotion("welcome", scope="order", percent_ppm=100_000, needs_coupon=True))


def enter(client: Client, code: str) -> Any:
    return client.post("/cart/coupons/", {"code": code})


def test_after_ten_wrong_codes_the_right_one_gets_the_same_answer(fill: Callable[..., Client], welcome: Coupon) -> None:
    client = fill("MUG")
    for n in range(MOST):
        assert "There is no coupon" in words(enter(client, f"NONE{n}"))
    for code in ("NONE", "WELCOME-10"):
        assert "Too many codes were tried. Wait 10 minutes" in words(enter(client, code))
    assert Cart.objects.get().coupons == []
    later = now() + coupon_attempts.WINDOW
    assert enter_coupon(Cart.objects.get().uid, "WELCOME-10", address="192.0.2.7", at=later)[1]


def test_a_right_code_costs_nothing_and_forgives_nothing(fill: Callable[..., Client], welcome: Coupon) -> None:
    client = fill("MUG")
    for n in range(MOST):
        enter(client, "WELCOME-10")
        assert "There is no coupon" in words(enter(client, f"NONE{n}"))
    assert "Too many codes" in words(enter(client, "WELCOME-10"))
    assert Cart.objects.get().coupons == ["WELCOME-10"]


def test_an_address_is_counted_over_its_carts_and_not_kept(
    shop: Shop, welcome: Coupon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coupon_attempts, "PER_ADDRESS", 12)
    carts = [add_to_cart(None, shop.mug, 1, market=shop.us, at=now()).uid for _n in range(4)]
    for n in range(12):
        with pytest.raises(CouponUnknown):
            enter_coupon(carts[n % 4], "NONE", address="192.0.2.7", at=now())
    with pytest.raises(TooManyCodes):
        enter_coupon(carts[0], "WELCOME-10", address="192.0.2.7", at=now())
    assert enter_coupon(carts[0], "WELCOME-10", address="192.0.2.8", at=now())[1]
    assert not CouponAttempts.objects.filter(key__contains="192.0").exists()


@pytest.mark.django_db(transaction=True)
def test_programs_are_told_by_their_token(shop: Shop, welcome: Coupon) -> None:
    headers = {"Authorization": f"Bearer {new_token('carts')}"}

    def post(path: str, body: Any, status: int) -> Any:
        key = {"Idempotency-Key": str(new_uid())}
        answer = Client().post(f"/api/v1{path}", body, content_type="application/json", headers={**headers, **key})
        assert answer.status_code == status, answer.content
        return answer

    def cart() -> str:
        return f"/carts/{post('/carts', {}, 201).json()['id']}/coupons"

    first = cart()
    for n in range(MOST):
        post(first, {"code": f"NONE{n}"}, 422)
    blocked = post(first, {"code": "WELCOME-10"}, 429)
    assert blocked.json()["code"] == "too_many_coupon_codes"
    assert 500 < blocked.json()["seconds"] <= 600
    post(cart(), {"code": "WELCOME-10"}, 200)
    CouponAttempts.objects.update(count=coupon_attempts.PER_PROGRAM)
    post(cart(), {"code": "WELCOME-10"}, 429)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_are_all_counted(fill: Callable[..., Client], welcome: Coupon) -> None:
    fill("MUG")
    cart = Cart.objects.get().uid

    def guess() -> str:
        try:
            enter_coupon(cart, "NONE", address="192.0.2.7", at=now() + timedelta(seconds=1))
        except (CouponUnknown, TooManyCodes) as error:
            return error.code
        return ""

    answers = together(*[guess] * 20)
    assert sorted(answers) == ["coupon_unknown"] * MOST + ["too_many_coupon_codes"] * (20 - MOST)
