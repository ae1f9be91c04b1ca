"""Transactions and payouts: read once, matched by ids, posted once, whatever is told twice, late or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.failpoints import FailpointReached, arm
from commerce.ledger.models import Posting
from orders import gateway, gateway_settlement
from orders.actions.pull_settlements import pull_settlements
from orders.actions.settle_payout import settle_payout
from orders.actions.settle_payout import work as work_payout
from orders.actions.settle_transaction import book_transaction, match_transaction
from orders.errors import AlreadySettled, DoesNotFit, NetworkSilent
from orders.models import NetworkTransaction, Payment, Payout, SettlementPull
from tests.orders.settling import entries, paid, postings, reaches_balance, refund, steered
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = 86_400
FEE = 80  # 2.9 % of 17.28 and 30 cents


@pytest.fixture
def network(card_network: Server) -> Iterator[CardNetwork]:
    steer = steered(card_network.url)
    steer.reset()
    yield steer
    steer.control("faults", method="DELETE")


@pytest.fixture
def world(db: None, network: CardNetwork) -> World:
    return World.make()


def pay_out(network: CardNetwork, days: int = 3) -> list[str]:
    """Money becomes available and is sent to the bank; the ids of the payouts."""
    network.control("clock", {"advance": days * DAY})
    network.control("payouts", {})
    known = set(Payout.objects.values_list("provider_id", flat=True))
    listed = gateway.client().v1.payouts.list({"limit": 100}).data  # it pays out every night by itself, too
    return [row.id for row in listed if row.id not in known]


def pull(days: int = 3) -> Any:
    return pull_settlements(at=now() + timedelta(days=days))


def stray(amount: int = 900, **more: Any) -> Any:
    """A charge of somebody else's program on the same account."""
    made = gateway.client().v1.payment_intents.create(
        params={
            "amount": amount, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"], **more,
        }
    )  # fmt: skip
    reaches_balance(made.id)
    return made


def clearing() -> int:
    """What the books say that the card network owes us."""
    return sum(Posting.objects.filter(account__code="card_clearing").values_list("amount_minor", flat=True))


def balance() -> int:
    """What the card network says that it owes us."""
    said = gateway.client().v1.balance.retrieve()
    return sum(part.amount for part in [*said.available, *said.pending])


def test_charges_are_matched_and_their_fees_posted_once(world: World, network: CardNetwork) -> None:
    payments = [paid(world), paid(world)]
    assert pull().added == 2
    rows = NetworkTransaction.objects.order_by("payment")  # the network lists both of one second as it likes
    assert [(row.payment, row.state, row.gross_minor, row.fee_minor, row.net_minor) for row in rows] == [
        (payment, "matched", 1_728, FEE, 1_728 - FEE) for payment in payments
    ]
    assert (
        postings("network_fee")
        == [
            ("network_fee", "payment_fees", FEE, ""),
            ("network_fee", "card_clearing", -FEE, "stripe"),
        ]
        * 2
    )
    count = entries()
    assert pull().added == 0
    assert entries() == count
    assert clearing() == balance() == 2 * (1_728 - FEE)
    assert not Case.objects.exists()


def test_a_payout_is_the_sum_of_its_parts(world: World, network: CardNetwork) -> None:
    paid(world), paid(world, 2)
    (key,) = pay_out(network)
    pull()
    payout = Payout.objects.get()
    net = 3 * 1_728 - FEE - (round(2 * 1_728 * 0.029) + 30)
    assert (payout.provider_id, payout.amount_minor, payout.state, payout.is_complete) == (key, net, "in_transit", True)
    assert payout.parts.count() == 2
    assert payout.movements.get().part_of is None
    assert postings("payout") == [("payout", "bank", net, ""), ("payout", "card_clearing", -net, "stripe")]
    assert clearing() == balance() == 0
    network.control("clock", {"advance": 2 * DAY})
    count = entries()
    for _again in range(3):
        work_payout({"type": "payout.paid", "data": {"object": {"id": key}}}, at=now())
    payout.refresh_from_db()
    assert (payout.state, entries()) == ("paid", count)


