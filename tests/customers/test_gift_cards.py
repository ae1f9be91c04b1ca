"""Gift cards, step by step: what a code opens, what a card pays, and what becomes of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import NotAllowed
from commerce.kernel.ids import new_uid
from commerce.ledger.models import Posting
from customers import gift_card_codes, gift_cards, lookups, wallets
from customers.actions.block_gift_card import block_gift_card, unblock_gift_card
from customers.actions.end_wallets import end_holds, expire_gift_cards
from customers.actions.give_credit import give_credit
from customers.actions.issue_gift_card import issue_gift_card
from customers.actions.look_up_gift_card import look_up_balance, look_up_gift_card
from customers.actions.print_gift_cards import print_gift_cards
from customers.actions.transfer_gift_card import transfer_gift_card
from customers.errors import (
    CardReplaced,
    CodeShown,
    GiftCardUnusable,
    NotForActivation,
    TooManyLookups,
    WalletHoldLost,
)
from customers.models import Customer, GiftCard, StoreCredit, WalletHold
from customers.wallets import Source
from tests.factories.company import UserFactory
from tests.factories.wallets import code_of, credit, gift_card, hold, take

pytestmark = pytest.mark.django_db


def fresh(card: GiftCard) -> GiftCard:
    return GiftCard.objects.get(pk=card.pk)


def owed(card: GiftCard) -> int:
    """What the books owe on a card."""
    found = Posting.objects.filter(account__code="gift_cards", sub=str(card.uid))
    return -sum(found.values_list("amount_minor", flat=True))


def test_a_code_is_found_however_it_is_typed_and_stands_nowhere_in_the_database() -> None:
    card = gift_card()
    code = code_of(card)
    assert len(gift_card_codes.plain(code)) == 16
    for typed in (code, code.lower(), code.replace("-", ""), code.removeprefix("G-").replace("-", " ")):
        assert gift_cards.by_code(typed) == card
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM customers_giftcard")
        kept = str(cursor.fetchall())
    assert gift_card_codes.plain(code) not in kept
    assert card.last_four == code[-4:]
    assert gift_cards.by_code(code[:-1] + ("2" if code[-1] != "2" else "3")) is None


def test_another_secret_knows_no_card(settings: Any) -> None:
    code = code_of(gift_card())
    settings.GIFT_CARD_PEPPER = "another"
    assert gift_cards.by_code(code) is None


def test_a_printed_card_is_worth_nothing_before_its_payment() -> None:
    office = UserFactory(role="office")
    ((card, code),) = print_gift_cards("USD", 1, person=office, at=now())
    assert look_up_balance(code, origin="here", at=now()) is None
    with pytest.raises(GiftCardUnusable):
        hold(card, 100, sale=new_uid())
    sold = Source("order_line", new_uid())
    for _time in range(2):  # the same sale again changes nothing
        with transaction.atomic():
            gift_cards.activate(card, 2_500, source=sold, at=now())
    assert (fresh(card).balance_minor, fresh(card).state) == (2_500, "active")
    with pytest.raises(NotForActivation), transaction.atomic():
        gift_cards.activate(card, 2_500, source=Source("order_line", new_uid()), at=now())


def test_its_code_is_shown_once() -> None:
    office, decision = UserFactory(role="office"), new_uid()
    card, code = issue_gift_card("USD", 1_000, decision=decision, reason="Late parcel", person=office, at=now())
    assert code == code_of(card)
    with pytest.raises(CodeShown), transaction.atomic():
        gift_cards.reveal(card, at=now())
    with pytest.raises(CodeShown):
        issue_gift_card("USD", 1_000, decision=decision, reason="Late parcel", person=office, at=now())
    assert GiftCard.objects.count() == 1
    assert owed(card) == 1_000


def test_holds_count_against_what_is_left_until_they_run_out() -> None:
    card, first, second = gift_card(5_000), new_uid(), new_uid()
    assert hold(card, 4_000, sale=first).amount_minor == 4_000
    assert hold(card, 4_000, sale=second).amount_minor == 1_000
    with pytest.raises(GiftCardUnusable):
        hold(card, 100, sale=new_uid())
    assert hold(card, 3_000, sale=first).amount_minor == 3_000  # another amount for the same sale, not another hold
    assert WalletHold.objects.count() == 2
    later = now() + timedelta(minutes=16)
    assert gift_cards.available(fresh(card), at=later) == 5_000


def test_a_hold_that_ran_out_is_taken_while_the_money_is_there() -> None:
    card, slow, fast = gift_card(5_000), new_uid(), new_uid()
    hold(card, 5_000, sale=slow)
    later = now() + timedelta(minutes=20)
    hold(card, 2_000, sale=fast, at=later)
    with pytest.raises(WalletHoldLost):
        take(slow, at=later)  # somebody else holds some of it by now
    assert take(fast, at=later) == 2_000
    other = new_uid()
    hold(card, 3_000, sale=other, at=later)
    assert take(other, at=later) == 3_000
    assert fresh(card).balance_minor == 0


def test_nobody_takes_the_same_hold_twice() -> None:
    card, sale = gift_card(5_000), new_uid()
    held = hold(card, 2_000, sale=sale)
    assert take(sale) == 2_000
    with pytest.raises(WalletHoldLost), transaction.atomic():
        wallets.take(held, wallets.lock(card), source=Source("payment", new_uid()), at=now())
    assert fresh(card).balance_minor == 3_000


def test_money_goes_back_to_the_card_that_paid_even_when_it_is_empty_or_over() -> None:
    card, sale = gift_card(2_000), new_uid()
    hold(card, 2_000, sale=sale)
    take(sale)
    GiftCard.objects.update(expires_on=date(2020, 1, 1))
    refund = Source("refund", new_uid())
    for _time in range(2):
        with transaction.atomic():
            gift_cards.credit(card, 1_500, source=refund, at=now())
    again = fresh(card)
    assert again.balance_minor == gift_cards.available(again, at=now()) == 1_500


def test_a_card_that_expires_is_income_and_one_that_is_held_waits() -> None:
    card, sale = gift_card(3_000), new_uid()
    hold(card, 500, sale=sale)
    GiftCard.objects.update(expires_on=(now() - timedelta(days=3)).date())
    assert expire_gift_cards(at=now()) == 0
    later = now() + timedelta(minutes=30)
    assert (expire_gift_cards(at=later), expire_gift_cards(at=later)) == (1, 0)
    assert (fresh(card).balance_minor, owed(card)) == (0, 0)
    assert Posting.objects.get(account__code="breakage").amount_minor == -3_000
    assert end_holds(at=later) == 0
    assert end_holds(at=later + timedelta(days=3)) == 1


def test_its_last_day_ends_when_it_is_over_everywhere(settings: Any) -> None:
    settings.GIFT_CARD_YEARS = 2
    card = gift_card(at=now())
    assert card.expires_on is not None
    midnight = now().replace(
        year=card.expires_on.year, month=card.expires_on.month, day=card.expires_on.day, hour=0, minute=0, second=0
    )
    assert not gift_cards.is_expired(card, at=midnight + timedelta(hours=35))
    assert gift_cards.is_expired(card, at=midnight + timedelta(hours=37))


def test_a_blocked_card_pays_nothing_and_keeps_its_money() -> None:
    manager, card, sale = UserFactory(role="manager"), gift_card(3_000), new_uid()
    hold(card, 500, sale=sale)
    block_gift_card(card, reason="Reported stolen", person=manager)
    with pytest.raises(WalletHoldLost):
        take(sale)
    with pytest.raises(GiftCardUnusable):
        hold(card, 500, sale=new_uid())
    assert look_up_balance(code_of(card), origin="here", at=now()) is None
    unblock_gift_card(fresh(card), person=manager)
    assert fresh(card).balance_minor == 3_000
    assert take(sale) == 500


def test_a_new_number_takes_the_money_along_and_later_refunds_too() -> None:
    manager, card = UserFactory(role="manager"), gift_card(3_000)
    new, code = transfer_gift_card(card, reason="Lost", person=manager, at=now())
    assert code == code_of(new) != code_of(card)
    assert (fresh(card).balance_minor, fresh(card).state, fresh(new).balance_minor) == (0, "blocked", 3_000)
    assert (owed(card), owed(new)) == (0, 3_000)
    with transaction.atomic():
        gift_cards.credit(fresh(card), 700, source=Source("refund", new_uid()), at=now())
    assert fresh(new).balance_minor == 3_700
    for refused in (
        lambda: transfer_gift_card(card, reason="Again", person=manager, at=now()),
        lambda: unblock_gift_card(card, person=manager),
    ):
        with pytest.raises(CardReplaced):
            refused()


def test_an_empty_card_and_no_card_are_one_answer_and_guessing_ends() -> None:
    empty = gift_card(1_000)
    sale = new_uid()
    hold(empty, 1_000, sale=sale)
    take(sale)
    at = now()
    answers = [look_up_balance(code, origin="1.2.3.4", at=at) for code in (code_of(empty), "G-2222-2222-2222-2222", "")]
    assert answers == [None, None, None]
    for _try in range(7):
        look_up_balance("G-2222-2222-2222-2223", origin="1.2.3.4", at=at)
    with pytest.raises(TooManyLookups):
        look_up_balance(code_of(empty), origin="1.2.3.4", at=at)
    assert look_up_balance(code_of(empty), origin="1.2.3.5", at=at) is None  # another shopper is not affected
    assert look_up_gift_card(code_of(empty), origin="1.2.3.4", at=at + timedelta(minutes=11)) == empty


def test_a_crowd_of_addresses_is_stopped_but_no_till(monkeypatch: pytest.MonkeyPatch) -> None:
    at = now()
    monkeypatch.setattr(lookups, "ALTOGETHER", 50)
    for number in range(50):
        look_up_balance("G-2222-2222-2222-2222", origin=f"10.0.0.{number}", at=at)
    with pytest.raises(TooManyLookups):
        look_up_balance("G-2222-2222-2222-2222", origin="10.1.0.1", at=at)
    assert look_up_gift_card("G-2222", origin="till PDX-1-1", most=60, at=at) is None


def test_who_may_give_money_away() -> None:
    lead, card = UserFactory(role="lead"), gift_card()
    customer = Customer.objects.create(email="ada@example.com", email_key="ada@example.com", created_at=now())
    refused: list[Any] = [
        lambda: issue_gift_card("USD", 100, decision=new_uid(), reason="x", person=lead, at=now()),
        lambda: give_credit(customer, "USD", 100, decision=new_uid(), reason="x", person=lead, at=now()),
        lambda: block_gift_card(card, reason="x", person=lead),
        lambda: transfer_gift_card(card, reason="x", person=lead, at=now()),
        lambda: print_gift_cards("USD", 1, person=lead, at=now()),
    ]
    for attempt in refused:
        with pytest.raises(NotAllowed):
            attempt()


def test_credit_is_given_once_for_a_decision_and_owed_by_the_books() -> None:
    office, decision = UserFactory(role="office"), new_uid()
    account = credit("ada@example.com", 500)
    for _time in range(2):
        give_credit(account.customer, "USD", 700, decision=decision, reason="Late", person=office, at=now())
    assert StoreCredit.objects.get().balance_minor == 1_200
    owed = Posting.objects.filter(account__code="store_credit", sub=str(account.uid))
    assert -sum(owed.values_list("amount_minor", flat=True)) == 1_200


@action
def _top_up(card: GiftCard) -> None:
    gift_cards.top_up(card, 100, source=Source("order_line", new_uid()), at=now())


def test_only_a_card_in_use_is_topped_up() -> None:
    card = gift_card(1_000)
    _top_up(card)
    assert fresh(card).balance_minor == 1_100
    GiftCard.objects.update(state="blocked")
    with pytest.raises(GiftCardUnusable):
        _top_up(card)
