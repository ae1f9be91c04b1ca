"""Offers that sell below the smallest margin: one case per offer, in every channel, and nothing for what is meant."""

from typing import Any

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.pricing.models import Market, Promotion
from inventory.models import StockLevel
from orders.actions.report_offers_below_cost import report_offers_below_cost
from orders.models import Order
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from tests.factories.promotions import promotion
from tests.pos.test_serial_sales import envelope
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(card_network: Server) -> World:
    """A mug costs 12.00 and is sold for 16.00."""
    made = World.make()
    StockLevel.objects.filter(variant=made.mug).update(unit_cost=1_200, value_minor=24_000)
    return made


def sell(world: World, quantity: int, total: int, **row: Any) -> Order:
    line = {"sku": "MUG", "quantity": quantity, **row}
    record_sale(parse_envelope(envelope(world, [line], total)), at=now())
    return look()


def look() -> Order:
    """What the subscriber of `order.placed` does for the newest order, twice."""
    order = Order.objects.placed().latest("pk")
    for _time in range(2):
        report_offers_below_cost(order.uid, at=now())
    return order


def cases() -> list[str]:
    return [case.subject for case in Case.objects.filter(kind="offer_below_cost").order_by("pk")]


def test_an_offer_is_one_case_however_often_it_sells(world: World) -> None:
    promotion("mugs", percent_ppm=300_000, items=(world.mug,), label="Mugs", name="Mug week")
    order = world.order(world.mug, 2)  # 2 x 16.00 less 30 %: 22.40 for what cost 24.00
    look()
    case = Case.objects.get(kind="offer_below_cost")
    assert case.subject == "mugs"
    assert case.text == (
        f"“Mug week” sold below the smallest margin, first in order {order.number}:\nMUG for $22.40, which cost $24.00"
    )
    assert case.owner_role == "office"
    sell(world, 1, 1_210)
    assert cases() == ["mugs"]


def test_who_closed_it_has_decided_until_the_offer_is_started_again(world: World) -> None:
    promotion("mugs", percent_ppm=300_000, items=(world.mug,), started_at=now())
    sell(world, 1, 1_210)
    Case.objects.update(status="resolved", resolved_at=now())
    sell(world, 1, 1_210)
    assert cases() == ["mugs"]
    Promotion.objects.update(started_at=now())
    sell(world, 1, 1_210)
    assert cases() == ["mugs", "mugs"]


@pytest.mark.parametrize(("floor", "found"), [(0, []), (60_000, []), (70_000, ["ten"])])
def test_the_floor_is_the_markets(world: World, floor: int, found: list[str]) -> None:
    """16.00 less 20 % is 12.80, of which 0.80 (6.25 %) are earned."""
    Market.objects.update(margin_floor_ppm=floor)
    promotion("ten", percent_ppm=200_000, items=(world.mug,))
    sell(world, 1, 1_382)
    assert cases() == found


def test_what_is_given_away_on_purpose_or_by_hand_is_not_an_offer_below_cost(world: World) -> None:
    promotion("gift", kind="gift", percent_ppm=1_000_000, get_quantity=1, items=(world.mug,), qualify=(world.tent,))
    lines = [{"sku": "TENT", "quantity": 1}, {"sku": "MUG", "quantity": 1}]
    record_sale(parse_envelope(envelope(world, lines, 21_492)), at=now())
    assert look().lines.get(sku="MUG").total_minor == 0
    by_hand = {"id": "x", "kind": "percent", "value": 300_000, "reason": "Damaged", "approved_by": ""}
    sell(world, 1, 1_210, discounts=[by_hand])
    assert cases() == []


def test_costs_in_another_currency_are_not_compared(world: World) -> None:
    promotion("mugs", percent_ppm=300_000, items=(world.mug,))
    order = sell(world, 1, 1_210)
    Case.objects.all().delete()
    Order.objects.filter(pk=order.pk).update(currency="EUR")
    look()
    assert cases() == []
