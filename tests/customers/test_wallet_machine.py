"""Whatever is done to gift cards, in whatever order: none is overdrawn, and each is the sum of its entries."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from commerce.kernel.db import action, rows
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from customers import audit, gift_cards, wallets
from customers.actions.block_gift_card import block_gift_card, unblock_gift_card
from customers.actions.end_wallets import expire_gift_cards
from customers.actions.transfer_gift_card import transfer_gift_card
from customers.models import GiftCard
from customers.wallets import Source
from tests.factories.wallets import gift_card, hold, take

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]
amounts = st.integers(min_value=1, max_value=6_000)
which = st.integers(min_value=0, max_value=50)


class WalletMachine(RuleBasedStateMachine):
    """A few cards, sales that hold some of them, and a clock that moves on; a plain number for each card beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.at = datetime(2026, 11, 1, 12, tzinfo=UTC)
        self.cards: list[GiftCard] = []
        self.ought: dict[int, int] = {}
        self.sales: dict[UUID, dict[int, int]] = {}
        self.taken: list[tuple[int, int]] = []  # by whom it was paid, and how much

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @rule(amount=amounts)
    def issue(self, amount: int) -> None:
        card = gift_card(amount, at=self.at)
        self.cards.append(card)
        self.ought[card.pk] = amount

    @precondition(lambda self: self.cards)
    @rule(number=which, up_to=amounts, same_sale=st.booleans())
    def hold_some(self, number: int, up_to: int, same_sale: bool) -> None:
        card = self.card(number)
        sale = next(reversed(self.sales)) if self.sales and same_sale else new_uid()
        free = gift_cards.available(card, at=self.at, besides=sale)
        try:
            held = hold(card, up_to, sale=sale, at=self.at)
        except DomainError:
            assert free == 0
            return
        assert held.amount_minor == min(free, up_to)
        self.sales.setdefault(sale, {})[card.pk] = held.amount_minor

    @precondition(lambda self: self.sales)
    @rule(number=which)
    def take_some(self, number: int) -> None:
        sale = list(self.sales)[number % len(self.sales)]
        wanted = self.sales.pop(sale)
        try:
            took = take(sale, at=self.at)
        except DomainError:
            _release(sale, self.at)
            return
        assert took == sum(wanted.values())
        for pk, amount in wanted.items():
            self.ought[pk] -= amount
            self.taken.append((pk, amount))

    @precondition(lambda self: self.sales)
    @rule(number=which)
    def release(self, number: int) -> None:
        sale = list(self.sales)[number % len(self.sales)]
        del self.sales[sale]
        _release(sale, self.at)

    @precondition(lambda self: self.taken)
    @rule(number=which)
    def refund(self, number: int) -> None:
        pk, amount = self.taken.pop(number % len(self.taken))
        into = _credit(GiftCard.objects.get(pk=pk), amount, self.at)
        self.ought[into.pk] += amount

    @precondition(lambda self: self.cards)
    @rule(number=which, days=st.integers(min_value=-2, max_value=5))
    def end_on(self, number: int, days: int) -> None:
        GiftCard.objects.filter(pk=self.card(number).pk).update(expires_on=(self.at + timedelta(days=days)).date())

    @rule()
    def expire(self) -> None:
        due = {card.pk for card in gift_cards.overdue(at=self.at) if not wallets.held(card, at=self.at)}
        assert expire_gift_cards(at=self.at) == len(due)
        self.ought.update(dict.fromkeys(due, 0))

    @precondition(lambda self: self.cards)
    @rule(number=which)
    def block(self, number: int) -> None:
        block_gift_card(self.card(number), reason="Lost", person=None)

    @precondition(lambda self: self.cards)
    @rule(number=which)
    def unblock(self, number: int) -> None:
        card = self.card(number)
        if not card.replaced_by_id:
            unblock_gift_card(card, person=None)

    @precondition(lambda self: self.cards)
    @rule(number=which)
    def transfer(self, number: int) -> None:
        card = self.card(number)
        if card.replaced_by_id:
            return
        new, _code = transfer_gift_card(card, reason="Lost", person=None, at=self.at)
        self.cards.append(new)
        self.ought[new.pk], self.ought[card.pk] = self.ought[card.pk], 0

    @rule(minutes=st.integers(min_value=1, max_value=30))
    def wait(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    def card(self, number: int) -> GiftCard:
        return GiftCard.objects.get(pk=self.cards[number % len(self.cards)].pk)

    @invariant()
    def balances_are_what_they_ought_to_be(self) -> None:
        found = dict(GiftCard.objects.values_list("pk", "balance_minor"))
        assert found == self.ought
        assert min(found.values(), default=0) >= 0
        for one in audit.INVARIANTS:
            if one.code in ("I22", "I22c"):  # sales and refunds here have no journal
                assert rows(one.sql) == []


@action
def _release(sale: UUID, at: datetime) -> None:
    wallets.release(sale, at=at)


@action
def _credit(card: GiftCard, amount: int, at: datetime) -> GiftCard:
    return gift_cards.credit(card, amount, source=Source("refund", new_uid()), at=at)


def test_no_sequence_of_steps_leaves_a_card_overdrawn_or_its_entries_behind() -> None:
    run_state_machine_as_test(
        WalletMachine, settings=settings(max_examples=40, stateful_step_count=30, deadline=None, database=None)
    )
