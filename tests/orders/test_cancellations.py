"""What has not left of an order is canceled: units, stock, money, coupons and books agree, whoever paid by what."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import IllegalMove
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger.models import Posting
from commerce.pricing.models import Market
from customers.models import GiftCard
from inventory import reservations
from inventory.levels import Demand, Source
from inventory.models import StockLevel
from orders import codes, drafts, gateway, tasks
from orders.actions.cancel_order import cancel_order
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.refund_amount import refund_amount
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.errors import AlreadyLeft, NothingToCancel
from orders.models import Cancellation, Fulfillment, FulfillmentLine, Order, Refund
from storefront import mails
from tests.client import new_token
from tests.concurrency.conftest import audit
from tests.factories.wallets import gift_card
from tests.faults.conftest import Api
from tests.orders.test_returns import bring, shipped
from tests.orders.test_wallet_payments import cart_of, checked_out, confirm, paid
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]
UNIT = 1_728


@pytest.fixture
def world(card_network: Server) -> Any:
    yield World.make()
    assert audit() == ""


def cancel(world: World, order: Order, **changes: Any) -> Cancellation:
    facts = {"uid": new_uid(), "reason": "Changed their mind", "person": world.manager, "at": now(), **changes}
    made = cancel_order(order.pk, **facts)
    order.refresh_from_db()
    return made


def in_books(*accounts: str) -> list[int]:
    return [
        sum(Posting.objects.filter(account__code=account).values_list("amount_minor", flat=True))
        for account in accounts
    ]


def ship(world: World, *parts: Fulfillment) -> None:
    for part in parts:
        ship_fulfillment(part.uid, carrier="", tracking="", person=world.manager, at=now())


def reserved() -> int:
    return sum(StockLevel.objects.values_list("reserved", flat=True))


@action
def split(order: Order) -> list[Fulfillment]:
    """The order's only line leaves in two parcels, a unit in the first of them."""
    line = FulfillmentLine.objects.select_related("fulfillment", "order_line").get(fulfillment__order=order)
    first, rest = line.fulfillment, line.quantity - 1
    assert line.reservation is not None
    reservations.release([line.reservation], at=now())
    demands = [Demand(line.order_line.variant_id, first.location_id, units) for units in (1, rest)]
    held = reservations.reserve(demands, until=None, source=Source("order", order.uid), at=now())
    second = Fulfillment.objects.create(
        order=order, type="ship", location=first.location, state="pending", created_at=now()
    )
    FulfillmentLine.objects.filter(pk=line.pk).update(quantity=1, reservation=held[0])
    FulfillmentLine.objects.create(fulfillment=second, order_line=line.order_line, quantity=rest, reservation=held[1])
    return [first, second]


def test_all_of_a_paid_order_is_canceled(world: World) -> None:
    order = world.order(world.mug, 3)
    made = cancel(world, order)
    assert (made.total_minor, made.refund_minor, made.tax_minor) == (3 * UNIT, 3 * UNIT, 3 * 128)
    assert (order.state, order.payment_status, order.canceled_minor) == ("canceled", "refunded", 3 * UNIT)
    refund = made.refunds.get()
    assert (refund.tender, refund.state, refund.amount_minor) == ("card_online", "succeeded", 3 * UNIT)
    assert (reserved(), order.lines.get().canceled, order.fulfillments.get().state) == (0, 3, "canceled")
    assert in_books("undelivered", "sales", "sales_tax", "receivable", "refunds_due", "card_clearing") == [0] * 6
    assert order.timeline.filter(kind="canceled").count() == 1
    with pytest.raises(NothingToCancel):
        cancel(world, order)
    assert cancel(world, order, uid=made.uid).pk == made.pk
    assert Refund.objects.count() == 1


def test_what_has_left_comes_back_as_a_return_and_only_the_rest_is_canceled(world: World) -> None:
    """The odd minor units: 2 of 3 units go, with 0.05 of an allowance on all of them."""
    order = world.order(world.mug, 3)
    refund_amount(order.pk, Money(5, "USD"), uid=new_uid(), reason="Sorry", person=world.manager, at=now())
    first, _second = split(order)
    ship(world, first)
    made = cancel(world, order)
    assert (order.state, order.fulfillment_status, order.payment_status) == ("closed", "fulfilled", "partly_refunded")
    assert made.refund_minor == made.total_minor
    assert 2 * UNIT - 5 <= made.total_minor <= 2 * UNIT
    record = bring(world, order)
    assert record.total_minor + made.total_minor + 5 == 3 * UNIT
    order.refresh_from_db()
    assert order.payment_status == "refunded"
    assert in_books("undelivered", "sales", "sales_tax", "receivable", "refunds_due", "card_clearing") == [0] * 6


