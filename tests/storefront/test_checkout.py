"""The checkout without a browser: everything up to and after the card form, against the real card network stand-in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.kernel.clock import now
from commerce.pricing.models import TaxArea
from inventory.models import Reservation, StockLevel
from orders import codes, gateway
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.models import Fulfillment, Order, Payment
from orders.quotes import Place, quote
from storefront import declines
from storefront.errors import TooManyDeclines
from storefront.models import Declines
from tests.concurrency.conftest import audit
from tests.factories import trade
from tests.factories.pricing import TaxRateFactory
from tests.factories.stock import receive
from tests.servers import Server
from tests.storefront.conftest import DETAILS, Shop, words

pytestmark = pytest.mark.usefixtures("card_network")


def confirm(card: str = "pm_card_visa") -> Any:
    """What the payment element does in the browser."""
    payment = Payment.objects.latest("pk")
    params = {"payment_method": card, "return_url": "http://127.0.0.1/"}
    return gateway.client().v1.payment_intents.confirm(payment.provider_id, params=params)


def buy(client: Client, card: str = "pm_card_visa", **details: str) -> Any:
    """From the details to the browser's return, followed to the last page."""
    assert client.post("/checkout/", {**DETAILS, **details}).status_code == 302
    assert client.get("/checkout/payment/").status_code == 200
    assert client.post("/checkout/start/").json()["state"] == "go"
    confirm(card)
    return client.get("/checkout/return", follow=True)


