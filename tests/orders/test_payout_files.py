"""Files of payouts: what is in order is matched and posted once, what is not is refused with its line, and recorded."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from orders import gateway
from orders.actions.pull_settlements import pull_settlements
from orders.actions.take_payout_file import take_payout_file
from orders.models import NetworkTransaction, Payment, Payout, PayoutFile
from tests.orders.settling import entries, paid, postings, steered
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "stripe" / "fivetran_seed"
HEADING = (
    "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,available_on_utc,"
    "reporting_category,currency,gross,fee,net,description,source_id,payment_intent_id,charge_id"
)


@pytest.fixture
def network(card_network: Server) -> CardNetwork:
    steer = steered(card_network.url)
    steer.reset()
    return steer


@pytest.fixture
def world(db: None, network: CardNetwork) -> World:
    return World.make()


def line(payment: Payment, **changes: str) -> str:
    """The charge of a payment as the itemized report shows it."""
    cells = {
        "payout": "po_1", "arrives": "2026-03-03 00:00:00", "id": f"txn_{payment.pk}", "created": "2026-03-01 10:00:00",
        "available": "2026-03-03 00:00:00", "category": "charge", "currency": "usd", "gross": "17.28", "fee": "0.80",
        "net": "16.48", "description": "", "source": f"ch_{payment.pk}", "intent": payment.provider_id,
        "charge": f"ch_{payment.pk}", **changes,
    }  # fmt: skip
    return ",".join(cells.values())


def take(*lines: str, takes_unmatched: bool = False) -> PayoutFile:
    content = "\r\n".join([HEADING, *lines]).encode()
    return take_payout_file(content, name="payouts.csv", takes_unmatched=takes_unmatched, person=None, at=now())


def problems(file: PayoutFile) -> list[tuple[int, str]]:
    return [(at, code) for at, code, _text in file.problems]


def test_a_file_is_matched_and_posted_once(world: World) -> None:
    first, second = paid(world), paid(world)
    lines = [line(first), line(second)]
    taken = take(*lines)
    assert (taken.state, taken.rows, taken.added, taken.unmatched) == ("taken", 2, 2, 0)
    payout = Payout.objects.get()
    assert (payout.amount_minor, payout.is_complete, payout.state, payout.reported_by) == (3_296, True, "paid", "file")
    assert postings("payout") == [("payout", "bank", 3_296, ""), ("payout", "card_clearing", -3_296, "stripe")]
    assert [row.payment for row in NetworkTransaction.objects.order_by("pk")] == [first, second]
    count = entries()
    again = take(*reversed(lines))
    assert (again.state, again.added, again.known, entries()) == ("taken", 0, 2, count)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"intent": "pi_unknown"}, "unknown"),
        ({"currency": "eur"}, "currency"),
        ({"gross": "18.28", "net": "17.48"}, "amount"),
        ({"net": "16.47"}, "unreadable"),
        ({"gross": "17.285"}, "unreadable"),
        ({"gross": "NaN"}, "unreadable"),
        ({"created": "yesterday"}, "unreadable"),
        ({"id": ""}, "unreadable"),
    ],
)
def test_one_bad_line_refuses_the_file_by_its_number(world: World, changes: dict[str, str], code: str) -> None:
    good, bad = paid(world), paid(world)
    before = entries()
    refused = take(line(good), line(bad, **{"payout": "po_2", **changes}))
    assert (refused.state, problems(refused)) == ("refused", [(3, code)])
    assert (entries(), NetworkTransaction.objects.count(), Payout.objects.count()) == (before, 0, 0)
    assert PayoutFile.objects.get() == refused


def test_a_transaction_twice_in_a_file_and_two_currencies_in_a_payout(world: World) -> None:
    payment = paid(world)
    assert problems(take(line(payment), line(payment))) == [(3, "repeated"), (3, "amount")]
    other = line(payment, id="txn_9", currency="eur")
    assert (3, "currency") in problems(take(line(payment), other))
    assert not NetworkTransaction.objects.exists()


def test_what_is_known_with_other_figures_is_refused(world: World) -> None:
    payment = paid(world)
    take(line(payment))
    changed = take(line(payment, fee="0.90", net="16.38"))
    assert {code for _line, code in problems(changed)} == {"changed", "payout_total"}
    assert NetworkTransaction.objects.get().fee_minor == 80


def test_files_that_are_none(world: World) -> None:
    for content, code in (
        (b"\xff\xfe\x00", "encoding"), (b"id,amount\n1,2\n", "columns"), (b"", "columns"), (HEADING.encode(), "empty"),
    ):  # fmt: skip
        refused = take_payout_file(content, name="x", takes_unmatched=True, person=None, at=now())
        assert problems(refused)[0][1] == code
    assert not entries_of_ours()


def entries_of_ours() -> list[Any]:
    return postings("payout", "network_fee", "network_other", "dispute_money")


def test_what_matches_nothing_may_be_taken_as_cases(world: World) -> None:
    payment = paid(world)
    taken = take(
        line(payment), line(payment, id="txn_9", intent="pi_x", source="ch_x", charge=""), takes_unmatched=True
    )
    assert (taken.state, taken.added, taken.unmatched) == ("taken", 2, 1)
    assert Case.objects.get(kind="unmatched_transaction").subject == "txn_9"
    assert Payout.objects.get().is_complete  # it was paid out, whatever it was


def test_a_file_and_the_network_tell_of_one_payout(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    network.control("clock", {"advance": 3 * 86_400})
    network.control("payouts", {})
    sent = gateway.client().v1.payouts.list().data[0]
    (charge,) = gateway.client().v1.balance_transactions.list({"type": "charge"}).data
    mine = line(payment, id=charge.id, source=charge.source, charge=charge.source, payout=sent.id)
    assert take(mine).state == "taken"
    count = entries()
    pull_settlements(at=now() + timedelta(days=3))
    assert entries() == count
    payout = Payout.objects.get()
    assert (payout.is_complete, payout.state, payout.reported_by) == (True, "paid", "file")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
def test_tables_of_a_data_warehouse_are_read_and_refused_line_by_line(world: World) -> None:
    content = (SHARED / "balance_transaction_data.csv").read_bytes()
    refused = take_payout_file(content, name="balance.csv", takes_unmatched=False, person=None, at=now())
    assert refused.state == "refused"
    assert {code for _line, code in problems(refused)} <= {"unknown", "unreadable"}
    assert refused.rows > 0
    assert not NetworkTransaction.objects.exists()


def test_a_payout_that_a_file_calls_paid_and_that_came_back_is_back(world: World, network: CardNetwork) -> None:
    """However long ago it was: the card network's own list is looked at beside what we know."""
    payment = paid(world)
    network.control("clock", {"advance": 3 * 86_400})
    network.control("payouts", {})  # unless the night was faster
    (sent,) = gateway.client().v1.payouts.list().data
    (move,) = (row for row in gateway.client().v1.balance_transactions.list({"type": "charge"}).data)
    about = {"payout": sent.id, "id": move.id, "source": str(move.source)}
    assert take(line(payment, **about)).state == "taken"
    network.control(f"payouts/{sent['id']}/fail", {})
    pull_settlements(at=now() + timedelta(days=40))
    assert Payout.objects.get(provider_id=sent.id).state == "failed"
    assert sum(minor for _kind, account, minor, _part in postings("payout", "payout_failed") if account == "bank") == 0
