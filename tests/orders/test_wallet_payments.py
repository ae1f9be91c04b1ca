"""Gift cards and credit as means of payment: held for a checkout or a sale, taken with it, and given money back to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from customers import gift_cards
from customers.errors import GiftCardUnusable, NothingToSpend, WalletHoldLost, WalletNotHeld
from customers.models import GiftCard, StoreCredit, WalletHold
from orders import gateway
from orders.actions.accept_return import accept_return
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.actions.settle_payment import settle_payment
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.drafts import Contact
from orders.errors import CartChanged, TooManyGiftCards
from orders.fulfillment_types.base import Wish
from orders.models import Order, Payment
from orders.returns import ReturnWish
from pos.actions.hold_wallet import hold_gift_card, hold_store_credit, release_wallet
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from storefront.actions import check_out, enter_gift_card, fill_cart, pay
from tests.client import ADDRESS
from tests.concurrency.conftest import audit
from tests.factories.pricing import MarketFactory
from tests.factories.wallets import code_of, credit, gift_card, hold, take
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]
MUG = 1_728  # with its tax


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def cart_of(world: World, *cards: GiftCard, quantity: int = 1) -> UUID:
    """A cart of mugs that these cards are to pay for."""
    cart = fill_cart.add_to_cart(None, world.mug, quantity, market=MarketFactory(), at=now())
    for card in cards:
        enter_gift_card.enter_gift_card(cart.uid, code_of(card), address="1.1.1.1", at=now())
    return cart.uid


def checked_out(cart: UUID) -> tuple[Order, Payment]:
    wish = Wish("ship", address=ADDRESS)
    return check_out.check_out(cart, contact=Contact("ada@example.com", "Ada Example"), wish=wish, at=now())


def confirm(payment: Payment) -> Order:
    """The shopper's card is charged, and we hear of it."""
    gateway.client().v1.payment_intents.confirm(
        payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    )
    return settle_payment(payment.uid, at=now())


def fresh(card: GiftCard) -> GiftCard:
    return GiftCard.objects.get(pk=card.pk)


def paid(order: Order) -> list[tuple[str, str, int]]:
    found = Payment.objects.filter(order=order).order_by("pk")
    return [(row.tender, row.state, row.captured_minor) for row in found]


def test_a_gift_card_pays_a_part_and_the_card_the_rest(world: World) -> None:
    card = gift_card(1_000)
    order, payment = checked_out(cart_of(world, card))
    assert (order.total_minor, payment.amount_minor) == (MUG, 728)
    assert gift_cards.available(fresh(card), at=now()) == 0
    assert fresh(card).balance_minor == 1_000  # held, not taken
    assert gateway.retrieve(payment.provider_id).amount == 728
    placed = confirm(payment)
    assert (placed.state, placed.payment_status) == ("open", "paid")
    assert paid(placed) == [("card_online", "captured", 728), ("gift_card", "captured", 1_000)]
    assert fresh(card).balance_minor == 0
    assert audit() == ""


@pytest.mark.parametrize("balances", [(MUG - 20,), (MUG - 40, 20)])
def test_what_gift_cards_leave_is_never_too_little_for_a_bank_card(world: World, balances: tuple[int, ...]) -> None:
    """The card network takes no less than fifty cents: the rest stays on the gift card."""
    cards = [gift_card(minor) for minor in balances]
    _order, payment = checked_out(cart_of(world, *cards))
    assert payment.amount_minor == 50
    assert confirm(payment).state == "open"
    assert sum(fresh(card).balance_minor for card in cards) == sum(balances) - (MUG - 50)
    assert audit() == ""


