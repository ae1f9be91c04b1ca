"""Gift cards in the shop: paying with them, and asking what is on one."""

from collections.abc import Callable

import pytest
from django.test import Client

from customers import lookups
from customers.models import GiftCard
from orders.models import Order, Payment
from tests.concurrency.conftest import audit
from tests.factories.wallets import code_of, gift_card
from tests.storefront.conftest import DETAILS, Shop, words
from tests.storefront.test_checkout import confirm

pytestmark = pytest.mark.usefixtures("card_network")
TOTAL = 4_164  # two mugs, delivered


def at_the_payment(fill: Callable[..., Client]) -> Client:
    client = fill("MUG", 2)
    assert client.post("/checkout/", DETAILS).status_code == 302
    return client


def test_a_gift_card_takes_its_part_off_what_the_card_pays(fill: Callable[..., Client], shop: Shop) -> None:
    card, client = gift_card(1_000), at_the_payment(fill)
    assert "Pay with a gift card" in words(client.get("/checkout/payment/"))
    text = words(client.post("/checkout/gift-cards/", {"code": code_of(card)}, follow=True))
    assert f"Total $41.64 Gift card ···· {card.last_four} -$10.00 To pay $31.64" in text.replace("−", "-")
    assert client.post("/checkout/start/").json()["state"] == "go"
    confirm()
    assert "Thank you. Your order is placed" in words(client.get("/checkout/return", follow=True))
    assert GiftCard.objects.get().balance_minor == 0
    assert sorted(Payment.objects.filter(state="captured").values_list("captured_minor", flat=True)) == [1_000, 3_164]
    assert audit() == ""


def test_gift_cards_that_pay_for_all_of_it_need_no_other_card(fill: Callable[..., Client], shop: Shop) -> None:
    card, client = gift_card(10_000), at_the_payment(fill)
    page = client.post("/checkout/gift-cards/", {"code": code_of(card)}, follow=True)
    text = words(page)
    assert "Your gift cards pay for all of it" in text
    assert "payment-element" not in page.content.decode()
    assert "Thank you. Your order is placed" in words(client.post("/checkout/place/", follow=True))
    assert GiftCard.objects.get().balance_minor == 10_000 - TOTAL
    assert Order.objects.filter(state="open").count() == 1
    client.post("/checkout/place/", follow=True)  # pressed twice
    assert GiftCard.objects.get().balance_minor == 10_000 - TOTAL
    assert audit() == ""


def test_one_that_was_entered_is_taken_out_again(fill: Callable[..., Client], shop: Shop) -> None:
    card, client = gift_card(1_000), at_the_payment(fill)
    client.post("/checkout/gift-cards/", {"code": code_of(card)})
    text = words(client.post("/checkout/gift-cards/", {"remove": str(card.pk)}, follow=True))
    assert "To pay" not in text
    assert "Total $41.64" in text
    assert Payment.objects.latest("pk").amount_minor == TOTAL


def test_a_wrong_number_is_said_and_nothing_changes(fill: Callable[..., Client], shop: Shop) -> None:
    client = at_the_payment(fill)
    for code in ("G-2222-2222-2222-2222", ""):
        text = words(client.post("/checkout/gift-cards/", {"code": code}, follow=True))
        assert "This gift card cannot be used here" in text
    assert Payment.objects.count() == 1


def test_the_balance_page_says_one_thing_of_all_that_pay_nothing(client: Client, shop: Shop) -> None:
    card, blocked = gift_card(2_500), gift_card(700)
    GiftCard.objects.filter(pk=blocked.pk).update(state="blocked")
    assert "Gift card balance" in words(client.get("/gift-cards/"))
    found = words(client.post("/gift-cards/", {"code": code_of(card).lower()}))
    assert f"On the card that ends with {card.last_four}: $25.00" in found
    answers = {
        words(client.post("/gift-cards/", {"code": code})) for code in (code_of(blocked), "G-2222-2222-2222-2222")
    }
    assert len(answers) == 1
    assert "There is nothing to spend" in answers.pop()
    for _try in range(lookups.PER_ADDRESS):
        last = client.post("/gift-cards/", {"code": code_of(card)})
    assert last.status_code == 429
    assert "Too many gift card numbers" in words(last)