def test_a_payout_that_comes_back_is_on_the_clearing_account_again(world: World, network: CardNetwork) -> None:
    paid(world)
    (key,) = pay_out(network)
    settle_payout(key, at=now())
    network.control(f"payouts/{key}/fail", {})
    for _again in range(2):
        payout = settle_payout(key, at=now())
    pull()
    net = 1_728 - FEE
    assert payout.state == "failed"
    assert postings("payout_failed") == [
        ("payout_failed", "card_clearing", net, "stripe"), ("payout_failed", "bank", -net, ""),
    ]  # fmt: skip
    assert clearing() == balance() == net
    assert Case.objects.get().kind == "payout_failed"
    (second,) = pay_out(network)
    assert settle_payout(second, at=now()).parts.get().type == "payout_failure"
    assert clearing() == balance() == 0


def test_what_a_killed_reading_left_is_gone_on_with(
    world: World, network: CardNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _each in range(5):
        paid(world)
    monkeypatch.setattr(gateway_settlement, "PAGE", 2)
    arm("orders.before_page", "raise")
    with pytest.raises(FailpointReached):
        pull(0)
    arm("orders.before_page", None)
    assert (SettlementPull.objects.get().state, NetworkTransaction.objects.count()) == ("running", 0)
    assert pull_settlements(at=now()) is None  # it may be alive still
    first = iter([None])
    original = gateway_settlement.transactions

    def dies_on_the_second_page(**asked: str) -> Any:
        if next(first, "again") == "again":
            raise KeyboardInterrupt
        return original(**asked)

    monkeypatch.setattr(gateway_settlement, "transactions", dies_on_the_second_page)
    with pytest.raises(KeyboardInterrupt):
        pull_settlements(at=now() + timedelta(minutes=3))
    standing = SettlementPull.objects.get()
    assert (standing.pages, standing.transactions, NetworkTransaction.objects.count()) == (1, 2, 2)
    monkeypatch.setattr(gateway_settlement, "transactions", original)
    assert pull_settlements(at=now() + timedelta(minutes=6)).added == 3  # type: ignore[union-attr]
    standing.refresh_from_db()
    assert (standing.state, standing.backfill_id, NetworkTransaction.objects.count()) == ("idle", "", 5)
    assert len(postings("network_fee")) == 10
    paid(world)
    assert pull(0).added == 1


def test_a_network_that_does_not_answer_leaves_the_reading_where_it_was(world: World, network: CardNetwork) -> None:
    paid(world)
    network.control("faults", {"kind": "error", "method": "GET", "path": "/v1/balance_transactions", "times": 9})
    with pytest.raises(NetworkSilent):
        pull()
    assert SettlementPull.objects.get().state == "failed"
    network.control("faults", method="DELETE")
    assert pull().added == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_events_in_any_order_or_none_at_all(world: World, network: CardNetwork, order: tuple[int, ...]) -> None:
    payment = paid(world)
    dispute = str(network.control("disputes", {"payment_intent": payment.provider_id})["id"])
    network.control(f"disputes/{dispute}", {"verdict": "won"})
    (key,) = pay_out(network)
    from orders.actions.settle_dispute import work as work_dispute

    told = [
        lambda: work_payout({"data": {"object": {"id": key}}}, at=now()),
        lambda: work_dispute({"data": {"object": {"id": dispute}}}, at=now()),
        lambda: pull(),
    ]
    for turn in (*order, *order):  # every word twice
        told[turn]()
    assert {row.state for row in NetworkTransaction.objects.all()} == {"matched"}
    payout = Payout.objects.get()
    assert (payout.is_complete, payout.amount_minor) == (True, 1_728 - FEE)
    assert sorted(postings("dispute_money", "payout", "network_fee")) == sorted(
        [
            ("network_fee", "payment_fees", FEE, ""),
            ("network_fee", "card_clearing", -FEE, "stripe"),
            ("dispute_money", "disputed", 1_728, dispute),
            ("dispute_money", "payment_fees", 1_500, ""),
            ("dispute_money", "card_clearing", -3_228, "stripe"),
            ("dispute_money", "disputed", -1_728, dispute),
            ("dispute_money", "payment_fees", -1_500, ""),
            ("dispute_money", "card_clearing", 3_228, "stripe"),
            ("payout", "bank", 1_728 - FEE, ""),
            ("payout", "card_clearing", FEE - 1_728, "stripe"),
        ]
    )
    assert clearing() == balance() == 0


def test_what_matches_nothing_is_a_case_until_somebody_says_what_it_is(world: World, network: CardNetwork) -> None:
    stray()
    before = entries()
    assert pull().unmatched == 1
    row = NetworkTransaction.objects.get()
    assert (row.state, entries(), Case.objects.get().kind) == ("open", before, "unmatched_transaction")
    book_transaction(row.pk, account="refunds_due", note="Another shop's", person=None, at=now())
    assert postings("network_other") == [
        ("network_other", "card_clearing", 900 - 56, "stripe"),
        ("network_other", "payment_fees", 56, ""),
        ("network_other", "refunds_due", -900, ""),
    ]
    assert Case.objects.get().status == "resolved"
    with pytest.raises(AlreadySettled):
        book_transaction(row.pk, account="refunds_due", note="Again", person=None, at=now())
    assert clearing() == balance()


def test_a_charge_is_matched_by_hand_to_a_payment_that_has_as_much_left(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    Payment.objects.filter(pk=payment.pk).update(
        provider_id="pi_from_before", uid="0190a000-0000-7000-8000-000000000001"
    )
    other = stray(500)
    pull()
    rows = {row.gross_minor: row for row in NetworkTransaction.objects.all()}
    with pytest.raises(DoesNotFit):
        match_transaction(rows[500].pk, _too_small(world).pk, note="", person=None, at=now())
    match_transaction(rows[1_728].pk, payment.pk, note="Moved by hand", person=None, at=now())
    assert NetworkTransaction.objects.get(pk=rows[1_728].pk).payment == payment
    assert [part[2] for part in postings("network_fee")] == [FEE, -FEE, FEE, -FEE]  # of both payments
    assert NetworkTransaction.objects.get(pk=rows[500].pk).state == "open"
    assert other.id == rows[500].intent_id


def _too_small(world: World) -> Payment:
    """A payment all of which is accounted for."""
    payment = paid(world)
    pull()
    return payment


def test_a_sale_that_comes_in_late_finds_its_charge_by_itself(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    own = payment.provider_id
    Payment.objects.filter(pk=payment.pk).update(provider_id="", uid="0190a000-0000-7000-8000-000000000001")
    assert pull().unmatched == 1
    Payment.objects.filter(pk=payment.pk).update(provider_id=own)
    pull()
    assert NetworkTransaction.objects.get().payment == payment
    assert Case.objects.get().status == "resolved"
    assert clearing() == balance()


def test_a_card_that_was_charged_and_given_back_without_a_sale_leaves_its_fee_only(
    world: World, network: CardNetwork
) -> None:
    charged = stray()
    pull()
    gateway.client().v1.refunds.create(params={"payment_intent": charged.id})
    pull()
    assert {row.state for row in NetworkTransaction.objects.all()} == {"offset"}
    assert Case.objects.get().status == "resolved"
    assert [part[2] for part in postings("network_fee")] == [56, -56]
    assert clearing() == balance() == -56


def test_more_than_was_captured_is_no_match(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    Payment.objects.filter(pk=payment.pk).update(captured_minor=1_000, authorized_minor=1_728)
    pull()
    assert "more than the payment" in Case.objects.get().text
    assert not postings("network_fee")


def test_a_charge_of_which_we_had_not_heard_settles_its_payment(world: World, network: CardNetwork) -> None:
    """The buyer paid and closed the browser, and no event ever came."""
    payment = world.draft(world.mug)
    gateway.client().v1.payment_intents.confirm(
        payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    )
    reaches_balance(payment.provider_id)
    pull()
    payment.refresh_from_db()
    assert (payment.state, NetworkTransaction.objects.get().payment) == ("captured", payment)


def test_a_refund_that_nobody_of_ours_made_is_a_case(world: World, network: CardNetwork) -> None:
    refund(paid(world), 500)
    assert pull().unmatched == 1
    assert NetworkTransaction.objects.get(state="open").gross_minor == -500