def test_an_authorization_is_let_go_and_nothing_is_taken(world: World) -> None:
    Market.objects.update(card_capture=Market.CardCapture.LEAVING)
    order = world.order(world.mug, 2)
    assert order.payment_status == "authorized"
    made = cancel(world, order)
    assert (made.total_minor, made.refund_minor, made.refunds.count()) == (2 * UNIT, 0, 0)
    payment = order.payments.get()
    assert (payment.state, payment.captured_minor, order.payment_status) == ("canceled", 0, "unpaid")
    assert gateway.retrieve(payment.provider_id).status == "canceled"
    assert in_books("undelivered", "sales", "sales_tax", "receivable", "refunds_due", "card_clearing") == [0] * 6


def test_of_an_authorization_only_what_has_left_is_taken(world: World) -> None:
    Market.objects.update(card_capture=Market.CardCapture.LEAVING)
    order = world.order(world.mug, 3)
    order.payments.update(details={**order.payments.get().details, "multicapture": True})
    first, _second = split(order)
    ship(world, first)
    made = cancel(world, order)
    assert made.refund_minor == 0
    for _turn in range(2):
        tasks.send_captures()
        tasks.settle_open_payments()
    payment = order.payments.get()
    order.refresh_from_db()
    assert (payment.state, payment.captured_minor) == ("captured", UNIT)
    assert (order.state, order.payment_status) == ("closed", "paid")
    assert not Case.objects.exists()


def test_where_the_bank_allows_one_capture_the_rest_goes_back(world: World) -> None:
    Market.objects.update(card_capture=Market.CardCapture.LEAVING)
    order = world.order(world.mug, 3)
    order.payments.update(details={**order.payments.get().details, "multicapture": False})
    first, _second = split(order)
    ship(world, first)
    tasks.send_captures()
    made = cancel(world, order)
    assert (made.refund_minor, made.refunds.get().state) == (2 * UNIT, "succeeded")
    assert in_books("undelivered", "receivable", "refunds_due", "card_clearing") == [0, 0, 0, UNIT]


def test_nothing_that_has_left_or_never_came_can_be_canceled(world: World) -> None:
    for order in (shipped(world), world.sell(world.mug)):
        with pytest.raises(NothingToCancel):
            cancel(world, order)
    draft = world.draft(world.mug)
    with pytest.raises(NothingToCancel):
        cancel(world, draft.order)
    order = world.order(world.mug, pickup=True)
    cancel(world, order)
    with pytest.raises(IllegalMove):
        world.collect(order)


def test_a_shopper_cancels_on_the_page_of_the_order_until_it_is_packed(world: World) -> None:
    browser = Browser()
    packed, order = world.order(world.mug, pickup=True), world.order(world.mug, 2)
    prepare_pickup(packed.fulfillments.get().uid, person=world.manager, at=now())
    page = reverse("shop-order", args=[codes.link_token(packed.uid)])
    assert "Cancel this order" not in browser.get(page).content.decode()
    with pytest.raises(AlreadyLeft):
        cancel_order(packed.pk, uid=new_uid(), reason="", person=None, at=now(), only_untouched=True)
    assert "is being packed already" in browser.post(f"{page}cancel/", follow=True).content.decode()

    page = reverse("shop-order", args=[codes.link_token(order.uid)])
    assert "Cancel this order" in browser.get(page).content.decode()
    for _twice in range(2):
        assert browser.post(f"{page}cancel/").status_code == 302
    shown = browser.get(page).content.decode()
    assert "Your order is canceled" in shown
    assert "Cancel this order" not in shown
    assert Cancellation.objects.get().order == order


