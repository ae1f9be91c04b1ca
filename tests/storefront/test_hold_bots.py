"""T30: who only holds goods, and never pays, holds few of them. Who pays, or comes from elsewhere, notices nothing."""

from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from commerce.kernel.clock import now
from inventory import availability
from inventory.models import Reservation
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from orders.models import Order
from storefront.actions import check_out, fill_cart
from storefront.errors import HoldsTooMuch, TooManyHolds
from storefront.models import OpenHold
from tests.client import ADDRESS
from tests.servers import Server
from tests.storefront.conftest import DETAILS, Shop, words

pytestmark = [pytest.mark.usefixtures("card_network"), pytest.mark.timeout(120)]
BOT, OTHER = "198.51.100.7", "198.51.100.8"


def press(shop: Shop, quantity: int = 1, *, address: str = BOT, minutes: int = 0) -> Order:
    """A checkout of mugs from a new cart, as a bot opens one after the other."""
    at = now() + timedelta(minutes=minutes)
    cart = fill_cart.add_to_cart(None, shop.mug, quantity, market=shop.us, at=at)
    wish = Wish("ship", address={**ADDRESS, "state": "TX", "postal_code": "78704"})
    contact = Contact("ada@example.com", "Ada Example")
    return check_out.check_out(cart.uid, contact=contact, wish=wish, address=address, at=at)[0]


@pytest.fixture(autouse=True)
def _three_at_once(settings: Any) -> None:
    settings.HOLDS_PER_ADDRESS, settings.HOLD_UNITS, settings.HOLD_PERCENT = 3, 4, 50


def test_one_address_opens_so_many_checkouts_and_no_more(shop: Shop) -> None:
    for _cart in range(3):
        press(shop)
    with pytest.raises(TooManyHolds) as refusal:
        press(shop)
    assert str(refusal.value) == (
        "Too many checkouts from your network are waiting to be paid, and hold goods from others. Pay for one of them,"
        " or try again in 15 minutes."
    )
    assert Reservation.objects.filter(state="held").count() == 3
    assert Order.objects.count() == 3
    press(shop, address=OTHER)


def test_what_is_paid_given_up_or_over_is_not_counted(shop: Shop) -> None:
    first, second, _third = press(shop), press(shop), press(shop)
    Order.objects.filter(pk=first.pk).update(state="open", number="1", placed_at=now(), business_date=now().date())
    press(shop)
    Order.objects.filter(pk=second.pk).update(state="canceled")
    press(shop)
    with pytest.raises(TooManyHolds):
        press(shop)
    press(shop, minutes=16)
    assert OpenHold.objects.count() == 1


def test_a_checkout_that_ran_out_counts_again_when_it_is_taken_up(shop: Shop) -> None:
    at = now()
    cart = fill_cart.add_to_cart(None, shop.mug, 1, market=shop.us, at=at)
    wish, contact = Wish("ship", address={**ADDRESS, "state": "TX", "postal_code": "78704"}), Contact("ada@example.com")
    check_out.check_out(cart.uid, contact=contact, wish=wish, address=BOT, at=at)
    for _cart in range(3):
        press(shop, minutes=16)
    with pytest.raises(TooManyHolds):
        check_out.check_out(cart.uid, contact=contact, wish=wish, address=BOT, at=at + timedelta(minutes=16))
    # Prolonging one that is open is no other checkout.
    check_out.check_out(cart.uid, contact=contact, wish=wish, address=OTHER, at=at + timedelta(minutes=16))
    check_out.check_out(cart.uid, contact=contact, wish=wish, address=OTHER, at=at + timedelta(minutes=20))
    assert OpenHold.objects.filter(order__cart__uid=cart.uid).count() == 1


def test_unpaid_checkouts_of_an_address_hold_half_of_an_item_at_most(shop: Shop) -> None:
    """23 mugs are there: 11 may be held from one address before it pays."""
    with pytest.raises(HoldsTooMuch) as refusal:
        press(shop, 12)
    assert str(refusal.value) == (
        "Before it is paid, one shopper can hold at most 50% of what we have of Enamel mug. Lower the quantity, pay for"
        " it, then order the rest."
    )
    press(shop, 8)
    press(shop, 3)
    with pytest.raises(HoldsTooMuch):
        press(shop, 1)
    assert availability.totals([shop.mug.pk], at=now()) == {shop.mug.pk: 12}
    press(shop, 11, address=OTHER)


def test_the_last_few_may_be_bought_by_one(shop: Shop) -> None:
    press(shop, 11, address=OTHER)
    press(shop, 8, address="198.51.100.9")
    press(shop, 4)
    assert availability.totals([shop.mug.pk], at=now()) == {shop.mug.pk: 0}


def test_programs_with_a_token_are_not_counted(shop: Shop) -> None:
    for _cart in range(5):
        press(shop, address="")
    assert not OpenHold.objects.exists()


def test_the_page_says_so_and_keeps_what_was_typed(shop: Shop) -> None:
    browsers = [Client() for _number in range(4)]
    for browser in browsers:
        browser.post("/cart/lines/", {"sku": "MUG", "quantity": 1})
    answers = [browser.post("/checkout/", DETAILS) for browser in browsers]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert "Too many checkouts from your network are waiting to be paid" in words(answers[-1])
    assert 'value="ada@example.com"' in answers[-1].content.decode()


@pytest.mark.django_db(transaction=True)
def test_pressing_at_the_same_moment_opens_no_more(shop: Shop, card_network: Server) -> None:
    from tests.concurrency.test_one_effect import together

    ready = Barrier(8)

    def one() -> str:
        try:
            ready.wait(30)
            press(shop)
        except TooManyHolds:
            return "refused"
        finally:
            connection.close()
        return "held"

    assert sorted(together(*[one] * 8)) == ["held"] * 3 + ["refused"] * 5
