"""What comes back is put where it belongs: numbered pieces, kits, services, coins."""

from collections.abc import Sequence

import pytest

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.pricing.models import Market
from inventory import kits
from inventory.errors import SerialNotHere
from inventory.models import SerialUnit, StockLevel
from orders import allowances, returnable, returns
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.models import Allowance, Order, Return
from orders.return_errors import CurrencyDiffers, NotReturnable, RefundTooLarge, WrongReturnNumbers
from orders.returns import ReturnWish
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


def sold(world: World, variant: Variant, quantity: int, paid: int, **more: object) -> Order:
    """A cash sale at the till."""
    line = {"sku": variant.sku, "quantity": quantity, **more}
    envelope = {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [line],
        "tenders": [{"type": "cash", "amount": {"amount": paid, "currency": "USD"}}],
    }
    return Order.objects.get(number=record_sale(parse_envelope(envelope), at=now())["number"])


def bring(
    world: World, order: Order, quantity: int = 1, *, serials: Sequence[str] = (), into: str = "restock"
) -> Return:
    wish = ReturnWish(order.lines.get().pk, quantity, "faulty", into, tuple(serials))
    return accept_return(
        order.pk, [wish], uid=new_uid(), location=world.store, channel="pos", person=world.manager, at=now()
    )


def stock_of(world: World, variant: Variant) -> tuple[int, int]:
    level = StockLevel.objects.get(variant=variant, location=world.store)
    return level.on_hand, level.damaged


def test_numbered_pieces_come_back_by_their_number(world: World) -> None:
    stove = VariantFactory(sku="STOVE", price=10_000, tracks_serials=True)
    receive(stove, world.store, 3, numbers=["A-1", "A-2", "A-3"])
    order = sold(world, stove, 2, 21_600, serials=["A-1", "A-2"])
    other = sold(world, stove, 1, 10_800, serials=["A-3"])
    assert returns.returnable(order)[0].serials == ["A-1", "A-2"]
    with pytest.raises(WrongReturnNumbers, match=r"needs 1 serial numbers.*0 were given"):
        bring(world, order)
    with pytest.raises(SerialNotHere, match="A-3"):  # another customer's
        bring(world, order, serials=["A-3"])
    bring(world, order, serials=["a-2"])
    bring(world, order, serials=["A-1"], into="damaged")
    states = dict(SerialUnit.objects.values_list("serial", "state"))
    assert states == {"A-1": "damaged", "A-2": "in_stock", "A-3": "sold"}
    assert stock_of(world, stove) == (1, 1)
    assert returns.returnable(order)[0].serials == []
    assert returns.returnable(other)[0].serials == ["A-3"]


def test_a_kit_comes_back_as_what_is_in_it(world: World) -> None:
    kit = VariantFactory(sku="CAMP", price=20_000)

    @action
    def define() -> None:
        kits.set_components(kit, {world.mug.pk: 2, world.tent.pk: 1}, at=now())

    define()
    order = sold(world, kit, 2, 43_200)
    assert (stock_of(world, world.mug), stock_of(world, world.tent)) == ((16, 0), (3, 0))
    bring(world, order)
    bring(world, order, into="damaged")
    assert (stock_of(world, world.mug), stock_of(world, world.tent)) == ((18, 2), (4, 1))


def test_coins_that_exist(world: World) -> None:
    """Where the smallest coin is five cents every part is payable in coins, and all of them are what was paid."""
    Market.objects.update(cash_step_minor=5)
    pin = VariantFactory(sku="PIN", price=401)
    receive(pin, world.store, 3)
    total = 3 * 401 + round(3 * 401 * 0.08)
    rounded = (total + 2) // 5 * 5
    envelope_order = sold_rounded(world, pin, 3, total, rounded)
    given = [bring(world, envelope_order).total_minor for _unit in range(3)]
    assert all(amount % 5 == 0 for amount in given)
    assert sum(given) == rounded


def sold_rounded(world: World, variant: Variant, quantity: int, total: int, rounded: int) -> Order:
    envelope = {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": variant.sku, "quantity": quantity}],
        "rounding": rounded - total,
        "tenders": [{"type": "cash", "amount": {"amount": rounded, "currency": "USD"}}],
    }
    return Order.objects.get(number=record_sale(parse_envelope(envelope), at=now())["number"])


def test_an_allowance_is_bounded_by_what_was_paid_in_its_currency(world: World) -> None:
    order = world.sell(world.mug, 2)

    def allow(amount: Money) -> Allowance:
        return refund_amount(order.pk, amount, uid=new_uid(), reason="A scratch", person=world.manager, at=now())

    with pytest.raises(CurrencyDiffers, match="USD"):
        allow(Money(100, "EUR"))
    with pytest.raises(RefundTooLarge):
        allow(Money(3_457, "USD"))
    with pytest.raises(RefundTooLarge):
        allow(Money(0, "USD"))
    made = allow(Money(1_080, "USD"))
    assert (made.tax_minor, made.refunds.get().tender) == (80, "cash")
    assert [bring(world, order).total_minor for _unit in range(2)] == [1_188, 1_188]
    with pytest.raises(RefundTooLarge, match=r"\$0.00 is left"):
        allow(Money(1, "USD"))


def test_what_is_money_is_spent_and_not_returned(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was never earned as a sale stays out of what is given back, also out of the last return's rest."""
    order = two_lines(world)
    monkeypatch.setattr(
        returnable, "income_account", lambda line: ("gift_cards" if line.sku == "TENT" else "sales", "")
    )
    mug, tent = order.lines.order_by("sku")
    assert [one.quantity for one in returns.returnable(order)] == [1, 0]
    with pytest.raises(NotReturnable, match="money already"):
        returns.quote(order, [ReturnWish(tent.pk, 1)])
    assert returns.quote(order, [ReturnWish(mug.pk, 1)], with_shipping=True).total_minor == 1_728
    assert allowances.left_of(order) == Money(1_728, "USD")


def two_lines(world: World) -> Order:
    envelope = {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "MUG", "quantity": 1}, {"sku": "TENT", "quantity": 1}],
        "tenders": [{"type": "cash", "amount": {"amount": 1_728 + 21_492, "currency": "USD"}}],
    }
    return Order.objects.get(number=record_sale(parse_envelope(envelope), at=now())["number"])
