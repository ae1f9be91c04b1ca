"""The stand-in's balance transactions, payouts and disputes look like those of the real API.

Held against lists of members kept here and, where they are there, the real API's own fixtures and recorded events.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.asking import paid, until
from tests.sandbox.card_network_process import CardNetwork

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "stripe"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
# Members that the product reads, by kind of object.
READ = {
    "balance_transaction": {
        *("id", "object", "amount", "available_on", "created", "currency", "description", "fee", "fee_details", "net"),
        *("reporting_category", "source", "status", "type"),
    },
    "payout": {
        *("id", "object", "amount", "arrival_date", "automatic", "balance_transaction", "created", "currency"),
        *("failure_balance_transaction", "failure_code", "failure_message", "status"),
    },
    "dispute": {
        *("id", "object", "amount", "balance_transactions", "charge", "created", "currency", "evidence"),
        *("evidence_details", "is_charge_refundable", "payment_intent", "reason", "status"),
    },
}
# What a kind of object may be told by: of our stand-in's versions, the members that a newer one dropped.
RETIRED = {"dispute": {"balance_transaction", "evidence_due_by"}, "payout": set(), "balance_transaction": set()}


@pytest.fixture
def objects(card_network: CardNetwork, api: Any) -> dict[str, dict[str, Any]]:
    """One of each kind, after all has happened that can."""
    done = paid(api, "pm_card_createDispute")
    dispute = until(lambda: api.disputes.list({"payment_intent": done.id}).data)[0]
    card_network.control(f"disputes/{dispute.id}", {"verdict": "won"})
    card_network.control("clock", {"advance": 3 * 86_400})
    card_network.control("payouts", {})
    payout = until(lambda: api.payouts.list().data)[0]
    return {
        "dispute": api.disputes.retrieve(dispute.id).to_dict(),
        "payout": payout.to_dict(),
        "balance_transaction": api.balance_transactions.list({"type": "charge"}).data[0].to_dict(),
    }


def kind(value: Any) -> str:
    """What JSON calls the type of a value; null may stand for anything."""
    if value is None:
        return "null"
    return {bool: "bool", int: "number", float: "number", str: "text", list: "list"}.get(type(value), "object")


def test_what_the_product_reads_is_there(objects: dict[str, dict[str, Any]]) -> None:
    for name, members in READ.items():
        assert members <= objects[name].keys(), name
    assert [row["object"] for row in objects["dispute"]["balance_transactions"]] == ["balance_transaction"] * 2
    for row in objects["dispute"]["balance_transactions"]:
        assert READ["balance_transaction"] <= row.keys()


@needs_shared
def test_members_and_types_are_those_of_the_real_fixtures(objects: dict[str, dict[str, Any]]) -> None:
    with gzip.open(SHARED / "openapi_fixtures3.json.gz") as file:
        real = json.load(file)["resources"]
    for name, ours in objects.items():
        assert real[name].keys() <= ours.keys(), name
        for member, value in real[name].items():
            pair = {kind(value), kind(ours[member])} - {"null"}
            assert len(pair) <= 1, (name, member)


@needs_shared
@pytest.mark.parametrize(
    ("event", "name"),
    [
        ("payout.created", "payout"), ("payout.paid", "payout"), ("payout.updated", "payout"),
        ("charge.dispute.created", "dispute"), ("charge.dispute.funds_withdrawn", "dispute"),
        ("charge.dispute.funds_reinstated", "dispute"),
    ],
)  # fmt: skip
def test_events_carry_objects_of_the_same_shape(objects: dict[str, dict[str, Any]], event: str, name: str) -> None:
    told = json.loads((SHARED / "events" / f"{event}.json").read_text())
    assert told["type"] == event
    assert told["data"]["object"].keys() - RETIRED[name] <= objects[name].keys()


def test_events_are_written_for_every_step(card_network: CardNetwork, api: Any, objects: dict[str, Any]) -> None:
    card_network.control("clock", {"advance": 2 * 86_400})
    wanted = {
        *("charge.dispute.created", "charge.dispute.funds_withdrawn", "charge.dispute.closed"),
        *("charge.dispute.funds_reinstated", "payout.created", "payout.paid"),
    }
    until(lambda: wanted <= {event.type for event in api.events.list({"limit": 100}).data})
    paid_out = api.balance_transactions.list({"payout": objects["payout"]["id"]}).data
    parts = [row for row in paid_out if row.type != "payout"]
    assert sum(row.net for row in parts) == objects["payout"]["amount"]
