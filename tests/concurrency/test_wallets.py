"""Gift cards that several tabs and sales want at the same moment: to the cent, and nobody waits in a circle."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from commerce.kernel import failpoints
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from customers import wallets
from customers.models import GiftCard, GiftCardEntry, WalletHold
from customers.wallets import Source
from tests.concurrency.conftest import audit
from tests.concurrency.test_one_effect import together
from tests.factories.wallets import gift_card, hold, take

pytestmark = [pytest.mark.timeout(300), pytest.mark.django_db(transaction=True)]
TABS = 20


def press(*calls: Callable[[], Any]) -> Counter[str]:
    """What comes of calls at the same moment, each on a connection of its own."""

    def one(call: Callable[[], Any]) -> str:
        try:
            call()
        except DomainError as refusal:
            return refusal.code
        except OperationalError as error:
            return type(error.__cause__).__name__
        finally:
            connection.close()
        return "done"

    return Counter(together(*(partial(one, call) for call in calls)))


@contextmanager
def unguarded(*guards: str) -> Iterator[None]:
    """Guards switched off, and the CHECK behind them gone, for as long as the block lasts."""
    for guard in guards:
        failpoints.arm(guard, "off")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE customers_giftcard DROP CONSTRAINT gift_card_never_overdrawn")
        cursor.execute("ALTER TABLE customers_giftcardentry DROP CONSTRAINT gift_card_entry_moves")
    try:
        yield
    finally:
        for guard in guards:
            failpoints.arm(guard, None)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE customers_giftcardentry, customers_wallethold, customers_giftcard CASCADE")
            cursor.execute(
                "ALTER TABLE customers_giftcard ADD CONSTRAINT gift_card_never_overdrawn CHECK (balance_minor >= 0)"
            )
            cursor.execute(
                "ALTER TABLE customers_giftcardentry ADD CONSTRAINT gift_card_entry_moves"
                " CHECK (amount_minor <> 0 AND balance_after >= 0)"
            )


def everybody_counts_first(monkeypatch: pytest.MonkeyPatch, tabs: int) -> None:
    """All tabs have counted what others hold before one writes; behind the card's lock they cannot, and go on."""
    barrier, real = Barrier(tabs), wallets.held

    def late(*args: Any, **kwargs: Any) -> int:
        counted = real(*args, **kwargs)
        with suppress(BrokenBarrierError):
            barrier.wait(1)
        return counted

    monkeypatch.setattr(wallets, "held", late)


def tabs_of(card: GiftCard, count: int) -> list[Callable[[], Any]]:
    return [partial(hold, card, 5_000, sale=new_uid()) for _tab in range(count)]


def test_one_card_in_many_tabs_is_held_once(monkeypatch: pytest.MonkeyPatch) -> None:
    card = gift_card(5_000)
    everybody_counts_first(monkeypatch, TABS)
    assert press(*tabs_of(card, TABS)) == {"done": 1, "gift_card_unusable": TABS - 1}
    assert WalletHold.objects.get().amount_minor == 5_000


def test_without_its_lock_every_tab_would_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    card = gift_card(5_000)
    everybody_counts_first(monkeypatch, 4)
    with unguarded("customers.wallet_lock"):
        assert press(*tabs_of(card, 4)) == {"done": 4}


def lapsed_sales(card: GiftCard, count: int) -> list[Any]:
    """Sales that held all of a card, one after the other, and came too late."""
    at, sales = timezone.now() - timedelta(hours=1), [new_uid() for _sale in range(count)]
    for number, sale in enumerate(sales):
        hold(card, 5_000, sale=sale, minutes=1, at=at + timedelta(minutes=2 * number))
    return sales


def test_of_many_full_redemptions_one_succeeds() -> None:
    card = gift_card(5_000)
    sales = lapsed_sales(card, TABS)
    assert press(*(partial(take, sale) for sale in sales)) == {"done": 1, "wallet_hold_lost": TABS - 1}
    assert GiftCard.objects.get().balance_minor == 0
    assert GiftCardEntry.objects.filter(kind="spent").count() == 1


def test_with_the_guard_off_the_same_race_spends_it_many_times() -> None:
    """The negative control: the audit finds what the guarded UPDATE and its CHECK prevent."""
    card = gift_card(5_000)
    sales = lapsed_sales(card, 5)
    with unguarded("customers.wallet_guard", "customers.wallet_lock"):
        assert press(*(partial(take, sale) for sale in sales)) == {"done": 5}
        assert GiftCard.objects.get().balance_minor == -20_000
        assert "I22 " in audit()


@action
def hold_both(first: GiftCard, second: GiftCard, sale: Any) -> None:
    until = timezone.now() + timedelta(minutes=5)
    for held in sorted((first, second), key=lambda card: card.pk):
        locked = wallets.lock(held)
        wallets.hold(locked, 100, source=Source("sale", sale), until=until, at=timezone.now())


def test_two_cards_on_one_order_named_in_both_orders_never_wait_in_a_circle() -> None:
    one, other = gift_card(100_000), gift_card(100_000)
    sales = [new_uid() for _sale in range(TABS)]
    orders = [(one, other) if number % 2 else (other, one) for number in range(TABS)]
    calls = [partial(hold_both, *cards, sale) for cards, sale in zip(orders, sales, strict=True)]
    assert press(*calls) == {"done": TABS}
    assert press(*(partial(take, sale) for sale in sales)) == {"done": TABS}
    assert {card.balance_minor for card in GiftCard.objects.all()} == {100_000 - 100 * TABS}
