"""F01, F09, F10, F14 at once: killed at every step x the shopper tries again or not x words duplicated or reordered.

Charges at the card network = captured payments = placed orders, after each. Without any words: see `test_crashes`.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from orders import gateway, payments, tasks
from orders.models import NetworkEvent, Order, Payment
from tests.faults.conftest import Api, charges
from tests.faults.test_crashes import CHARGED, CHECKOUT, PAYMENT, shop_until_it_breaks
from tests.faults.test_webhooks import deliver
from tests.sandbox.card_network_process import CardNetwork

pytestmark = [pytest.mark.timeout(120), pytest.mark.usefixtures("clean_afterwards")]

# How the card network's words reach the shop, from the oldest to the newest as it has said them.
WORDS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "duplicated": lambda told: [body for body in told for _copy in range(3)],
    "reordered": lambda told: told[::-1],
}


def told(ours: set[str]) -> list[bytes]:
    """What the card network has to say about our payments: the real bodies, the oldest first."""
    listed = gateway.client().v1.events.list(params={"limit": 100}).data
    bodies: list[dict[str, Any]] = [event.to_dict() for event in listed]
    about = [body for body in bodies if body["data"]["object"].get("metadata", {}).get("payment") in ours]
    return [json.dumps(body).encode() for body in reversed(about)]


def tell(words: str) -> None:
    ours = {str(uid) for uid in Payment.objects.values_list("uid", flat=True)}
    for body in WORDS[words](told(ours)):
        assert deliver(body, works=False) == 200
    tasks.work_network_events()


@pytest.mark.parametrize("tries_again", [True, False], ids=["tries-again", "walks-away"])
@pytest.mark.parametrize("words", WORDS)
def test_one_charge_one_payment_one_order(
    api: Api,
    network: CardNetwork,
    failing: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    tries_again: bool,
) -> None:
    monkeypatch.setattr(payments, "PATIENCE", timedelta(0))
    monkeypatch.setattr(payments, "PAUSES", (timedelta(0),) * 3)
    sold = 0
    for point in CHECKOUT + PAYMENT:
        cart = shop_until_it_breaks(api, point, "kill", failing)
        tell(words)
        if tries_again:
            assert point in PAYMENT or api.check_out(cart).status == 200
            assert api.complete(cart).status == 200
            tell(words)
        tasks.settle_open_payments()
        sold += int(tries_again or point in CHARGED)
        captured = Payment.objects.filter(state="captured").count()
        placed = Order.objects.filter(state="open", payment_status="paid").count()
        assert (charges(network), captured, placed) == (sold, sold, sold), point
    assert NetworkEvent.objects.filter(state="done").count() >= sold
