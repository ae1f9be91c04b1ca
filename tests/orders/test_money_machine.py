"""Whatever happens to money, in whatever order: every entry balances, the control page is green, and every sum is the
one that a plain model keeps.

Rules make sales at two tills and on the web, refunds, late failures, disputes, payouts, closed periods and stock with
its value; the card network is the stand-in, a process of its own, whose words come twice, out of order or never. A
normal run makes a few hundred events; the whole ten thousand take some minutes:

    MONEY_EVENTS=10000 .venv/bin/python -m pytest tests/orders/test_money_machine.py --timeout 3600 -s
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from commerce.ledger.journal import Entry
from orders import refund_books
from orders.actions.pull_settlements import pull_settlements
from tests.orders.money_checks import Checks
from tests.orders.settling import steered
from tests.servers import Server

pytestmark = [pytest.mark.django_db]
STEPS = 50
EVENTS = int(os.environ.get("MONEY_EVENTS", "300"))
EVERY = 10  # so many events lie between two audits


class MoneyMachine(Checks):
    @invariant()
    def all_of_it_agrees(self) -> None:
        if self.is_idle:
            self.is_idle = False
            return
        type(self).happened += 1
        self.heard += 1
        self.after_every_event()
        if self.heard % EVERY == 0:
            self.everything_agrees()
            self.payments_are_those_of_the_model()

    def teardown(self) -> None:
        try:
            self.catch_up()
            self.pass_time(hours=7)  # an authorization is asked about that rarely
            self.catch_up()
            self.hear_of_failures()
            pull_settlements(at=self.at)
            self.after_every_event()
            self.everything_agrees()
            self.payments_are_those_of_the_model()
            self.nothing_is_left_open()
            self.card_network_agrees()
        finally:
            super().teardown()


def machine(card_network: Server) -> type[MoneyMachine]:
    class Own(MoneyMachine):
        network = steered(card_network.url)
        happened = 0

    return Own


@pytest.mark.timeout(7_200)
def test_every_entry_balances_and_every_sum_is_that_of_the_model(card_network: Server) -> None:
    own, is_full = machine(card_network), "MONEY_EVENTS" in os.environ
    rules = settings(
        max_examples=max(min(EVENTS, 1_000) // STEPS, 1),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=not is_full,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    run_state_machine_as_test(own, settings=rules)
    while is_full and own.happened < EVENTS:
        run_state_machine_as_test(own, settings=rules)
    print(f"{own.happened} events of money")


def sell_and_take_back(state: MoneyMachine) -> None:
    """Pins for cash in euros, rounded to coins, that come back one by one; a parcel, and a part of its price."""
    sale: Any = {"cards": 0, "credit_of": "", "voucher": 0, "percent_off": 0, "in_shift": True, "days_ago": 0}
    state.sell_at_till(currency="EUR", drawn=[("PIN", 3)], by="cash", **sale)
    back: Any = {"disposition": "restock", "tender": "", "with_shipping": False, "is_sent_twice": True}
    newest = len(state.returnable()) - 1
    for _unit in range(3):
        state.bring_back(number=newest, units=[1, 0, 0, 0], at_till=True, **back)
        state.after_every_event()
    web: Any = {"buyer": "ada@example.com", "cards": 0, "is_manual": True, "is_collected": False}
    state.buy_on_web(currency="USD", drawn=[("MUG", 2)], method="visa", how="browser", **web)
    state.after_every_event()
    state.hand_out(number=0)
    state.after_every_event()
    state.allow(number=len([one for one in state.money.orders if one.left]) - 1, part=20, tender="")
    state.after_every_event()
    state.everything_agrees()


@pytest.fixture
def state(db: None, card_network: Server) -> Iterator[MoneyMachine]:
    made = machine(card_network)()
    yield made
    Checks.teardown(made)


def _left_out(*args: Any, **facts: Any) -> Entry:
    return replace(_REFUND(*args, **facts), postings=())


def _elsewhere(*args: Any) -> str:
    return "elsewhere"


_REFUND = refund_books.refund
BROKEN = {
    "a refund is not booked": ("orders.refund_books.refund", _left_out),
    "a refund is booked on another part": ("orders.refund_books.part_of", _elsewhere),
    "the drawer does not hear of what is given back": ("pos.drawer.give_back", lambda *args, **facts: None),
    "the last return forgets the coins": ("orders.giving_back.Cash.rounding", lambda *args, **facts: 0),
    "captured money is not counted": ("orders.capture_books.capture", lambda *args, **facts: _nothing(*args, **facts)),
}


def _nothing(capture: Any, **facts: Any) -> Entry:
    return Entry("payment", "capture", capture.uid, capture.currency, (), facts["on"])


@pytest.mark.parametrize("broken", list(BROKEN))
def test_a_broken_rule_of_the_books_is_noticed(
    state: MoneyMachine, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """What the machine checks fails when it ought to."""
    sell_and_take_back(state)
    target, instead = BROKEN[broken]
    monkeypatch.setattr(target, instead)
    with pytest.raises(AssertionError):
        sell_and_take_back(state)
