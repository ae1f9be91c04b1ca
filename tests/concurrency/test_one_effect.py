"""What is asked twice happens once: sales, carts, payments, in any order and across crashes."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest
import stripe
from django.conf import settings

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from inventory.models import Reservation, StockLevel
from orders import gateway
from orders.models import Order, Payment
from orders.tasks import settle_open_payments, work_network_events
from tests.client import Answer, Client, new_token
from tests.concurrency.test_last_units import sale
from tests.factories.stock import receive
from tests.servers import Server, Site

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("audit_after")]


def together(*calls: Callable[[], Any]) -> list[Any]:
    """The answers of calls that start at the same moment."""
    barrier = threading.Barrier(len(calls))

    def start(call: Callable[[], Any]) -> Any:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(start, calls))


def charges(payment: Payment) -> int:
    """How often the card network has charged for a payment."""
    return len(
        [
            charge
            for charge in gateway.client().v1.charges.list(params={"payment_intent": payment.provider_id}).data
            if charge.status == "succeeded"
        ]
    )


def test_the_same_sale_posted_five_times_at_once_is_one_order(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    receive(tent, store, 3)
    client = shop(processes=2)
    envelope = sale(tent, store)
    answers = together(*[lambda: client.post("/sales", envelope)] * 5)
    assert [answer.status for answer in answers] == [201] * 5
    assert len({json.dumps(answer.body, sort_keys=True) for answer in answers}) == 1
    assert Order.objects.count() == 1
    assert StockLevel.objects.get().on_hand == 2


def test_another_sale_under_the_same_id_is_refused(shop: Callable[..., Client], tent: Variant, store: Location) -> None:
    receive(tent, store, 3)
    client = shop(processes=1)
    envelope = sale(tent, store)
    assert client.post("/sales", envelope).status == 201
    changed = {**envelope, **{name: value for name, value in sale(tent, store, 2).items() if name != "id"}}
    assert client.post("/sales", changed).body["code"] == "idempotency_key_reused"
    assert StockLevel.objects.get().on_hand == 2


def test_a_batch_with_a_poisoned_sale_records_the_others(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    receive(tent, store, 9)
    client = shop(processes=2)
    good = [sale(tent, store) for _n in range(3)]
    poison = {**sale(tent, store), "lines": [{"sku": "NO-SUCH-SKU", "quantity": 1}]}
    batch = {"sales": [good[0], poison, good[1], good[2]]}
    for answer in together(*[lambda: client.post("/sales/batch", batch)] * 3):
        assert [result["status"] for result in answer.body["results"]] == [201, 422, 201, 201]
    assert Order.objects.count() == 3
    assert StockLevel.objects.get().on_hand == 6


def test_an_idempotency_key_makes_one_request_of_two(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    client = shop(processes=2)
    cart = client.post("/carts").body["id"]
    line = {"sku": tent.sku, "quantity": 2}
    add = lambda: client.post(f"/carts/{cart}/lines", line, Idempotency_Key="one")  # noqa: E731
    answers = together(add, add, add)
    assert {answer.status for answer in answers} <= {200, 409}
    assert add().body["lines"][0]["quantity"] == 2
    assert client.get(f"/carts/{cart}").body["lines"][0]["quantity"] == 2
    other = client.post(f"/carts/{cart}/lines", {**line, "quantity": 3}, Idempotency_Key="one")
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")


def webhook(url: str, payment: Payment) -> int:
    """Deliver the event that the card network sends when a payment has succeeded; the HTTP status."""
    body = json.dumps(
        {
            "id": f"evt_{payment.uid.hex}",
            "object": "event",
            "type": "payment_intent.succeeded",
            "data": {"object": {"id": payment.provider_id, "object": "payment_intent", "metadata": {}}},
        }
    )
    at = int(time.time())
    signature = stripe.WebhookSignature._compute_signature(f"{at}.{body}", settings.STRIPE_WEBHOOK_SECRET)
    request = Request(
        f"{url}/api/v1/webhooks/card-network",
        data=body.encode(),
        headers={"Stripe-Signature": f"t={at},v1={signature}", "Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as response:
        status = int(response.status)
    work_network_events()
    return status


def test_browser_return_webhook_and_poller_complete_one_order_once(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    receive(tent, store, 1)
    client = shop(processes=2)
    cart = client.cart_with(tent.sku)
    assert client.check_out(cart).status == 200
    payment = Payment.objects.get()
    gateway.client().v1.payment_intents.confirm(
        payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    )
    complete = lambda: client.complete(cart)  # noqa: E731
    deliver = lambda: webhook(client.url, payment)  # noqa: E731
    answers = together(complete, deliver, complete, deliver, deliver)
    placed = Order.objects.get()
    assert {answer.body["number"] for answer in answers if isinstance(answer, Answer)} == {placed.number}
    assert placed.payment_status == "paid"
    payment.refresh_from_db()
    assert charges(payment) == 1
    assert StockLevel.objects.get().reserved == 1
    settle_open_payments()
    assert Order.objects.get().number == placed.number


def test_completing_twice_at_once_charges_once(shop: Callable[..., Client], tent: Variant, store: Location) -> None:
    receive(tent, store, 1)
    client = shop(processes=2)
    cart = client.cart_with(tent.sku)
    client.check_out(cart)
    together(*[lambda: client.complete(cart)] * 4)
    assert client.complete(cart).body["number"] == Order.objects.get().number
    assert charges(Payment.objects.get()) == 1


def test_another_clients_token_opens_no_cart(shop: Callable[..., Client], tent: Variant, store: Location) -> None:
    receive(tent, store, 1)
    client = shop(processes=1)
    cart = client.cart_with(tent.sku)
    stranger = Client(client.url, new_token())
    tries = [
        stranger.get(f"/carts/{cart}"),
        stranger.post(f"/carts/{cart}/lines", {"sku": tent.sku, "quantity": 1}),
        stranger.check_out(cart),
        stranger.complete(cart),
    ]
    assert {(answer.status, answer.body["code"]) for answer in tries} == {(404, "not_found")}
    assert Client(client.url, new_token("availability")).get(f"/carts/{cart}").status == 403
    assert Client(client.url, "nonsense").get(f"/carts/{cart}").status == 401


@pytest.mark.parametrize("point", ["storefront.after_confirm", "orders.before_settle"])
def test_a_web_process_killed_between_capture_and_order_still_gives_one_order(
    serve: Callable[..., Site], card_network: Server, tent: Variant, store: Location, point: str
) -> None:
    """F01, F14: nobody asks again; the poller of the task queue finds the money and places the order."""
    receive(tent, store, 1)
    site = serve(1, FAILPOINTS=f"{point}:kill")
    client = Client(site.url, new_token())
    cart = client.cart_with(tent.sku)
    assert client.check_out(cart).status == 200
    with pytest.raises(OSError, match=r"."):
        client.complete(cart)
    payment = Payment.objects.get()
    assert (payment.state, payment.order.state) == ("processing", "draft")
    assert charges(payment) == 1
    Payment.objects.update(check_at=now())  # the poller's patience is over
    settle_open_payments()
    order = Order.objects.get()
    assert (order.state, order.payment_status) == ("open", "paid")
    assert charges(payment) == 1
    settle_open_payments()
    assert Order.objects.count() == 1


def test_the_shopper_who_tries_again_after_a_crash_is_charged_once(
    serve: Callable[..., Site], card_network: Server, tent: Variant, store: Location
) -> None:
    receive(tent, store, 1)
    broken = Client(serve(1, FAILPOINTS="storefront.after_confirm:kill").url, new_token())
    cart = broken.cart_with(tent.sku)
    broken.check_out(cart)
    with pytest.raises(OSError, match=r"."):
        broken.complete(cart)
    client = Client(serve(1).url, broken.token)
    assert client.complete(cart).status == 200
    assert charges(Payment.objects.get()) == 1


def test_a_declined_card_charges_nothing_and_another_one_may_be_tried(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    receive(tent, store, 1)
    client = shop(processes=1)
    cart = client.cart_with(tent.sku)
    client.check_out(cart)
    declined = client.complete(cart, "pm_card_chargeDeclined")
    assert (declined.status, declined.body["code"]) == (402, "card_declined")
    assert charges(Payment.objects.get()) == 0
    assert StockLevel.objects.get().reserved == 1
    assert client.complete(cart).status == 200
    assert charges(Payment.objects.get()) == 1


def test_money_that_comes_after_the_goods_are_gone_goes_back(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    """F22: the hold lapsed while the bank thought, somebody else bought the last one."""
    receive(tent, store, 1)
    client = shop(processes=1)
    cart = client.cart_with(tent.sku)
    client.check_out(cart)
    payment = Payment.objects.get()
    gateway.client().v1.payment_intents.confirm(
        payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    )
    Reservation.objects.update(expires_at=now().replace(year=2020))
    assert client.buy(tent.sku).status == 200
    assert webhook(client.url, payment) == 200
    payment.refresh_from_db()
    assert payment.refunded_minor == payment.amount_minor
    assert payment.order.state == "canceled"
    refunds = gateway.client().v1.refunds.list(params={"payment_intent": payment.provider_id}).data
    assert [refund.amount for refund in refunds] == [payment.amount_minor]


def test_a_hold_that_has_lapsed_stands_in_nobodys_way(
    shop: Callable[..., Client], tent: Variant, store: Location
) -> None:
    receive(tent, store, 1)
    client = shop(processes=1)
    first = client.cart_with(tent.sku)
    assert client.check_out(first).status == 200
    assert client.buy(tent.sku).body["code"] == "insufficient_stock"
    Reservation.objects.update(expires_at=now().replace(year=2020))
    assert client.buy(tent.sku).status == 200
    late = client.complete(first)
    assert (late.status, late.body["code"]) == (409, "hold_expired")
    assert charges(Payment.objects.order_by("pk")[0]) == 0
