"""Gift cards that were bought on the web, afterwards: sent again, given back, and the books of both."""

import pytest
from django.core import mail

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger.models import Posting
from customers.errors import GiftCardUnusable
from customers.models import GiftCard
from orders import gift_card_deliveries, returns
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.actions.send_gift_card_again import send_gift_card_again
from orders.actions.settle_payment import settle_payment
from orders.models import GiftCardDelivery, Order, Payment
from orders.return_errors import NotReturnable, RefundTooLarge
from orders.returns import ReturnWish
from storefront.actions.send_gift_cards import send_gift_cards
from tests.concurrency.conftest import audit
from tests.factories.wallets import code_of, hold, take
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


@pytest.fixture
def order(world: World) -> Order:
    """A card of $50.00, paid and mailed."""
    made = world.gift_card_order()
    assert send_gift_cards(at=now()) == 1
    return made


def again(world: World, order: Order, to: str = "grace@example.org") -> None:
    line = order.lines.get().pk
    send_gift_card_again(order.pk, line, to_email=to, reason="Typing error", person=world.manager, at=now())


def give_back(world: World, order: Order) -> None:
    wishes = [ReturnWish(order.lines.get().pk, 1, disposition="none")]
    accept_return(order.pk, wishes, uid=new_uid(), location=world.store, channel="web", person=world.manager, at=now())


def owed() -> dict[str, int]:
    """By card's last four what the books owe on it."""
    parts = Posting.objects.filter(account__code="gift_cards").values_list("sub", "amount_minor")
    sums: dict[str, int] = {}
    for card in GiftCard.objects.all():
        sums[card.last_four] = -sum(minor for sub, minor in parts if sub == str(card.uid))
    return sums


def test_sent_again_the_old_number_pays_nothing_and_the_new_one_all(world: World, order: Order) -> None:
    old = GiftCard.objects.get()
    again(world, order)
    assert send_gift_cards(at=now()) == 1
    assert [message.to for message in mail.outbox] == [["grace@example.com"], ["grace@example.org"]]
    old.refresh_from_db()
    new = GiftCard.objects.exclude(pk=old.pk).get()
    assert (old.state, old.balance_minor, new.balance_minor) == ("blocked", 0, 5_000)
    assert code_of(new) in mail.outbox[1].body
    assert mail.outbox[0].extra_headers["Message-ID"] != mail.outbox[1].extra_headers["Message-ID"]
    assert owed() == {old.last_four: 0, new.last_four: 5_000}
    assert order.lines.get().gift_card == new
    assert audit() == ""


def test_a_number_that_nobody_has_seen_is_kept(world: World) -> None:
    order = world.gift_card_order()
    again(world, order)
    assert GiftCard.objects.count() == 1
    assert send_gift_cards(at=now()) == 1
    assert [message.to for message in mail.outbox] == [["grace@example.org"]]


def test_a_card_that_is_spent_is_not_sent_again(world: World, order: Order) -> None:
    sale = new_uid()
    hold(GiftCard.objects.get(), 5_000, sale=sale)
    take(sale)
    with pytest.raises(GiftCardUnusable):
        again(world, order)


def test_an_unused_card_is_given_back_and_pays_nothing_any_more(world: World, order: Order) -> None:
    again(world, order)  # the money is on another card by now
    (left,) = returns.returnable(order)
    assert (left.quantity, left.value_minor) == (1, 5_000)
    give_back(world, order)
    assert {(card.state, card.balance_minor) for card in GiftCard.objects.all()} == {("blocked", 0)}
    assert order.payments.get().refunded_minor == 5_000
    assert set(owed().values()) == {0}
    assert send_gift_cards(at=now()) == 0  # what was to be mailed again is dropped
    assert GiftCardDelivery.objects.get().due_at is None
    with pytest.raises(NotReturnable):
        give_back(world, order)
    assert audit() == ""


def test_one_that_somebody_has_used_or_holds_stays(world: World, order: Order) -> None:
    card = GiftCard.objects.get()
    sale = new_uid()
    hold(card, 100, sale=sale)
    with pytest.raises(NotReturnable):
        give_back(world, order)
    take(sale)
    with pytest.raises(NotReturnable, match="nobody has paid with"):
        give_back(world, order)
    assert returns.returnable(order)[0].quantity == 0


def test_no_allowance_lowers_what_is_on_a_card(world: World, order: Order) -> None:
    with pytest.raises(RefundTooLarge):
        refund_amount(order.pk, Money(100, "USD"), uid=new_uid(), reason="Late", person=world.manager, at=now())


def test_settling_again_makes_no_second_card(world: World, order: Order) -> None:
    payment = Payment.objects.get(order=order)
    for _time in range(3):
        settle_payment(payment.uid, at=now())
    assert GiftCard.objects.count() == 1
    assert send_gift_cards(at=now()) == 0


def test_a_mail_that_fails_for_long_is_a_case_that_closes_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.gift_card_order()
    at = now()

    def down(_message: object) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMultiAlternatives.send", down)
        for _try in range(gift_card_deliveries.PATIENCE):
            assert send_gift_cards(at=at) == 0
            at = GiftCardDelivery.objects.get().due_at
    case = Case.objects.get(kind="gift_card_unsent")
    assert "grace@example.com" in case.text
    assert send_gift_cards(at=at) == 1
    case.refresh_from_db()
    assert case.status == "resolved"