def test_two_cards_pay_all_of_it_and_each_no_more_than_is_due(world: World) -> None:
    first, second = gift_card(1_000), gift_card(5_000)
    cart = cart_of(world, first, second)
    _order, payment = checked_out(cart)
    assert (payment.amount_minor, payment.provider_id) == (0, "")
    placed = pay.start_payment(cart, at=now()).order
    assert (placed.state, placed.payment_status) == ("open", "paid")
    assert paid(placed)[1:] == [("gift_card", "captured", 1_000), ("gift_card", "captured", 728)]
    assert [fresh(card).balance_minor for card in (first, second)] == [0, 4_272]
    assert pay.start_payment(cart, at=now()).order == placed  # pressed twice
    assert fresh(second).balance_minor == 4_272
    assert audit() == ""


def test_a_card_that_comes_later_changes_what_is_to_be_paid(world: World) -> None:
    card = gift_card(1_000)
    cart = cart_of(world)
    _order, before = checked_out(cart)
    enter_gift_card.enter_gift_card(cart, code_of(card), address="1.1.1.1", at=now())
    with pytest.raises(CartChanged):
        pay.start_payment(cart, at=now())
    order, payment = checked_out(cart)
    assert payment.amount_minor == 728
    before.refresh_from_db()
    assert before.state == "canceled"
    again, same = checked_out(cart)
    assert (again, same) == (order, payment)
    enter_gift_card.remove_gift_card(cart, card.pk, at=now())
    assert checked_out(cart)[1].amount_minor == MUG
    assert gift_cards.available(fresh(card), at=now()) == 1_000


def test_one_card_in_two_tabs_pays_for_one_of_them(world: World) -> None:
    card = gift_card(5_000)
    first, second = cart_of(world, card), cart_of(world, card, quantity=2)
    checked_out(first)
    _order, payment = checked_out(second)
    assert payment.amount_minor == 184  # of 3,456 the 3,272 that the first left
    third = cart_of(world)
    with pytest.raises(GiftCardUnusable):
        enter_gift_card.enter_gift_card(third, code_of(card), address="1.1.1.1", at=now())


def test_an_abandoned_checkout_gives_its_card_free(world: World) -> None:
    card = gift_card(1_000)
    order, _payment = checked_out(cart_of(world, card))
    close_expired_checkouts(at=now() + timedelta(hours=3))
    order.refresh_from_db()
    assert order.state == "canceled"
    assert gift_cards.available(fresh(card), at=now()) == 1_000
    assert WalletHold.objects.get().state == "released"


def test_money_that_comes_after_the_card_was_spent_elsewhere_goes_back(world: World) -> None:
    card = gift_card(1_000)
    order, payment = checked_out(cart_of(world, card))
    later, other = now() + timedelta(hours=1), new_uid()
    hold(card, 1_000, sale=other, at=later)
    take(other, at=later)
    canceled = confirm(payment)
    payment.refresh_from_db()
    assert (canceled.pk, canceled.state) == (order.pk, "canceled")
    assert payment.refunded_minor == payment.captured_minor == 728
    assert Case.objects.filter(kind="paid_unfulfillable").exists()
    assert fresh(card).balance_minor == 0


def test_what_is_given_back_goes_to_the_card_that_paid(world: World) -> None:
    card = gift_card(5_000)
    cart = cart_of(world, card, quantity=2)
    checked_out(cart)
    order = pay.start_payment(cart, at=now()).order
    ship_fulfillment(order.fulfillments.get().uid, carrier="", tracking="", person=world.manager, at=now())
    wish = ReturnWish(order.lines.get().pk, 1)
    accept_return(order.pk, [wish], uid=new_uid(), location=world.store, channel="pos", person=world.manager, at=now())
    refund = order.refunds.get()
    assert (refund.tender, refund.state, refund.details["wallet"]) == ("gift_card", "succeeded", str(card.uid))
    assert fresh(card).balance_minor == 5_000 - 2 * MUG + MUG
    assert audit() == ""


def test_only_so_many_cards(world: World) -> None:
    with pytest.raises(TooManyGiftCards):
        cart_of(world, *(gift_card(100) for _number in range(6)))


