"""The rows of prices, promotions, coupons and orders by phone in the table of who may do what: see test_permissions."""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.pricing.actions.change_prices import change_prices
from commerce.pricing.actions.deactivate_coupons import deactivate_coupons
from commerce.pricing.actions.discard_promotion import discard_promotion
from commerce.pricing.actions.make_coupons import make_coupons
from commerce.pricing.actions.pause_promotion import pause_promotion
from commerce.pricing.actions.save_promotion import save_promotion
from commerce.pricing.actions.start_promotion import start_promotion
from commerce.pricing.actions.take_price_back import take_price_back
from commerce.pricing.coupon_batches import Terms
from commerce.pricing.models import Market, Price
from commerce.pricing.timeline import ALWAYS
from orders import phone_orders
from orders.actions.address_phone_order import name_customer
from orders.actions.fill_phone_order import add_item
from orders.actions.reduce_phone_order import reduce_phone_order
from orders.actions.send_payment_link import send_payment_link
from orders.actions.take_phone_order import take_phone_order
from orders.models import PhoneOrder
from tests.factories.offers import draft, promotion
from tests.world import World

Deed = Callable[..., Any]
PRICES = {"office", "admin"}
PHONE = {"manager", "office", "admin"}


@action
def phone_order() -> PhoneOrder:
    return phone_orders.begin(Market.objects.get(), person=None, at=now())


def price_of(world: World) -> Price:
    return Price.objects.get(variant=world.mug)


PRICED: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "orders.actions.take_phone_order": (
        PHONE,
        lambda world: partial(take_phone_order, Market.objects.get(), email="", name="", at=now()),
    ),
    "orders.actions.address_phone_order": (
        PHONE,
        lambda world: partial(name_customer, phone_order().uid, email="ada@example.com", name="Ada", at=now()),
    ),
    "orders.actions.fill_phone_order": (
        PHONE,
        lambda world: partial(add_item, phone_order().uid, world.mug, 1, at=now()),
    ),
    "orders.actions.reduce_phone_order": (
        PHONE,
        lambda world: partial(reduce_phone_order, phone_order().uid, kind="percent", value=1, reason="Late", at=now()),
    ),
    "orders.actions.send_payment_link": (PHONE, lambda world: partial(send_payment_link, phone_order().uid, at=now())),
    "commerce.pricing.actions.change_prices": (
        PRICES,
        lambda world: partial(
            change_prices, price_of(world).price_list_id, {(world.mug.pk, 1): [(ALWAYS, (1_700, None))]}, at=now()
        ),
    ),
    "commerce.pricing.actions.take_price_back": (
        PRICES,
        lambda world: partial(take_price_back, price_of(world).price_list_id, price_of(world).pk, at=now()),
    ),
    "commerce.pricing.actions.save_promotion": (
        PRICES,
        lambda world: partial(save_promotion, draft(), promotion=None, at=now()),
    ),
    "commerce.pricing.actions.start_promotion": (
        PRICES,
        lambda world: partial(start_promotion, promotion(active=False), today=now().date(), at=now()),
    ),
    "commerce.pricing.actions.pause_promotion": (
        PRICES,
        lambda world: partial(pause_promotion, promotion(), at=now()),
    ),
    "commerce.pricing.actions.discard_promotion": (
        PRICES,
        lambda world: partial(discard_promotion, promotion(active=False), at=now()),
    ),
    "commerce.pricing.actions.make_coupons": (
        PRICES,
        lambda world: partial(make_coupons, promotion(), Terms(), count=1, prefix="", length=8, at=now()),
    ),
    "commerce.pricing.actions.deactivate_coupons": (PRICES, lambda world: partial(deactivate_coupons, promotion(), "")),
}
