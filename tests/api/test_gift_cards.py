"""Gift cards in the API: bought and mailed, paying for carts, and never shown with their number."""

import json

import pytest
from django.core import mail

from commerce.kernel.clock import now
from customers import lookups
from customers.models import GiftCard
from storefront.actions.send_gift_cards import send_gift_cards
from tests.api.test_contract import Api, api, goods
from tests.api.test_coupons_and_prices import WISH, cart_of, usd
from tests.concurrency.conftest import audit
from tests.factories.gift_cards import card_for_sale
from tests.factories.wallets import code_of, gift_card
from tests.servers import Server

__all__ = ["api", "goods"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("goods")]
LINE = {"sku": "gift-mail", "amount": usd(5_000), "recipient": {"name": "Grace", "email": "grace@example.com"}}
MAILED = {"email": "ada@example.com", "name": "Ada", "fulfillment": {"type": "email"}}


def test_a_card_is_bought_and_mailed(api: Api, card_network: Server) -> None:
    card_for_sale()
    cart = str(api("POST", "/carts", {})[1]["id"])
    status, body = api("POST", f"/carts/{cart}/gift_card_lines", {**LINE, "message": "Well done"})
    assert status == 200
    (line,) = body["gift_card_lines"]
    assert (line["amount"], line["recipient"], line["send_on"]) == (usd(5_000), LINE["recipient"], None)
    assert (body["lines"], body["total"], body["tax"]) == ([], usd(5_000), usd(0))
    checkout = api("POST", f"/carts/{cart}/checkout", MAILED)[1]
    assert (checkout["total"], checkout["to_pay"]) == (usd(5_000), usd(5_000))
    order = api("POST", f"/carts/{cart}/complete", {"payment_method": "pm_card_visa"})[1]
    assert (order["state"], order["fulfillment_status"]) == ("closed", "fulfilled")
    assert send_gift_cards(at=now()) == 1
    shown = api("GET", f"/orders/{order['number']}")[1]
    card = GiftCard.objects.get()
    told = shown["lines"][0]["gift_card"]
    assert (told["id"], told["last4"], told["recipient"]) == (str(card.uid), card.last_four, LINE["recipient"])
    assert told["sent_at"]
    assert code_of(card) in mail.outbox[0].body
    assert code_of(card) not in json.dumps(shown)
    assert audit() == ""


def test_one_is_taken_out_again_and_what_is_wrong_is_named(api: Api) -> None:
    card_for_sale()
    cart = str(api("POST", "/carts", {})[1]["id"])
    line = api("POST", f"/carts/{cart}/gift_card_lines", LINE)[1]["gift_card_lines"][0]["id"]
    assert api("DELETE", f"/carts/{cart}/gift_card_lines/{line}")[1]["gift_card_lines"] == []
    for wrong, field in (
        ({"amount": usd(1)}, "amount"),
        ({"amount": {"amount": 5_000, "currency": "EUR"}}, "amount"),
        ({"send_on": "2001-01-01"}, "send_on"),
        ({"message": "4242424242424242"}, "message"),
    ):
        status, body = api("POST", f"/carts/{cart}/gift_card_lines", {**LINE, **wrong})
        assert (status, list(body["fields"])) == (422, [field])
    assert api("POST", f"/carts/{cart}/gift_card_lines", {**LINE, "sku": "MUG"})[0] == 409
    goods_cart = cart_of(api)
    assert api("POST", f"/carts/{goods_cart}/checkout", MAILED)[0] == 422  # goods do not go by mail


def test_a_card_pays_a_part_and_two_pay_for_all(api: Api, card_network: Server) -> None:
    small, large = gift_card(1_000), gift_card(90_000)
    cart = cart_of(api)
    body = api("POST", f"/carts/{cart}/gift_cards", {"number": code_of(small).lower()})[1]
    assert body["gift_cards"] == [{"id": str(small.uid), "last4": small.last_four}]
    checkout = api("POST", f"/carts/{cart}/checkout", WISH)[1]
    total = checkout["total"]["amount"]
    assert checkout["gift_cards"] == [{"id": str(small.uid), "last4": small.last_four, "amount": usd(1_000)}]
    assert checkout["to_pay"] == usd(total - 1_000)
    api("POST", f"/carts/{cart}/gift_cards", {"number": code_of(large)})
    assert api("POST", f"/carts/{cart}/checkout", WISH)[1]["to_pay"] == usd(0)
    status, order = api("POST", f"/carts/{cart}/complete", {})
    assert status == 200
    paid = [row for row in order["payments"] if row["state"] == "captured"]
    assert [(row["tender"], row["captured"], row["card"]) for row in paid] == [
        ("gift_card", usd(1_000), {"last4": small.last_four}),
        ("gift_card", usd(total - 1_000), {"last4": large.last_four}),
    ]
    assert audit() == ""


def test_one_that_was_entered_is_taken_out(api: Api, card_network: Server) -> None:
    card, cart = gift_card(1_000), cart_of(api)
    api("POST", f"/carts/{cart}/gift_cards", {"number": code_of(card)})
    assert api("DELETE", f"/carts/{cart}/gift_cards/{card.uid}")[1]["gift_cards"] == []
    checkout = api("POST", f"/carts/{cart}/checkout", WISH)[1]
    assert checkout["to_pay"] == checkout["total"]


def test_guessing_is_slowed_down(api: Api) -> None:
    cart = cart_of(api)
    for _try in range(lookups.PER_PROGRAM):
        status, body = api("POST", f"/carts/{cart}/gift_cards", {"number": "G-2222-2222-2222-2222"})
        assert (status, body["code"]) == (409, "gift_card_unusable")
    status, body = api("POST", f"/carts/{cart}/gift_cards", {"number": code_of(gift_card())})
    assert (status, body["code"]) == (429, "too_many_lookups")
