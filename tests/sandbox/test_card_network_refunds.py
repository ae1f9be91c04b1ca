"""Money on its way back, contested money, and money on its way to the bank."""

from typing import Any

import pytest

from tests.sandbox.asking import paid, refused, until
from tests.sandbox.card_network_process import CardNetwork


def test_refunds_add_up_and_never_exceed_the_charge(api: Any) -> None:
    done = paid(api, capture_method="automatic")
    first = api.refunds.create(
        {"payment_intent": done.id, "amount": 500, "reason": "requested_by_customer", "metadata": {"line": "2"}}
    )
    assert (first.status, first.amount, first.charge) == ("succeeded", 500, done.latest_charge)
    assert api.balance_transactions.retrieve(first.balance_transaction).net == -500
    too_much = refused(lambda: api.refunds.create({"charge": done.latest_charge, "amount": 1500}))
    assert too_much.user_message == ("Refund amount ($15.00) is greater than unrefunded amount on charge ($14.99)")
    rest = api.refunds.create({"payment_intent": done.id})
    assert rest.amount == 1499
    charge = api.charges.retrieve(done.latest_charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (1999, True)
    assert [one.id for one in charge.refunds.data] == [rest.id, first.id]
    assert refused(lambda: api.refunds.create({"payment_intent": done.id})).code == "charge_already_refunded"
    assert refused(lambda: api.refunds.create({"amount": 5})).code == "parameter_missing"
    assert [one.id for one in api.refunds.list({"payment_intent": done.id}).data] == [rest.id, first.id]


def test_a_refund_can_fail_days_later(card_network: CardNetwork, api: Any) -> None:
    done = paid(api)
    refund = api.refunds.create({"payment_intent": done.id, "amount": 700})
    card_network.control(f"refunds/{refund.id}/fail", {"reason": "lost_or_stolen_card"})
    after = api.refunds.retrieve(refund.id)
    assert (after.status, after.failure_reason) == ("failed", "lost_or_stolen_card")
    assert api.balance_transactions.retrieve(after.failure_balance_transaction).amount == 700
    assert api.charges.retrieve(done.latest_charge).amount_refunded == 0
    assert api.refunds.create({"payment_intent": done.id}).amount == 1999


def test_refunds_go_as_the_card_or_the_script_says(card_network: CardNetwork, api: Any) -> None:
    late = api.refunds.create({"payment_intent": paid(api, "pm_card_pendingRefund").id})
    assert late.status == "pending"
    until(lambda: api.refunds.retrieve(late.id).status == "succeeded")
    lost = api.refunds.create({"payment_intent": paid(api, "pm_card_refundFail").id})
    assert lost.status == "succeeded"
    until(lambda: api.refunds.retrieve(lost.id).status == "failed")
    card_network.control("refunds", {"fail_next": 1, "reason": "expired_or_canceled_card"})
    scripted, healthy = (api.refunds.create({"payment_intent": paid(api).id}) for _ in range(2))
    until(lambda: api.refunds.retrieve(scripted.id).status == "failed")
    assert api.refunds.retrieve(healthy.id).status == "succeeded"


def test_the_dispute_card_takes_the_money_back_with_a_fee(api: Any) -> None:
    done = paid(api, "pm_card_createDispute")
    dispute = until(lambda: api.disputes.list({"payment_intent": done.id}).data)[0]
    assert (dispute.status, dispute.amount, dispute.is_charge_refundable) == ("needs_response", 1999, False)
    assert (dispute.balance_transactions[0].amount, dispute.balance_transactions[0].fee) == (-1999, 1500)
    assert api.charges.retrieve(done.latest_charge).disputed is True
    assert refused(lambda: api.refunds.create({"payment_intent": done.id})).code == "charge_disputed"
    won = api.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}})
    assert won.status == "won"
    assert sum(one.net for one in won.balance_transactions) == 0
    assert "already closed" in refused(lambda: api.disputes.close(dispute.id)).user_message


def test_an_inquiry_moves_no_money_until_it_escalates(card_network: CardNetwork, api: Any) -> None:
    done = paid(api)
    opened = card_network.control("disputes", {"payment_intent": done.id, "inquiry": True})
    assert (opened["status"], opened["balance_transactions"]) == ("warning_needs_response", [])
    assert api.refunds.create({"payment_intent": done.id, "amount": 100}).status == "succeeded"
    formal = card_network.control(f"disputes/{opened['id']}", {"verdict": "escalate"})
    assert (formal["status"], formal["is_charge_refundable"]) == ("needs_response", False)
    lost = card_network.control(f"disputes/{opened['id']}", {"verdict": "lost"})
    assert lost["status"] == "lost"
    assert len(api.disputes.retrieve(opened["id"]).balance_transactions) == 1


def test_the_available_balance_is_paid_out_with_its_parts(card_network: CardNetwork, api: Any) -> None:
    done = paid(api, capture_method="automatic", amount=10000)
    api.refunds.create({"payment_intent": done.id, "amount": 1000})
    assert api.balance.retrieve().pending[0].amount == 9680
    card_network.control("clock", {"advance": 2 * 86400 + 60})
    payout = until(lambda: api.payouts.list().data)[0]
    assert (payout.amount, payout.automatic) == (8680, True)
    parts = api.balance_transactions.list({"payout": payout.id, "limit": 100}).data
    assert sorted(one.type for one in parts) == ["charge", "payout", "refund"]
    assert sum(one.net for one in parts) == 0
    until(lambda: api.payouts.retrieve(payout.id).status in ("paid", "in_transit"))
    card_network.control("clock", {"advance": 86400})
    until(lambda: api.payouts.retrieve(payout.id).status == "paid")
    failed = card_network.control(f"payouts/{payout.id}/fail", {})
    assert (failed["status"], api.balance.retrieve().available[0].amount) == ("failed", 8680)
    assert refused(lambda: api.payouts.create({"amount": 10**6, "currency": "usd"})).code == "balance_insufficient"


@pytest.mark.parametrize(("amount", "fee"), [(50, 31), (1999, 88), (100000, 2930)])
def test_the_fee_is_what_the_network_charges(api: Any, amount: int, fee: int) -> None:
    done = paid(api, amount=amount, capture_method="automatic", expand=["latest_charge.balance_transaction"])
    assert done.latest_charge.balance_transaction.fee == fee
