"""Whatever happens to money, in whatever order: every entry balances, the control page is green, and every sum is the
one that a plain model keeps.

Rules make sales at two tills and on the web, refunds, late failures, disputes, payouts, closed periods and stock with
its value; the card network is the stand-in, a process of its own, whose words come twice, out of order or never. A
normal run makes a few hundred events; the whole ten thousand take some minutes:

    MONEY_EVENTS=10000 .venv/bin/python -m pytest tests/orders/test_money_machine.py --timeout 3600 -s
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

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
        type(self).happened += 1
        self.heard += 1
        self.after_every_event()
        if self.heard % EVERY == 0:
            self.everything_agrees()
            self.payments_are_those_of_the_model()

    def teardown(self) -> None:
        try:
            self.catch_up()
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


@pytest.mark.timeout(3_600)
def test_every_entry_balances_and_every_sum_is_that_of_the_model(card_network: Server) -> None:
    own = machine(card_network)
    run_state_machine_as_test(
        own,
        settings=settings(
            max_examples=max(EVENTS // STEPS, 1),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=EVENTS < 10_000,
            phases=[Phase.generate] if EVENTS < 10_000 else [Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    print(f"{own.happened} events of money")
