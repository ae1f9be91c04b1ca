"""What the books say of an order, posting by posting: which account, and which part of it."""

from decimal import Decimal

import pytest

from commerce.kernel.clock import now
from commerce.ledger.models import Posting
from orders import books
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.books import HandedOut
from orders.models import Adjustment, Order, OrderLine
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def standing(order: Order, *more: object) -> dict[tuple[str, str], int]:
    """Balances by (account, part) of what was posted for an order, its payments and what is named `more`."""
    uids = [order.uid, *order.payments.values_list("uid", flat=True), *order.fulfillments.values_list("uid", flat=True)]
    found: dict[tuple[str, str], int] = {}
    for row in Posting.objects.filter(entry__source_uid__in=[*uids, *more]).select_related("account"):
        if row.account.code not in ("inventory", "cost_of_goods"):
            key = (row.account.code, row.sub)
            found[key] = found.get(key, 0) + row.amount_minor
    return {key: amount for key, amount in found.items() if amount}


def test_a_till_sale_is_earned_at_once_into_its_drawer_and_by_its_tax(world: World) -> None:
    shift = world.open_shift()
    order = world.sell(world.mug, 2, shift=shift)
    tax = order.taxes[0]["code"]
    assert standing(order) == {
        ("cash", "PDX-1-1"): 3456,
        ("sales", ""): -3200,
        ("sales_tax", tax): -256,
    }
    world.close_shift(shift, 13_000)
    assert standing(order, shift.uid)["cash", "PDX-1-1"] == 3000


def test_a_parcel_earns_what_was_owed_when_it_leaves(world: World) -> None:
    order = world.order(world.mug, 2)
    tax = order.taxes[0]["code"]
    paid = {("card_clearing", "stripe"): 3456, ("sales_tax", tax): -256}
    assert standing(order) == {**paid, ("undelivered", str(order.uid)): -3200}
    ship_fulfillment(order.fulfillments.get().uid, carrier="PostNL", tracking="3S", person=world.manager, at=now())
    assert standing(order) == {**paid, ("sales", ""): -3200}


def test_an_order_that_leaves_in_two_parts_is_earned_in_two_parts(world: World) -> None:
    order = world.order(world.tent, 8)  # 159,200: five from the warehouse, three from the store
    parts = list(order.fulfillments.order_by("pk"))
    ship_fulfillment(parts[0].uid, carrier="", tracking="1", person=world.manager, at=now())
    quantity = parts[0].lines.get().quantity
    halfway = standing(order)
    assert halfway["sales", ""] == -19_900 * quantity
    assert halfway["undelivered", str(order.uid)] == -19_900 * (8 - quantity)
    ship_fulfillment(parts[1].uid, carrier="", tracking="2", person=world.manager, at=now())
    whole = standing(order)
    assert whole["sales", ""] == -159_200
    assert ("undelivered", str(order.uid)) not in whole


@pytest.mark.parametrize("net", [0, 1, 100, 1_000, 99_999])
@pytest.mark.parametrize("parts", [(3,), (1, 1, 1), (2, 1), (1, 2)])
def test_shares_of_a_line_bring_its_net_whatever_the_parts(net: int, parts: tuple[int, ...]) -> None:
    line = OrderLine(quantity=3, total_minor=net + 7, tax_minor=7, unit_minor=0)
    before = brought = 0
    for quantity in parts:
        share = books.net_share(line, before, quantity)
        assert abs(Decimal(share) - Decimal(net) * quantity / 3) < 1
        before, brought = before + quantity, brought + share
    assert brought == net


def test_charges_come_with_the_last_goods_and_deposits_never(world: World) -> None:
    order = world.order(world.mug)
    fulfillment = order.fulfillments.get()
    fulfillment.order = order
    line = order.lines.get()
    charges = [
        Adjustment(order=order, kind="shipping", tax_minor=56, total_minor=756),
        Adjustment(order=order, kind="fee", tax_minor=0, total_minor=100),
        Adjustment(order=order, kind="deposit", tax_minor=0, total_minor=10),
    ]
    today = now().date()
    entry = books.handed_over(fulfillment, [HandedOut(line, 0, 1)], charges, on=today, location_code="WH-1")
    assert {(part[0], part[1]) for part in entry.postings} == {
        ("undelivered", 2_400),
        ("sales", -1_600),
        ("shipping", -700),
        ("fees", -100),
    }


def test_the_tax_of_each_code_is_owed_apart(world: World) -> None:
    order = world.order(world.mug, 2)
    order.taxes = [{"code": "us-tx", "amount": 200}, {"code": "us-tx-austin", "amount": 56}]
    entry = books.sale(order, [], on=now().date(), location_code="WH-1")
    taxes = {part[2]: part[1] for part in entry.postings if part[0] == "sales_tax"}
    assert taxes == {"us-tx": -200, "us-tx-austin": -56}
    assert sum(part[1] for part in entry.postings) == 0
