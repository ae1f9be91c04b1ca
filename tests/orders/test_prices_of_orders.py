"""What an order cost stays what it was, whatever becomes of prices, promotions and taxes."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from commerce.kernel.clock import now
from commerce.pricing import prices
from commerce.pricing.models import Coupon, CouponUse, Market, Promotion, TaxRate
from orders import drafts
from orders.fulfillment_types.base import Wish
from orders.models import Order
from orders.promotion_records import given
from tests.factories import trade
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def promotion(code: str, **fields: Any) -> Promotion:
    made = {"name": code, "label": code.title(), "kind": "percent", "percent_ppm": 250_000, "is_active": True}
    return Promotion.objects.create(code=code, created_at=now(), **{**made, **fields})


def facts(order: Order) -> list[Any]:
    """Every amount of an order."""
    order = Order.objects.get(pk=order.pk)
    columns = ("subtotal_minor", "discount_minor", "shipping_minor", "tax_minor", "total_minor", "taxes", "discounts")
    lines = order.lines.values_list("unit_minor", "gross_minor", "discount_minor", "tax_minor", "total_minor", "taxes")
    return [[getattr(order, name) for name in columns], list(lines)]


def test_a_placed_order_never_changes(world: World) -> None:
    promotion("autumn")
    promotion("whole-order", scope="order", percent_ppm=100_000, label="Ten more")
    order = world.order(world.mug, 2)
    before = facts(order)
    assert before[0][:5] == [3200, 1040, 0, 173, 2333]
    assert [row["id"] for row in order.lines.get().discounts] == ["autumn", "whole-order"]
    with transaction.atomic():
        prices.put(order.market.price_list_id, {world.mug.pk: (99_900, None)}, at=now())
    Promotion.objects.update(percent_ppm=1_000_000)
    TaxRate.objects.update(rate_ppm=1_000_000)
    Market.objects.update(prices_include_tax=True, tax_rounding="line")
    assert facts(order) == before
    call_command("audit")


def test_a_coupon_is_used_with_the_order_and_free_again_when_nothing_comes_of_it(world: World) -> None:
    coupon = Coupon.objects.create(
        promotion=promotion("welcome", needs_coupon=True), code="WEL-COME", code_key="WELCOME", max_uses=1,
        created_at=now(),
    )  # fmt: skip
    order = _draft(world, "wel come")
    assert (order.discount_minor, order.coupons) == (400, ["WEL-COME"])
    assert (_used(coupon), CouponUse.objects.get().source_uid) == (1, order.uid)
    with transaction.atomic():
        drafts.give_up(order, at=now())
    assert (_used(coupon), CouponUse.objects.get().released_at is not None) == (0, True)


def test_a_coupon_that_gives_nothing_is_not_used_up(world: World) -> None:
    coupon = Coupon.objects.create(
        promotion=promotion("big-spender", needs_coupon=True, min_spend={"USD": 999_900}),
        code="BIG", code_key="BIG", max_uses=1, created_at=now(),
    )  # fmt: skip
    order = _draft(world, "BIG")
    assert (order.discount_minor, order.coupons, _used(coupon)) == (0, [], 0)


def _used(coupon: Coupon) -> int:
    return Coupon.objects.get(pk=coupon.pk).used


def _draft(world: World, code: str) -> Order:
    wish = Wish("ship", address=trade.ADDRESS)
    market = Market.objects.get()
    return trade.check_out(market, [(world.mug, 1)], email="ada@example.com", wish=wish, at=now(), coupons=[code])


def test_what_an_offer_gave_counts_what_it_took_off_shipping(world: World) -> None:
    Market.objects.update(shipping_minor=900)
    promotion("ship-free", kind="free_shipping", scope="shipping", percent_ppm=0)
    promotion("autumn")
    order = world.order(world.mug, 1)
    assert (order.shipping_minor, order.discount_minor) == (900, 1300)
    found = given(["ship-free", "autumn", "unknown"])
    assert {code: (row.orders, row.discounts) for code, row in found.items()} == {
        "ship-free": (1, (("USD", 900),)),
        "autumn": (1, (("USD", 400),)),
    }
