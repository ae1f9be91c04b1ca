"""Coupons that many shoppers use at the same moment: the limit to the unit, and nobody waits in a circle."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial
from itertools import cycle
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel import failpoints
from commerce.kernel.errors import DomainError
from commerce.pricing.models import Coupon, CouponUse, Market
from inventory.models import Reservation, StockLevel
from orders import drafts
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from orders.models import Cart, Order
from storefront.actions import enter_coupon, fill_cart
from storefront.actions.check_out import check_out
from tests.client import ADDRESS
from tests.concurrency.conftest import audit
from tests.concurrency.test_one_effect import together
from tests.factories.catalog import VariantFactory
from tests.factories.promotions import coupon, promotion
from tests.factories.stock import receive
from tests.servers import Server

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("card_network")]
BUYERS = 100


@pytest.fixture
def tent(store: Location, card_network: Server) -> Variant:
    made: Variant = VariantFactory(sku="TENT-2P", price=19_900)
    receive(made, store, 1_000)
    return made


@pytest.fixture
def once(tent: Variant) -> Coupon:
    """A code that one shopper in the world may use."""
    return coupon("ONCE", promotion("once", needs_coupon=True, percent_ppm=100_000), max_uses=1)


def cart_with(variant: Variant, *codes: str) -> UUID:
    cart = fill_cart.open_cart(market=Market.objects.get(), client=None, at=timezone.now())
    fill_cart.add_to_cart(cart.uid, variant, 1, at=timezone.now())
    for code in codes:
        enter_coupon.enter_coupon(cart.uid, code, at=timezone.now())
    return cart.uid


def press(carts: list[UUID], emails: Iterator[str]) -> Counter[str]:
    """What comes of these carts when all of them are checked out at once, each on a connection of its own."""

    def one(cart: UUID, email: str) -> str:
        try:
            wish = Wish("ship", address=ADDRESS)
            check_out(cart, contact=Contact(email, "Ada"), wish=wish, at=timezone.now())
        except DomainError as refusal:
            return refusal.code
        except OperationalError as error:
            return type(error.__cause__).__name__
        finally:
            connection.close()
        return "held"

    return Counter(together(*(partial(one, cart, email) for cart, email in zip(carts, emails, strict=False))))


def everybody_reads_first(monkeypatch: pytest.MonkeyPatch, buyers: int) -> None:
    """All carts are priced with their coupon before anybody writes: each believes that it is free."""
    barrier, real = Barrier(buyers), drafts.create

    def late(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):  # somebody was refused before, which the caller's figures will show
            barrier.wait(60)
        return real(*args, **kwargs)

    monkeypatch.setattr(drafts, "create", late)


def shoppers() -> Iterator[str]:
    return (f"ada{number}@example.com" for number in range(10_000))


def test_a_hundred_shoppers_with_one_code_of_which_one_may_use_it(
    once: Coupon, monkeypatch: pytest.MonkeyPatch, audit_after: None
) -> None:
    carts = [cart_with(tent_of(once), "ONCE") for _buyer in range(BUYERS)]
    everybody_reads_first(monkeypatch, BUYERS)
    assert press(carts, shoppers()) == {"held": 1, "coupon_used_up": BUYERS - 1}
    assert Coupon.objects.get().used == CouponUse.objects.count() == 1
    assert (Order.objects.count(), Reservation.objects.count(), StockLevel.objects.get().reserved) == (1, 1, 1)


def tent_of(_coupon: Coupon) -> Variant:
    return Variant.objects.get(sku="TENT-2P")


def test_with_the_guard_off_the_same_race_gives_it_away_many_times(
    once: Coupon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without the guarded UPDATE and its CHECK the test above would fail."""
    carts = [cart_with(tent_of(once), "ONCE") for _buyer in range(10)]
    everybody_reads_first(monkeypatch, 10)
    failpoints.arm("pricing.coupon_guard", "off")
    try:
        with without_check():
            outcome = press(carts, shoppers())
            found = audit()
            Coupon.objects.update(max_uses=10)  # so that the CHECK can come back
        assert outcome == {"held": 10}
        assert "I25 " in found
    finally:
        failpoints.arm("pricing.coupon_guard", None)


class without_check:
    """The database without the CHECK behind the guard, for as long as the block lasts."""

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE pricing_coupon DROP CONSTRAINT coupon_not_overused")

    def __exit__(self, *args: object) -> None:
        condition = "max_uses IS NULL OR used <= max_uses"
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE pricing_coupon ADD CONSTRAINT coupon_not_overused CHECK ({condition})")


def test_twenty_checkouts_of_one_person_use_a_code_once(
    once: Coupon, monkeypatch: pytest.MonkeyPatch, audit_after: None
) -> None:
    Coupon.objects.update(max_uses=None, max_uses_per_customer=1)
    carts = [cart_with(tent_of(once), "ONCE") for _buyer in range(20)]
    everybody_reads_first(monkeypatch, 20)
    spelled = cycle(["ada@example.com", "Ada@Example.com"])
    assert press(carts, spelled) == {"held": 1, "coupon_used_by_customer": 19}
    assert (Coupon.objects.get().used, Order.objects.count()) == (1, 1)


def test_two_codes_entered_in_both_orders_and_swapped_never_wait_in_a_circle(
    tent: Variant, store: Location, audit_after: None
) -> None:
    """Every cart is checked out again and again, each time with other codes: what it gives back and what it takes."""
    for code in ("A", "B"):
        coupon(code, promotion(f"offer-{code}", needs_coupon=True, percent_ppm=100_000, label=code), max_uses=1_000)
    orders: tuple[tuple[str, ...], ...] = (("A", "B"), ("B", "A"), ("A",), ("B",))
    carts = [cart_with(tent, *orders[number % 4]) for number in range(16)]
    for turn in range(4):
        assert press(carts, shoppers()) == {"held": 16}
        for number, cart in enumerate(carts):
            Cart.objects.filter(uid=cart).update(coupons=list(orders[(number + turn + 1) % 4]))
    uses = CouponUse.objects.filter(released_at=None)
    assert {code: uses.filter(coupon__code=code).count() for code in "AB"} == {"A": 12, "B": 12}


def test_an_abandoned_checkout_gives_its_coupon_back_with_its_units(once: Coupon, audit_after: None) -> None:
    first, second = (cart_with(tent_of(once), "ONCE") for _buyer in range(2))
    assert press([first], shoppers()) == {"held": 1}
    assert press([second], shoppers()) == {"coupon_used_up": 1}
    close_expired_checkouts(at=timezone.now() + timedelta(hours=2))
    assert (Coupon.objects.get().used, StockLevel.objects.get().reserved) == (0, 0)
    assert press([second], shoppers()) == {"held": 1}
