"""Gift cards that are bought on the web: paid like goods, made with the payment, mailed once, and owed until spent."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from commerce.catalog.models import Variant
from commerce.kernel.clock import business_date, now
from commerce.ledger.models import Posting
from customers.models import GiftCard
from orders.models import GiftCardDelivery, Order, Payment
from storefront import mails
from storefront.actions.send_gift_cards import send_gift_cards
from tests.concurrency.conftest import audit
from tests.factories.gift_cards import card_for_sale
from tests.factories.wallets import code_of, gift_card
from tests.storefront.conftest import DETAILS, Shop, words
from tests.storefront.test_checkout import confirm

pytestmark = pytest.mark.usefixtures("card_network")
PAGE = "/products/gift-card-by-mail/"
WISH = {"amount": "5000", "to_name": "Grace", "to_email": "grace@example.com", "message": "Well done", "send_on": ""}
WHO = {"email": "ada@example.com", "name": "Ada Example"}


@pytest.fixture
def card(shop: Shop) -> Variant:
    return card_for_sale()


def put_in(client: Client, **changes: str) -> Any:
    return client.post(f"{PAGE}gift-card/", {**WISH, **changes}, follow=True)


def pay(client: Client, details: dict[str, str]) -> Order:
    assert client.post("/checkout/", details).status_code == 302
    assert client.get("/checkout/payment/").status_code == 200
    assert client.post("/checkout/start/").json()["state"] == "go"
    confirm()
    assert "Thank you" in words(client.get("/checkout/return", follow=True))
    return Order.objects.get(state__in=["open", "closed"])


def order_page(client: Client, order: Order) -> str:
    from orders import codes

    return words(client.get(f"/orders/{codes.link_token(order.uid)}/"))


def test_a_card_alone_needs_no_address_and_is_mailed_once(client: Client, card: Variant) -> None:
    page = words(client.get(PAGE))
    assert "$25.00 $50.00 Your amount" in page
    cart = words(put_in(client))
    assert "Cart, 1 item" in client.get("/").content.decode()
    assert "For Grace, grace@example.com" in cart
    assert "Gift cards are not taxed, and sent by e-mail." in cart
    form = client.get("/checkout/").content.decode()
    assert 'name="line1"' not in form
    order = pay(client, WHO)
    assert (order.total_minor, order.tax_minor, order.state) == (5_000, 0, "closed")
    assert [part.type for part in order.fulfillments.all()] == ["email"]
    made = GiftCard.objects.get()
    assert (made.state, made.balance_minor, made.shown_at) == ("active", 5_000, None)
    assert send_gift_cards(at=now()) == 1
    assert send_gift_cards(at=now()) == 0
    (message,) = mail.outbox
    assert message.to == ["grace@example.com"]
    assert message.subject == "Ada Example has a gift card for you: $50.00 at Counterpart"
    assert code_of(made) in message.body
    assert "Well done" in message.body
    shown = order_page(client, order)
    assert f"Gift card {GiftCard.objects.get()}, $50.00, sent to grace@example.com" in shown
    assert code_of(made) not in shown
    assert audit() == ""


def test_with_goods_the_rest_is_shipped_and_taxed(fill: Callable[..., Client], card: Variant) -> None:
    client = fill("MUG", 2)
    assert "Total so far" not in words(put_in(client, amount="own", own_amount="120"))
    order = pay(client, DETAILS)
    goods, bought = order.lines.all()
    assert (bought.total_minor, bought.tax_minor, bought.discount_minor, bought.fulfilled) == (12_000, 0, 0, 1)
    assert order.shipping_minor == 700  # $120 on a card make no order of goods over $99
    assert goods.tax_minor > 0
    assert [(part.type, part.state) for part in order.fulfillments.order_by("pk")] == [
        ("ship", "pending"),
        ("email", "done"),
    ]
    owed = Posting.objects.get(account__code="gift_cards", amount_minor=-12_000)
    assert owed.sub == str(GiftCard.objects.get().uid)
    assert "We are packing it" in order_page(client, order)
    assert audit() == ""


def test_a_day_is_kept_and_a_mail_server_that_fails_is_asked_again(
    client: Client, card: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = business_date("UTC", now()) + timedelta(days=20)
    put_in(client, send_on=day.isoformat())
    order = pay(client, WHO)
    assert send_gift_cards(at=now()) == 0
    assert "goes to grace@example.com on" in order_page(client, order)
    then = now() + timedelta(days=22)

    def down(_message: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        assert send_gift_cards(at=then) == 0
    assert GiftCard.objects.get().shown_at is None
    assert send_gift_cards(at=then) == 0  # it is put off
    assert send_gift_cards(at=then + timedelta(minutes=5)) == 1
    assert len(mail.outbox) == 1
    assert GiftCardDelivery.objects.get().tries == 0


def test_gift_cards_do_not_pay_for_gift_cards(fill: Callable[..., Client], card: Variant) -> None:
    other, client = gift_card(50_000), fill("MUG", 2)
    put_in(client)
    client.post("/checkout/", DETAILS)
    text = words(client.post("/checkout/gift-cards/", {"code": code_of(other)}, follow=True))
    assert "To pay $50.00" in text
    assert Payment.objects.latest("pk").amount_minor == 5_000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "own", "own_amount": "5"}, "Choose an amount between $10.00 and $500.00."),
        ({"amount": "own", "own_amount": "lots"}, "“lots” is not an amount"),
        ({"amount": "999"}, "Enter an amount."),
        ({"to_email": "nobody"}, "Enter an e-mail address"),
        ({"to_name": " "}, "Say who the card is for."),
        ({"send_on": "2020-01-01"}, "Choose a day from today on"),
        ({"message": "4242 4242 4242 4242"}, "This looks like the number of a card"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    client: Client, card: Variant, changes: dict[str, str], said: str
) -> None:
    page = client.post(f"{PAGE}gift-card/", {**WISH, **changes})
    assert page.status_code == 422
    assert said in words(page)
    assert "Grace" in page.content.decode() or "to_name" in changes


def test_one_order_holds_no_more_than_the_market_allows(client: Client, card: Variant) -> None:
    for _card in range(2):
        put_in(client, amount="own", own_amount="500")
    page = client.post(f"{PAGE}gift-card/", {**WISH})
    assert page.status_code == 422
    assert "One order holds at most 10 gift cards, and $1,000.00 on them" in words(page)


def test_one_that_was_put_in_is_taken_out_again(client: Client, card: Variant) -> None:
    page = put_in(client).content.decode()
    address = re.search(r"/cart/gift-cards/[0-9a-f-]+/removal/", page)
    assert address
    assert "Your cart is empty" in words(client.post(address.group(), follow=True))


def test_a_cart_that_gets_another_card_is_asked_about(client: Client, card: Variant) -> None:
    put_in(client)
    client.post("/checkout/", WHO)
    put_in(client, to_name="Linus", to_email="linus@example.com")
    assert client.get("/checkout/payment/").status_code == 409


def test_the_confirmation_names_cards_that_were_bought_and_cards_that_paid(
    fill: Callable[..., Client], card: Variant
) -> None:
    other, client = gift_card(1_000), fill("MUG", 2)
    put_in(client)
    client.post("/checkout/", DETAILS)
    client.post("/checkout/gift-cards/", {"code": code_of(other)})
    order = pay(client, DETAILS)
    with transaction.atomic():
        assert mails.confirm_order(order.uid, at=now())
    (message,) = mail.outbox
    bought = GiftCard.objects.exclude(pk=other.pk).get()
    for said in (message.body, words_of(message.alternatives[0][0])):
        assert f"Gift card {bought}, $50.00, on its way to grace@example.com" in said
        assert f"Gift card ending in {other.last_four}" in said
        assert code_of(bought) not in said
        assert code_of(other) not in said
    assert f"Gift card ending in {other.last_four}: $10.00" in message.body
    assert "Visa ending in 4242" in message.body


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
