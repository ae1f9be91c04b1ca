"""Returns at a register: found by whatever the customer has, once, out of the right drawer, with a colleague's word."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import signing

from commerce.cases.models import Case
from commerce.company.permissions import MATRIX
from commerce.kernel.clock import business_date, now
from commerce.kernel.db import action
from commerce.kernel.errors import KeyReused, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from commerce.ledger.models import Posting
from customers import gift_cards, profiles
from hardware.printers.escpos import receipt_bytes
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.protocol import validate_document
from inventory.models import StockLevel
from orders.actions.pay_owed import pay_owed
from orders.actions.settle_refund import settle_refund
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Order, Refund, Return
from orders.return_errors import AmountsChanged, NotReturnable
from orders.returns import ReturnWish
from pos import bringing_back, drawer, finding
from pos.access import ApprovalNeeded, approver_of
from pos.actions.approve_at_till import approve_at_till
from pos.actions.record_sale import record_sale
from pos.actions.show_refund_cards import show_refund_cards
from pos.actions.take_back import Wanted, take_back
from pos.envelope import parse_envelope
from pos.errors import ShiftClosed
from pos.models import CashMovement, Register, Sale, Shift, TillReturn
from pos.queries import shift_body
from pos.return_receipts import document_of
from tests.concurrency.conftest import audit
from tests.factories.company import UserFactory
from tests.faults.test_permissions import device
from tests.orders.settling import steered
from tests.pos.test_card_machine import sold
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


@pytest.fixture
def shift(world: World) -> Shift:
    return world.open_shift()


def shipped(world: World, quantity: int = 1) -> Order:
    order = world.order(world.mug, quantity)
    for part in order.fulfillments.all():
        ship_fulfillment(part.uid, carrier="", tracking="", person=world.manager, at=now())
    return Order.objects.get(pk=order.pk)


def bring(world: World, shift: Shift, order: Order, quantity: int = 1, **changes: Any) -> Return:
    facts = {"uid": new_uid(), "person": world.manager, "approver": None, "at": now()}
    for name in facts:
        facts[name] = changes.pop(name, facts[name])
    wish = ReturnWish(order.lines.order_by("pk")[0].pk, quantity, **changes.pop("wish", {}))
    return take_back(world.register, Wanted(order.uid, [wish], **changes), shift_uid=shift.uid, **facts)  # type: ignore[arg-type]


def on_hand(world: World) -> int:
    return StockLevel.objects.get(variant=world.mug, location=world.store).on_hand


def test_what_was_bought_on_the_web_goes_back_to_the_card_and_onto_the_shelf(world: World, shift: Shift) -> None:
    order = shipped(world, 2)
    before = on_hand(world)
    record = bring(world, shift, order)
    refund = record.refunds.get()
    assert (refund.tender, refund.state, refund.amount_minor) == ("card_online", "succeeded", record.total_minor)
    assert on_hand(world) == before + 1
    assert TillReturn.objects.get().shift == shift
    assert not CashMovement.objects.filter(kind="refund").exists()
    assert audit() == ""


def test_cash_comes_out_of_this_registers_drawer(world: World, shift: Shift) -> None:
    order = world.sell(world.mug, 2, shift=shift)
    expected = drawer.expected(shift)
    record = bring(world, shift, order)
    moved = CashMovement.objects.get(kind="refund")
    assert (moved.amount_minor, moved.refund, moved.shift) == (-1_728, record.refunds.get(), shift)
    assert drawer.expected(shift) == expected - 1_728
    assert record.refunds.get().details == {"drawer": "PDX-1-1"}
    body = shift_body(shift)
    assert body
    assert body["returns"] == 1
    assert body["means"] == [
        {"type": "cash", "label": "Cash", "taken_minor": 3_456, "given_back_minor": 1_728, "count": 1}
    ]
    world.close_shift(shift, expected - 1_728)
    assert shift.register.shifts.get().expected_minor == expected - 1_728
    assert audit() == ""


def test_a_card_machine_gives_back_by_hand_at_the_register_that_does_it(world: World, shift: Shift) -> None:
    record_sale(parse_envelope(sold(world, tender={"card": {"last4": "4242"}})), at=now())
    order = Order.objects.get()
    other = Register.objects.create(code="PDX-1-2", name="Back", location=world.store)
    Register.objects.filter(pk=world.register.pk).update(name="Front")
    Shift.objects.filter(pk=shift.pk).update(register=other)
    world.register = other
    refund = bring(world, shift, order).refunds.get()
    assert (refund.tender, refund.state, refund.details["terminal"]) == ("external_terminal", "succeeded", "PDX-1-2")
    assert bringing_back.refund_label(refund) == "Card machine ending in 4242"
    parts = Posting.objects.filter(entry__source_uid=refund.uid, account__code="card_clearing")
    assert list(parts.values_list("amount_minor", "sub")) == [(-1_728, "terminal:PDX-1-2")]
    assert audit() == ""


def test_what_a_card_did_not_take_is_paid_in_cash_by_the_store_and_not_by_the_drawer_of_the_return(
    world: World, shift: Shift, card_network: Server
) -> None:
    record = bring(world, shift, shipped(world))
    refund = record.refunds.get()
    steered(card_network.url).control(f"refunds/{refund.provider_id}/fail", {})
    settle_refund(refund.uid, at=now())
    case = Case.objects.get(kind="refund_failed")
    pay_owed(case, tender="cash", code="cash", person=world.manager, location=world.store, at=now())
    assert record.refunds.get(tender="cash").details == {"drawer": "PDX-1"}
    assert not CashMovement.objects.filter(kind="refund").exists()
    assert audit() == ""


def test_the_same_return_again_is_the_first_one(world: World, shift: Shift) -> None:
    order = world.sell(world.mug, 3, shift=shift)
    uid = new_uid()
    first = bring(world, shift, order, uid=uid)
    world.close_shift(shift, drawer.expected(shift))
    assert bring(world, shift, order, uid=uid) == first  # its answer was lost, and the drawer was counted since
    assert CashMovement.objects.filter(kind="refund").count() == 1
    with pytest.raises(KeyReused):
        bring(world, shift, order, 2, uid=uid)
    with pytest.raises(ShiftClosed):
        bring(world, shift, order)


def test_no_unit_comes_back_twice_and_no_other_amount_than_was_shown(world: World, shift: Shift) -> None:
    order = world.sell(world.mug, 2, shift=shift)
    with pytest.raises(AmountsChanged):
        bring(world, shift, order, due_minor=1_727)
    bring(world, shift, order, 2, due_minor=3_456)
    with pytest.raises(NotReturnable):
        bring(world, shift, order)
    with pytest.raises(NotFound):
        bring(world, shift, Order(uid=new_uid(), pk=order.pk))
    assert CashMovement.objects.filter(kind="refund").count() == 1


def test_another_way_for_the_money_needs_somebody_who_may(world: World, shift: Shift) -> None:
    order = shipped(world)
    associate = UserFactory(username="tom", role="associate", locations=[world.store])
    with pytest.raises(NotAllowed):
        bring(world, shift, order, person=associate, tender="cash")
    assert not Return.objects.exists()
    record = bring(world, shift, order, person=associate, approver=world.manager, tender="cash")
    assert (record.actor, record.approved_by) == (associate, world.manager)
    assert (record.refunds.get().tender, record.refunds.get().approved_by) == ("cash", world.manager)
    assert CashMovement.objects.get(kind="refund").amount_minor == -record.total_minor
    assert audit() == ""


def test_an_approval_is_for_one_thing_on_one_till_by_somebody_who_may(world: World) -> None:
    here, elsewhere, subject = device(world), device(world), new_uid()
    UserFactory(username="tom", role="associate", pin="4711")
    wanted = {"permission": "refund.elsewhere", "subject": subject}
    with pytest.raises(NotAllowed):
        approve_at_till(world.register, here, "tom", "4711", **wanted, at=now())
    proof = approve_at_till(world.register, here, "mina", "4711", **wanted, at=now())
    assert approver_of(proof, here, **wanted) == world.manager
    for browser, asked in (
        (elsewhere, wanted),
        (here, {**wanted, "subject": new_uid()}),
        (here, {**wanted, "permission": "price.override"}),
    ):
        with pytest.raises(ApprovalNeeded):
            approver_of(proof, browser, **asked)
    with pytest.raises(ApprovalNeeded):
        approver_of(signing.dumps({"person": world.manager.pk}, salt="pos.person"), here, **wanted)


def test_an_order_is_found_by_whatever_the_customer_has(world: World, shift: Shift) -> None:
    web = shipped(world)
    store = world.sell(world.mug, 2, shift=shift)
    record = bring(world, shift, store)
    customer = web.customer
    assert customer
    customer.phone = "+1 (503) 555-0142"
    customer.save()
    receipt = Sale.objects.get().receipt_number
    assert finding.find(receipt.lower()) == finding.find(str(store.number)) == finding.find(record.number) == [store]
    assert finding.find(f" #{web.number} ") == finding.find("ADA@example.com") == [web]
    assert finding.find("503 555 0142") == finding.find("5550142") == [web]
    for nothing in ("", "ada", "0142", "no-one@example.com", "99999999"):
        assert finding.find(nothing) == [], nothing
    today = business_date(world.register.location.time_zone, now())
    assert finding.find_by_card("4242", today, world.register) == [web]
    assert finding.find_by_card("0000", today, world.register) == []


def test_the_screen_says_what_can_come_back_and_why_not_the_rest(world: World, shift: Shift) -> None:
    order = world.sell(world.mug, 3, shift=shift)
    record = bring(world, shift, order)
    body = bringing_back.order_body(Order.objects.select_related("sale", "location", "market").get(pk=order.pk))
    line = body["lines"][0]
    assert (line["left"], line["value_minor"], line["why"]) == (2, 3_456, "1 came back before")
    assert body["returns"][0]["number"] == record.number
    assert body["paid"] == [{"tender": "cash", "label": "Cash", "amount_minor": 5_184, "back_minor": 1_728}]
    waiting = bringing_back.order_body(world.order(world.mug, 2))
    assert [(row["left"], row["why"]) for row in waiting["lines"]] == [(0, "2 not handed over yet")]
    quoted = bringing_back.quote_body(order, Wanted(order.uid, [ReturnWish(line["id"], 1)]), world.register, "USD")
    assert quoted["parts"] == [{"tender": "cash", "label": "Cash", "amount_minor": 1_728, "by": "hand"}]
    assert (quoted["total_minor"], quoted["is_elsewhere"]) == (1_728, False)


@pytest.mark.parametrize("columns", [42, 32])
def test_the_paper_says_what_came_back_and_when_a_card_has_its_money(world: World, shift: Shift, columns: int) -> None:
    record = bring(world, shift, shipped(world, 2), 2)
    text = printed(document_of(record), columns)
    for words in ("RETURN", record.number, "Given back", "$34.56", "Visa ending in 4242", "within 5 to 10", "2 items"):
        assert words in text, words
    assert max(len(line) for line in text.splitlines()) <= columns


def printed(document: dict[str, Any], columns: int) -> str:
    return "\n".join(render(receipt_bytes(validate_document(document), PrinterProfile(), columns).data).lines)


def test_whoever_sells_takes_back(world: World) -> None:
    sells = {role for role, permissions in MATRIX.items() if "sale.record" in permissions}
    assert sells <= {role for role, permissions in MATRIX.items() if "return.accept" in permissions}
    assert Refund.objects.count() == 0


def test_a_till_is_told_what_came_back_of_its_sales(world: World, shift: Shift, django_assert_num_queries) -> None:
    sales = [world.sell(world.mug, units, shift=shift) for units in (3, 1, 2)]
    for order in sales[:2]:
        bring(world, shift, order)
    part, whole, none = (order.sale.receipt_number for order in sales)
    with django_assert_num_queries(1):
        told = finding.came_back([part, whole, none, "PDX-9-9-000001"])
    assert told == {part: {"pieces": 1, "all": False}, whole: {"pieces": 1, "all": True}}


def test_orders_are_found_by_e_mail_however_it_is_written(world: World, shift: Shift) -> None:
    order, other = (world.sell(world.mug, shift=shift) for _twice in range(2))
    Order.objects.filter(pk=order.pk).update(email="Ada@Example.com")
    known = action(profiles.recognize)("ada@example.com", name="Ada", at=now())
    Order.objects.filter(pk=other.pk).update(customer=known)
    assert set(finding.find(" aDA@example.COM ")) == {order, other}


def test_the_number_of_a_new_gift_card_is_told_while_its_answer_may_be_lost(world: World, shift: Shift) -> None:
    record_sale(parse_envelope(sold(world, tender={"card": {"last4": "4242"}})), at=now())
    record = bring(world, shift, Order.objects.get(), tender="gift_card")
    refund = record.refunds.get()
    (told,) = show_refund_cards(world.register, record, at=now()).values()
    assert show_refund_cards(world.register, record, at=now()) == {refund.pk: told}
    for columns in (42, 32):
        document = validate_document(document_of(record, cards={refund.pk: told}))
        assert told in "\n".join(render(receipt_bytes(document, PrinterProfile(), columns).data).lines)
    card = gift_cards.by_code(told)
    assert card is not None
    assert (str(card.uid), card.shown_at is not None) == (refund.details["wallet"], True)
    other = Register.objects.create(code="PDX-1-2", name="Back", location=world.store)
    assert show_refund_cards(other, record, at=now()) == {}
    assert show_refund_cards(world.register, record, at=now() + timedelta(minutes=16)) == {}
    action(gift_cards.block)(card, reason="Reported lost")
    assert show_refund_cards(world.register, record, at=now()) == {}
