"""Selling gift cards at the till: active with the payment, owed instead of earned, and never taxed or reduced."""

import json
from typing import Any
from uuid import UUID

import pytest

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.ledger.models import Posting
from commerce.pricing.models import Market
from commerce.pricing.till_catalog import till_catalog
from customers.actions.print_gift_cards import print_gift_cards
from customers.errors import GiftCardUnusable
from customers.models import GiftCard
from inventory.models import StockMovement
from orders.actions.accept_return import accept_return
from orders.models import Order
from orders.return_errors import NotReturnable
from orders.returns import ReturnWish
from pos.actions.ready_gift_card import ready_gift_card
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import Sale
from tests.concurrency.conftest import audit
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.wallets import code_of, gift_card
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MUG = 1_728  # with its tax


@pytest.fixture
def world(card_network: Server) -> World:
    world = World.make()
    voucher()
    return world


def voucher() -> Variant:
    return VariantFactory(
        product=ProductFactory(title="Gift card"),
        sku="GIFT",
        price=False,
        is_open_price=True,
        is_open_to_all=True,
        is_gift_card=True,
    )


def sell(world: World, price: int, card: UUID | None, *, mugs: int = 0, uid: UUID | None = None) -> Order:
    money = {"amount": price + mugs * MUG, "currency": "USD"}
    line: dict[str, Any] = {"sku": "GIFT", "quantity": 1, "unit_price": {"amount": price, "currency": "USD"}}
    named = {"gift_card": str(card)} if card else {}
    envelope = {
        "id": str(uid or new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{**line, **named}, *([{"sku": "MUG", "quantity": mugs}] if mugs else [])],
        "tenders": [{"type": "cash", "amount": money, "tendered": money}],
    }
    return Order.objects.get(number=record_sale(parse_envelope(envelope), at=now())["number"])


def postings(account: str) -> int:
    return sum(Posting.objects.filter(account__code=account).values_list("amount_minor", flat=True))


def test_a_printed_card_is_active_with_its_payment_and_is_no_income(world: World) -> None:
    ((card, code),) = print_gift_cards("USD", 1, person=world.manager, at=now())
    ready, shown = ready_gift_card(world.register, code, currency="USD", person=world.manager, at=now())
    assert (ready, shown) == (card, "")
    uid = new_uid()
    order = sell(world, 2_500, card.uid, mugs=1, uid=uid)
    assert (order.total_minor, order.tax_minor) == (2_500 + MUG, 128)
    sold = GiftCard.objects.get(pk=card.pk)
    assert (sold.state, sold.balance_minor) == ("active", 2_500)
    assert (postings("gift_cards"), postings("sales")) == (-2_500, -1_600)
    assert not StockMovement.objects.filter(level__variant__sku="GIFT").exists()
    assert code not in str(Sale.objects.get(uid=uid).envelope)
    assert audit() == ""


def test_a_new_card_is_worth_nothing_before_its_sale(world: World) -> None:
    card, code = ready_gift_card(world.register, "", currency="USD", person=world.manager, at=now())
    assert code == code_of(card)
    assert GiftCard.objects.get().state == "inactive"
    sell(world, 4_000, card.uid)
    assert GiftCard.objects.get().balance_minor == 4_000
    assert audit() == ""


def test_a_card_in_use_is_topped_up(world: World) -> None:
    card = gift_card(1_000)
    ready_gift_card(world.register, code_of(card), currency="USD", person=world.manager, at=now())
    sell(world, 500, card.uid)
    assert GiftCard.objects.get().balance_minor == 1_500
    assert audit() == ""


def test_money_that_no_named_card_can_take_is_on_a_new_one_and_a_case(world: World) -> None:
    blocked = gift_card(1_000)
    GiftCard.objects.update(state="blocked")
    with pytest.raises(GiftCardUnusable):
        ready_gift_card(world.register, code_of(blocked), currency="USD", person=world.manager, at=now())
    for named in (blocked.uid, new_uid(), None):
        sell(world, 700, named)
    assert Case.objects.filter(kind="gift_card_astray").count() == 3
    assert list(GiftCard.objects.exclude(pk=blocked.pk).values_list("balance_minor", flat=True)) == [700] * 3
    assert audit() == ""


def test_what_is_on_a_card_is_not_given_back_for_money(world: World) -> None:
    card, _code = ready_gift_card(world.register, "", currency="USD", person=world.manager, at=now())
    order = sell(world, 4_000, card.uid)
    wish = ReturnWish(order.lines.get().pk, 1)
    with pytest.raises(NotReturnable):
        accept_return(
            order.pk, [wish], uid=new_uid(), location=world.store, channel="pos", person=world.manager, at=now()
        )


def test_the_till_learns_that_it_is_a_gift_card_and_untaxed(world: World) -> None:
    _position, chunks = till_catalog(Market.objects.get(), at=now())
    row = next(row for chunk in chunks for row in json.loads(chunk) if row[1] == "GIFT")
    assert row[6] == "exempt"
    assert row[-1]["open"]["gift"] is True