def test_an_order_for_delivery(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG", 2)
    text = words(buy(client))
    assert "Thank you. Your order is placed" in text
    assert "Subtotal $32.00 Delivery $7.00 Texas sales tax $2.64 Total $41.64" in text
    assert "Ada Example, 12 Alder Street, Austin, TX 78704" in text
    assert "Visa ending in 4242" in text
    assert "cart" not in client.cookies or client.cookies["cart"].value == ""
    assert "Your cart is empty" in words(client.get("/cart/"))
    assert audit() == ""


def test_an_order_for_pickup_with_its_code(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("TENT-MOSS")
    answer = buy(client, method="pickup", store="PDX-1", line1="", city="", state="", postal_code="")
    text = words(answer)
    assert "Pickup at Alberta Street We are gathering your things" in text
    assert "Your pickup code P-" in text
    assert "Pickup code as QR code" in answer.content.decode()
    assert "Total $289.00" in text
    assert audit() == ""


def test_the_whole_checkout_stays_within_its_budget(fill: Callable[..., Client], shop: Shop, settings: Any) -> None:
    settings.SHOP_FRAME_SECONDS = 30
    fill("TENT-MOSS")
    client = fill("MUG", 2)
    client.get("/checkout/")
    quote(
        [], market=shop.us, place=Place.of_address(DETAILS), ships=True, at=now()
    )  # a process asks once for its taxes
    with CaptureQueriesContext(connection) as before:
        client.post("/checkout/", DETAILS)
        client.get("/checkout/payment/")
        client.post("/checkout/start/")
    confirm()  # in the browser, to the card network
    with CaptureQueriesContext(connection) as after:
        assert client.get("/checkout/return").status_code == 302
    assert Order.objects.get().state == "open"
    seen = [*before, *after]
    assert 0 < len(seen) <= 60, "\n".join(query["sql"][:140] for query in seen)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": ""}, "Enter your e-mail address: the order is confirmed there."),
        ({"email": "ada@"}, "Enter an e-mail address such as name@example.com."),
        ({"name": ""}, "Enter your name, as it should stand on the parcel or at the counter."),
        ({"line1": ""}, "Enter the street and number."),
        ({"city": ""}, "Enter the city."),
        ({"state": ""}, "Choose the state."),
        ({"state": "XX"}, "Choose the state."),
        ({"postal_code": "7870"}, "Enter a postal code such as 97205."),
        ({"country": "DE"}, "We do not deliver there. Choose one of the countries in the list."),
        ({"method": "pickup", "store": ""}, "Choose the store where you want to collect it."),
        ({"method": "pickup", "store": "AMS-1"}, "Choose the store where you want to collect it."),
        ({"method": "drone"}, "Choose delivery or pickup."),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    fill: Callable[..., Client], shop: Shop, changed: dict[str, str], said: str
) -> None:
    answer = fill("MUG").post("/checkout/", {**DETAILS, **changed})
    assert answer.status_code == 422
    assert said in words(answer)
    for name, value in {**DETAILS, **changed}.items():
        if name in ("email", "name", "line1", "city") and value:
            assert f'value="{value}"' in answer.content.decode()
    assert not Order.objects.exists()


def test_extra_fields_change_no_price(fill: Callable[..., Client], shop: Shop) -> None:
    fill("MUG").post("/checkout/", {**DETAILS, "total_minor": "1", "unit_minor": "1", "state_of_order": "open"})
    order = Order.objects.get()
    assert (order.total_minor, order.state) == (1_600 + 700 + 132, "draft")


def test_the_last_units_went_to_somebody_else(fill: Callable[..., Client], shop: Shop) -> None:
    lamp = shop.variant(shop.product("Old lamp", category=shop.camp), "LAMP", 4_000, [])
    receive(lamp, shop.warehouse, 3)
    client = fill("LAMP", 3)
    StockLevel.objects.filter(variant=lamp).update(safety=1)
    answer = client.post("/checkout/", DETAILS)
    text = words(answer)
    assert answer.status_code == 409
    assert "Old lamp: 2 left, you wanted 3." in text
    assert "Nothing was charged." in text
    assert "Lower to what is left and go on" in text
    assert 'value="12 Alder Street"' in answer.content.decode()
    assert client.post("/checkout/", {**DETAILS, "lower": "1"})["Location"] == "/checkout/payment/"
    assert Order.objects.get().lines.get().quantity == 2


def test_nothing_at_all_is_left(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    StockLevel.objects.update(safety=100)
    assert "Enamel mug: none left." in words(client.post("/checkout/", DETAILS))
    answer = client.post("/checkout/", {**DETAILS, "lower": "1"}, follow=True)
    assert "Nothing of your cart is left to order." in words(answer)


def test_stores_say_whether_they_have_the_whole_cart(fill: Callable[..., Client], shop: Shop) -> None:
    text = words(fill("MUG", 2).get("/checkout/"))
    assert "Alberta Street All of it is here, ready in about 1 hour" in text
    assert "Burnside Not enough here of Enamel mug" in text


def test_totals_follow_the_address(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG", 2)
    assert "Sales tax after the address" in words(client.get("/checkout/"))
    assert "Sales tax after the store" in words(client.get("/checkout/summary/?method=pickup"))
    assert "Texas sales tax $2.64 Total $41.64" in words(
        client.get("/checkout/summary/?method=ship&country=US&state=TX")
    )
    assert "Sales tax $0.00 Total $32.00" in words(client.get("/checkout/summary/?method=pickup&store=PDX-1"))


def test_totals_follow_the_postal_code(fill: Callable[..., Client], shop: Shop) -> None:
    TaxRateFactory(region="TX", locality="AUSTIN", rate_ppm=10_000, name="Austin tax", code="us-tx-austin")
    TaxArea.objects.create(country="US", region="TX", postal_prefix="787", localities=["AUSTIN"])
    client = fill("MUG", 2)
    address = {"method": "ship", "country": "US", "state": "TX"}
    assert "Texas sales tax $2.64 Total $41.64" in words(client.get("/checkout/summary/", address))
    said = words(client.get("/checkout/summary/", {**address, "postal_code": "78704"}))
    assert "Texas sales tax $2.64 Austin tax $0.32 Total $41.96" in said


def test_prices_with_vat(client: Client, shop: Shop) -> None:
    client.post("/country/", {"country": "NL"})
    client.post("/cart/lines/", {"sku": "MUG"})
    details = {**DETAILS, "country": "NL", "state": "", "city": "Amsterdam", "postal_code": "1013 kh"}
    assert client.post("/checkout/", details).status_code == 302
    text = words(client.get("/checkout/payment/"))
    assert "Subtotal €17.00 Delivery €5.00 Total incl. €3.82 VAT €22.00" in text
    assert "Amsterdam 1013 KH" in text


def test_a_declined_card_and_then_another(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    assert client.post("/checkout/start/").json()["state"] == "go"
    with pytest.raises(Exception, match="declined"):
        confirm("pm_card_chargeDeclined")
    assert client.post("/checkout/settle/").json() == {"state": "refused"}
    text = words(client.get("/checkout/payment/"))
    assert "The card was not charged" in text
    assert "Your card was declined." in text
    assert client.post("/checkout/start/").json()["state"] == "go"
    confirm()
    assert "Thank you" in words(client.get("/checkout/return", follow=True))
    assert audit() == ""


def test_a_bank_s_question_left_alone_leaves_room_for_another_card(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    client.post("/checkout/start/")
    assert confirm("pm_card_authenticationRequired").status == "requires_action"
    answer = client.get("/checkout/return", follow=True)
    assert "question was not answered" in words(answer)
    assert client.post("/checkout/start/").json()["state"] == "go"
    confirm()
    assert "Thank you" in words(client.get("/checkout/return", follow=True))


def test_while_nobody_knows_the_page_waits_and_then_shows_the_order(
    fill: Callable[..., Client], shop: Shop, card_network: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    client.post("/checkout/start/")
    confirm()
    with monkeypatch.context() as cut:
        cut.setattr("orders.actions.settle_payment.gateway.retrieve", _no_answer)
        waiting = client.get("/checkout/return")
        assert waiting.status_code == 200
        assert "We have not heard from the card network yet Do not pay again." in words(waiting)
        assert client.get("/checkout/status/").status_code == 204
        again = client.post("/checkout/start/", HTTP_ACCEPT="application/json")
        assert (again.status_code, again.json()["code"]) == (503, "payment_unknown")
    assert client.get("/checkout/status/")["HX-Redirect"] == "/checkout/return"
    assert "Thank you" in words(client.get("/checkout/return", follow=True))
    assert Order.objects.count() == 1


def _no_answer(provider_id: str) -> None:
    from orders.errors import PaymentUnknown

    raise PaymentUnknown()


def test_paying_twice_leads_to_the_same_order(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    cart = client.cookies["cart"].value
    buy(client)
    client.cookies["cart"] = cart
    assert client.post("/checkout/start/").json() == {"state": "elsewhere", "url": "/checkout/return"}
    assert client.get("/checkout/payment/")["Location"] == "/checkout/return"
    assert "Order" in words(client.get("/checkout/return", follow=True))
    assert Payment.objects.count() == 1


def test_a_hold_that_is_over_is_one_press_away_from_the_next(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    past = now() - timedelta(minutes=30)
    Order.objects.update(expires_at=past)
    Reservation.objects.update(expires_at=past)
    answer = client.get("/checkout/payment/")
    assert answer.status_code == 409
    assert "The time for this checkout is over" in words(answer)
    assert close_expired_checkouts(at=now()) == 1
    assert "Nothing was charged, and your cart is as it was." in words(client.get("/checkout/payment/"))
    assert client.post("/checkout/again/")["Location"] == "/checkout/payment/"
    assert "We hold your things for 15 more minutes" in words(client.get("/checkout/payment/"))


def test_a_cart_changed_in_another_tab_is_asked_about(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    fill("MUG", 2)
    answer = client.get("/checkout/payment/")
    assert answer.status_code == 409
    assert "The total was $24.32 , now it is $58.96 ." in words(answer)
    refused = client.post("/checkout/start/", HTTP_ACCEPT="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "cart_changed")
    client.post("/checkout/again/")
    assert "Total $58.96" in words(client.get("/checkout/payment/"))


def test_going_back_shows_what_was_typed(fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    page = client.get("/checkout/").content.decode()
    for value in ("ada@example.com", "Ada Example", "12 Alder Street", "Austin", "78704"):
        assert f'value="{value}"' in page
    assert '<option value="TX" selected>' in page


def test_cards_cannot_be_tried_out_here(fill: Callable[..., Client], shop: Shop, settings: Any) -> None:
    settings.DECLINES_PER_CART = 2
    client = fill("MUG")
    client.post("/checkout/", DETAILS)
    for _try in range(2):
        assert client.post("/checkout/start/").json()["state"] == "go"
        with pytest.raises(Exception, match="declined"):
            confirm("pm_card_chargeDeclined")
        client.post("/checkout/settle/")
    answer = client.post("/checkout/start/", HTTP_ACCEPT="application/json")
    assert answer.status_code == 429
    assert "Too many cards were refused. Nothing was charged. Try again in 60 minutes" in answer.json()["detail"]


def test_refusals_are_forgotten_after_an_hour_and_never_hit_the_neighbor(shop: Shop, settings: Any) -> None:
    from django.db import transaction

    settings.DECLINES_PER_ADDRESS = 3
    at, carts = now(), [Order().uid for _n in range(5)]
    for uid in carts[:3]:
        with transaction.atomic():
            declines.count(uid, "198.51.100.7", at=at)
    with pytest.raises(TooManyDeclines):
        declines.check(carts[3], "198.51.100.7", at=at)
    declines.check(carts[3], "198.51.100.8", at=at)
    declines.check(carts[3], "198.51.100.7", at=at + timedelta(minutes=61))
    assert not Declines.objects.filter(key__contains="198.51").exists()


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["pending"], "In preparation"),
        (["ready"], "Ready to collect"),
        (["done"], "Collected"),
        (["canceled"], "Canceled"),
        (["canceled", "done"], "Collected"),
        (["pending", "done"], "Partly done"),
    ],
)
def test_an_order_says_how_far_it_is_in_the_shopper_s_words(shop: Shop, states: list[str], said: str) -> None:
    order = trade.order_on_web(shop.us, [(shop.mug, 1)], email="ada@example.com", pickup_at=shop.alberta, at=now())
    first = order.fulfillments.get()
    for state in states[1:]:
        Fulfillment.objects.create(order=order, type="pickup", location=first.location, state=state, created_at=now())
    Fulfillment.objects.filter(pk=first.pk).update(state=states[0])
    text = words(Client().get(f"/orders/{codes.link_token(order.uid)}/"))
    assert f"Paid {said} " in text
    assert "ulfilled" not in text


def test_nobody_reads_another_s_order(fill: Callable[..., Client], shop: Shop) -> None:
    page = buy(fill("MUG"))
    token = page.request["PATH_INFO"].split("/")[2]
    stranger = Client()
    assert stranger.get(f"/orders/{token}/").status_code == 200
    assert stranger.get(f"/orders/{token[:-2]}xx/").status_code == 404
    assert stranger.get(f"/orders/{Order.objects.get().number}/").status_code == 404
    payment = Payment.objects.get()
    wrong = f"/checkout/return?payment_intent={payment.provider_id}&payment_intent_client_secret=guess"
    assert stranger.get(wrong)["Location"] == "/cart/"
    right = wrong.replace("guess", payment.client_secret)
    assert stranger.get(right)["Location"].startswith("/orders/")


def test_checkout_without_a_cart_leads_to_the_cart(client: Client, shop: Shop) -> None:
    for path in ("/checkout/", "/checkout/payment/", "/checkout/return"):
        assert client.get(path)["Location"] == "/cart/"
    assert client.post("/checkout/again/")["Location"] == "/checkout/"
    assert client.post("/checkout/start/", HTTP_ACCEPT="application/json").json()["code"] == "no_checkout"
