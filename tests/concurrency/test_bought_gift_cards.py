"""Gift cards bought on the web, when everybody hears of the payment at once: one card, one mail."""

from contextlib import suppress
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core import mail

from commerce.kernel import failpoints
from commerce.kernel.clock import now
from commerce.kernel.db import action
from customers.models import GiftCard
from orders import gateway, gift_card_deliveries, sold_gift_cards
from orders.actions.settle_payment import settle_payment
from orders.models import Order, Payment
from storefront.actions.send_gift_cards import send_gift_cards
from tests.concurrency.conftest import audit
from tests.concurrency.test_wallets import press
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.timeout(300), pytest.mark.django_db(transaction=True)]
HEARD = 12


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def charge(payment: Payment) -> None:
    """The shopper has paid; we have not heard of it."""
    params = {"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    gateway.client().v1.payment_intents.confirm(payment.provider_id, params=params)


def test_browser_webhook_and_poller_at_once_make_one_card_and_one_mail(world: World) -> None:
    payment = world.card_draft()
    charge(payment)
    assert press(*[partial(settle_payment, payment.uid, at=now())] * HEARD) == {"done": HEARD}
    assert GiftCard.objects.get().balance_minor == 5_000
    assert press(*[partial(send_gift_cards, at=now())] * HEARD) == {"done": HEARD}
    assert len(mail.outbox) == 1
    assert audit() == ""


@action
def make_cards(order: Order) -> int:
    """Make the cards of an order, without the order's lock that normally makes others wait."""
    return gift_card_deliveries.make(order, at=now())


def everybody_looks_first(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    """All have seen that the line has no card before one makes it; behind the lock they cannot, and go on."""
    barrier, real = Barrier(workers), sold_gift_cards.put_on_new

    def late(*args: Any, **kwargs: Any) -> None:
        with suppress(BrokenBarrierError):
            barrier.wait(1)
        real(*args, **kwargs)

    monkeypatch.setattr(sold_gift_cards, "put_on_new", late)


def test_a_line_has_one_card_even_without_the_lock_of_its_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = world.card_draft().order
    everybody_looks_first(monkeypatch, 4)
    assert press(*[partial(make_cards, order)] * 4) == {"done": 4}
    assert GiftCard.objects.count() == 1


def test_without_the_guard_there_would_be_several(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the audit finds what the lock prevents."""
    order = world.card_draft().order
    everybody_looks_first(monkeypatch, 4)
    failpoints.arm("orders.gift_card_once", "off")
    try:
        assert press(*[partial(make_cards, order)] * 4) == {"done": 4}
    finally:
        failpoints.arm("orders.gift_card_once", None)
    assert GiftCard.objects.count() == 4
    assert "I67 " in audit()