def test_a_program_cancels_once_by_its_key(world: World) -> None:
    order, api = world.order(world.mug), Api(new_token(), {})
    path, headers = f"/orders/{order.number}/cancel", {"Idempotency_Key": "once"}
    answers = [api.post(path, {"reason": "Out of season"}, **headers) for _twice in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    body = answers[0].body
    assert (body["state"], body["canceled"]["amount"], body["refunds"][0]["state"]) == ("canceled", UNIT, "succeeded")
    assert body["cancellation"]["reason"] == "Out of season"
    refused = api.post(path, {})
    assert (refused.status, refused.body["code"]) == (409, "nothing_to_cancel")
    assert Api(new_token("orders"), {}).post(path, {}).status == 403


def test_the_customer_is_told_what_will_not_come_and_what_becomes_of_the_money(
    world: World, mailoutbox: list[Any]
) -> None:
    order = world.order(world.mug, 2)
    cancel(world, order, reason="Damaged at the warehouse")
    send = action(mails.announce_cancellation)
    assert [send(order.uid, at=now()) for _twice in range(2)] == [True, False]
    (mail,) = mailoutbox
    assert mail.subject.startswith(f"Canceled: your order {order.number}")
    for words in ("Damaged at the warehouse", "2 × ", "Visa ending in 4242: $34.56"):
        assert words in mail.body
    assert "Visa ending in 4242" in mail.alternatives[0][0]


def held_with_a_card(world: World, card_minor: int) -> Order:
    """Three mugs, of which a gift card pays so much; the rest is held on a card until they leave, part by part."""
    Market.objects.update(card_capture=Market.CardCapture.LEAVING)
    order, payment = checked_out(cart_of(world, gift_card(card_minor), quantity=3))
    confirm(payment)
    order.payments.filter(tender="card_online").update(
        details={**order.payments.get(tender="card_online").details, "multicapture": True}
    )
    order.refresh_from_db()
    return order


def test_a_gift_card_pays_for_the_first_goods_and_the_card_for_those_after(world: World) -> None:
    order = held_with_a_card(world, 2_000)
    assert paid(order) == [("card_online", "authorized", 0), ("gift_card", "captured", 2_000)]
    first, second = split(order)
    ship(world, first)  # $17.28, of which the gift card has paid all
    assert order.payments.get(tender="card_online").capture_pending_minor == 0
    ship(world, second)
    tasks.send_captures()
    assert paid(order) == [("card_online", "captured", 3 * UNIT - 2_000), ("gift_card", "captured", 2_000)]
    order.refresh_from_db()
    assert (order.state, order.payment_status) == ("closed", "paid")


@pytest.mark.parametrize(("gift", "back"), [(2_000, 2_000 - UNIT), (1_000, 0)])
def test_a_gift_card_gets_back_only_what_nothing_was_delivered_for(world: World, gift: int, back: int) -> None:
    order = held_with_a_card(world, gift)
    first, _second = split(order)
    ship(world, first)
    made = cancel(world, order)
    tasks.send_captures()
    tasks.settle_open_payments()
    assert [(row.tender, row.amount_minor) for row in made.refunds.all()] == ([("gift_card", back)] if back else [])
    taken = {tender: captured for tender, _state, captured in paid(order)}
    assert taken == {"gift_card": gift, "card_online": max(UNIT - gift, 0)}
    assert GiftCard.objects.get().balance_minor == back
    assert in_books("undelivered", "receivable", "refunds_due") == [0, 0, 0]


def test_all_of_it_canceled_fills_the_gift_card_again_and_lets_the_card_go(world: World) -> None:
    order = held_with_a_card(world, 2_000)
    cancel(world, order)
    assert GiftCard.objects.get().balance_minor == 2_000
    assert order.payments.get(tender="card_online").state == "canceled"
    assert in_books("undelivered", "receivable", "refunds_due", "card_clearing") == [0, 0, 0, 0]


def test_who_paid_for_what_was_gone_is_told_and_nothing_is_taken(world: World, mailoutbox: list[Any]) -> None:
    Market.objects.update(card_capture=Market.CardCapture.LEAVING)
    payment = world.draft(world.tent, 5)
    order = payment.order
    expire_and_sell(world, order)
    confirm(payment)
    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.state, payment.state, gateway.retrieve(payment.provider_id).received) == ("canceled", "canceled", 0)
    assert "Nothing is taken" in Case.objects.get(kind="paid_unfulfillable").text
    send = action(mails.announce_goods_gone)
    assert [send(order.uid, at=now()) for _twice in range(2)] == [True, False]
    assert "You were not charged" in mailoutbox[0].body


@action
def expire_and_sell(world: World, order: Order) -> None:
    """The hold lapses, and somebody else takes all of it."""
    reservations.release(drafts.held_by(order), at=now())
    for place in (world.store, world.warehouse):
        reservations.reserve([Demand(world.tent.pk, place.pk, 5)], until=None, source=Source("t", new_uid()), at=now())