def sale(world: World, uid: UUID, *tenders: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uid),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "MUG", "quantity": 1}],
        "tenders": list(tenders),
    }


def by(kind: str, amount: int, held: WalletHold | None = None) -> dict[str, Any]:
    more = {"hold": str(held.uid)} if held else {}
    return {"type": kind, "amount": {"amount": amount, "currency": "USD"}, **more}


def at_till(world: World, uid: UUID) -> dict[str, Any]:
    return {"sale": uid, "currency": "USD", "person": world.manager, "at": now()}


def test_a_till_sale_takes_several_cards_credit_and_cash(world: World) -> None:
    first, second, account, uid = gift_card(500), gift_card(300), credit(amount_minor=400), new_uid()
    holds = [
        hold_gift_card(world.register, code_of(first), up_to=MUG, **at_till(world, uid)),
        hold_gift_card(world.register, code_of(second), up_to=MUG - 500, **at_till(world, uid)),
        hold_store_credit(world.register, "Ada@Example.com", up_to=MUG - 800, **at_till(world, uid)),
    ]
    assert [one.amount_minor for one in holds] == [500, 300, 400]
    parts = [by("gift_card", 500, holds[0]), by("gift_card", 300, holds[1]), by("store_credit", 400, holds[2])]
    envelope = sale(world, uid, *parts, by("cash", MUG - 1_200))
    answer = record_sale(parse_envelope(envelope), at=now())
    assert record_sale(parse_envelope(envelope), at=now()) == answer  # the till sends it once more
    assert [fresh(card).balance_minor for card in (first, second)] == [0, 0]
    assert StoreCredit.objects.get(pk=account.pk).balance_minor == 0
    assert audit() == ""


def test_a_sale_takes_only_what_was_held_for_it(world: World) -> None:
    card, uid, other = gift_card(5_000), new_uid(), new_uid()
    mine = hold_gift_card(world.register, code_of(card), up_to=MUG, **at_till(world, uid))
    theirs = hold_gift_card(world.register, code_of(card), up_to=MUG, **at_till(world, other))
    credit()
    wrong = [
        [by("gift_card", MUG)],
        [by("gift_card", MUG, theirs)],
        [by("gift_card", MUG - 100, mine), by("cash", 100)],
        [by("store_credit", MUG, mine)],
        [by("gift_card", MUG // 2, mine), by("gift_card", MUG // 2, mine)],
    ]
    for tenders in wrong:
        with pytest.raises(WalletNotHeld):
            record_sale(parse_envelope(sale(world, uid, *tenders)), at=now())
    release_wallet(world.register, mine.uid, sale=uid, person=world.manager, at=now())
    with pytest.raises(WalletNotHeld):
        record_sale(parse_envelope(sale(world, uid, by("gift_card", MUG, mine))), at=now())
    assert fresh(card).balance_minor == 5_000


def test_a_sale_that_comes_late_takes_its_card_while_the_money_is_there(world: World) -> None:
    card, uid = gift_card(MUG), new_uid()
    held = hold_gift_card(world.register, code_of(card), up_to=MUG, **at_till(world, uid))
    envelope = parse_envelope(sale(world, uid, by("gift_card", MUG, held)))
    later, other = now() + timedelta(hours=3), new_uid()
    hold(card, 100, sale=other, at=later)
    with pytest.raises(WalletHoldLost):
        record_sale(envelope, at=later)
    WalletHold.objects.filter(source_uid=other).update(state="released", ended_at=later)
    record_sale(envelope, at=later)
    assert fresh(card).balance_minor == 0


def test_nobody_without_credit_holds_any(world: World) -> None:
    for email in ("nobody@example.com", ""):
        with pytest.raises(NothingToSpend):
            hold_store_credit(world.register, email, up_to=MUG, **at_till(world, new_uid()))
    with pytest.raises(GiftCardUnusable):
        hold_gift_card(world.register, "G-2222-2222-2222-2222", up_to=MUG, **at_till(world, new_uid()))
