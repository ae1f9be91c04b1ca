"""A shop that was set up with a past tells the card network of it: its payments can be given back and contested."""

import json
from pathlib import Path

import pytest
import stripe

from tests.sandbox.asking import until
from tests.sandbox.card_network_process import start_card_network

PAID = {
    "id": "pi_demo_1", "charge": "ch_demo_1", "amount": 5_000, "refunded": 1_000, "currency": "USD",
    "created": 1_700_000_000, "brand": "mastercard", "last4": "0077", "dispute": "",
}  # fmt: skip


def test_payments_of_the_past_can_be_given_back_and_contested(tmp_path: Path) -> None:
    told = tmp_path / "history.jsonl"
    contested = {**PAID, "id": "pi_demo_2", "charge": "ch_demo_2", "brand": "unheard of", "dispute": "fraudulent"}
    told.write_text("".join(f"{json.dumps(row)}\n" for row in (PAID, contested)))
    network = start_card_network(tmp_path / "data", CARD_NETWORK_HISTORY=str(told))
    try:
        client = stripe.StripeClient("sk_test_counterpart", base_addresses={"api": network.url})  # type: ignore[arg-type]
        intent = client.v1.payment_intents.retrieve("pi_demo_1", params={"expand": ["latest_charge"]})
        assert (intent.status, intent.amount_received, intent.created) == ("succeeded", 5_000, 1_700_000_000)
        charge = intent.latest_charge.to_dict()  # type: ignore[union-attr]
        assert charge["payment_method_details"]["card"]["last4"] == "0077"
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.refunds.create(params={"payment_intent": "pi_demo_1", "amount": 4_001})
        assert client.v1.refunds.create(params={"payment_intent": "pi_demo_1"}).amount == 4_000
        assert not client.v1.disputes.list().data
        network.control("clock", {"advance": 30})
        until(lambda: client.v1.disputes.list().data)
        network.stop()
        network.restart()  # what is known is not told again
        assert client.v1.charges.retrieve("ch_demo_1").amount_refunded == 5_000
        assert len(client.v1.disputes.list().data) == 1
        assert len(client.v1.payment_intents.list().data) == 2
    finally:
        network.stop()


def test_a_file_that_cannot_be_read_keeps_nobody_from_starting(tmp_path: Path) -> None:
    told = tmp_path / "history.jsonl"
    told.write_text('{"id": "pi_demo_1"}\nnonsense')
    network = start_card_network(tmp_path / "data", CARD_NETWORK_HISTORY=str(told))
    network.stop()
