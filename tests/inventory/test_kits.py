"""A kit is sold as one thing and taken from its components: at the web, at the till, in every step of a reservation."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.events.models import Event
from commerce.kernel.db import rows
from commerce.kernel.errors import InvalidInput, NotAllowed
from commerce.kernel.ids import new_uid
from inventory import audit, availability, endings, reservations, stock
from inventory.actions.expire_holds import expire_holds
from inventory.actions.set_components import set_components
from inventory.actions.set_policy import set_policy
from inventory.errors import (
    HoldLost,
    InsufficientStock,
    KitHasNoStock,
    KitOfKits,
    NotOnHand,
    PartOfKit,
    VariantHasStock,
    VariantIsComing,
)
from inventory.levels import Demand, Source
from inventory.models import (
    KitComponent,
    Reservation,
    StockLevel,
    StockMovement,
    Transfer,
    TransferLine,
)
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = AT + timedelta(minutes=15)
KINDS = StockMovement.Kind


class Shop:
    """A tent kit of 1 tent and 12 pegs; a cooking kit of 1 stove and 2 gas, also sold by itself; two places."""

    def __init__(self) -> None:
        self.store, self.warehouse = LocationFactory(code="PDX-1"), LocationFactory(code="WH-1", warehouse=True)
        self.tent, self.peg, self.stove, self.gas = (VariantFactory(sku=sku) for sku in ("TENT", "PEG", "STOVE", "GAS"))
        self.camp, self.cook = VariantFactory(sku="KIT-CAMP"), VariantFactory(sku="KIT-COOK")
        set_components(self.camp.pk, {self.tent.pk: 1, self.peg.pk: 12}, person=None, at=AT)
        set_components(self.cook.pk, {self.stove.pk: 1, self.gas.pk: 2}, person=None, at=AT)
        self.receive(self.store, {self.tent: 3, self.peg: 30, self.stove: 5, self.gas: 7})
        self.receive(self.warehouse, {self.tent: 10, self.peg: 11})

    def receive(self, place: Location, units: Mapping[Variant, int]) -> None:
        with transaction.atomic():
            source = Source("goods_receipt", new_uid())
            pairs = {(variant.pk, place.pk): quantity for variant, quantity in units.items()}
            stock.move(pairs, kind=KINDS.RECEIPT, source=source, at=AT)

    def demand(self, *lines: tuple[Variant, int]) -> list[Demand]:
        return [Demand(variant.pk, self.store.pk, quantity) for variant, quantity in lines]

    def hold(self, *lines: tuple[Variant, int], until: datetime | None = LATER, at: datetime = AT) -> list[Reservation]:
        with transaction.atomic():
            return reservations.reserve(self.demand(*lines), until=until, source=Source("order", new_uid()), at=at)

    def sell(self, *lines: tuple[Variant, int], at: datetime = AT) -> list[stock.Shortage]:
        with transaction.atomic():
            return stock.sell(self.demand(*lines), source=Source("order", new_uid()), at=at)

    def levels(self) -> dict[str, tuple[int, int]]:
        """On hand and reserved in the store, by SKU."""
        found = StockLevel.objects.filter(location=self.store).select_related("variant")
        return {level.variant.sku: (level.on_hand, level.reserved) for level in found}

    def available(self, variant: Variant, place: Location | None = None, at: datetime = AT) -> int:
        place = place or self.store
        found = {level.location: level.promisable for level in availability.of_variants([variant.pk], at=at)}
        return found.get(place.pk, 0)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture(autouse=True)
def _sums_hold_afterwards(db: None) -> object:
    yield
    rules = [rule for rule in audit.INVARIANTS if rule.code not in ("I03", "I04", "I08")]
    assert {rule.code: found for rule in rules if (found := rows(rule.sql))} == {}


def states(*held: Reservation) -> list[str]:
    """Of all components of these kits, in the order of their levels."""
    uids = [row.kit_uid for row in held]
    found = Reservation.objects.filter(kit_uid__in=uids).order_by("level_id")
    return list(found.values_list("state", flat=True))


def test_of_a_kit_there_are_as_many_as_its_scarcest_component_allows_at_each_place(shop: Shop) -> None:
    found = {level.location: level for level in availability.of_variants([shop.camp.pk], at=AT)}
    store, warehouse = found[shop.store.pk], found[shop.warehouse.pk]
    assert (store.on_hand, store.available, store.sellable) == (2, 2, 2)  # 3 tents, 30 pegs
    assert (warehouse.on_hand, warehouse.available) == (0, 0)  # 10 tents, but 11 pegs
    assert shop.available(shop.cook) == 3  # 5 stoves, 7 gas
    assert [level.location for level in availability.of_variants([shop.cook.pk], at=AT)] == [shop.store.pk]


def test_safety_stock_of_a_component_is_kept_back_from_kits(shop: Shop) -> None:
    StockLevel.objects.filter(variant=shop.gas).update(safety=2)
    assert shop.available(shop.cook) == 2
    with pytest.raises(InsufficientStock):
        shop.hold((shop.cook, 3))
    assert shop.levels()["GAS"] == (7, 0)


def test_a_cart_with_a_kit_and_its_component_needs_both(shop: Shop) -> None:
    with pytest.raises(InsufficientStock) as refused:
        shop.hold((shop.cook, 3), (shop.gas, 2))  # 3 × 2 + 2 of 7
    assert [item["sku"] for item in refused.value.context["items"]] == ["KIT-COOK", "GAS"]
    assert shop.levels() == {"TENT": (3, 0), "PEG": (30, 0), "STOVE": (5, 0), "GAS": (7, 0)}
    shop.hold((shop.cook, 3), (shop.gas, 1))
    assert shop.levels() == {"TENT": (3, 0), "PEG": (30, 0), "STOVE": (5, 3), "GAS": (7, 7)}
    assert (shop.available(shop.cook), shop.available(shop.stove)) == (0, 2)


def test_a_refusal_inside_a_longer_transaction_leaves_nothing_taken(shop: Shop) -> None:
    with transaction.atomic():
        wanted = shop.demand((shop.tent, 1), (shop.cook, 4))
        with pytest.raises(InsufficientStock):
            reservations.reserve(wanted, until=LATER, source=Source("order", new_uid()), at=AT)
    assert shop.levels() == {"TENT": (3, 0), "PEG": (30, 0), "STOVE": (5, 0), "GAS": (7, 0)}
    assert not Reservation.objects.exists()


def test_a_kit_sold_at_the_till_takes_its_components(shop: Shop) -> None:
    assert shop.sell((shop.camp, 2), (shop.peg, 1)) == []
    assert shop.levels() == {"TENT": (1, 0), "PEG": (5, 0), "STOVE": (5, 0), "GAS": (7, 0)}
    moved = StockMovement.objects.filter(kind="sale").order_by("level_id")
    assert list(moved.values_list("quantity", "balance_after")) == [(-2, 1), (-25, 5)]


def test_a_kit_is_promised_and_handed_over_as_a_whole(shop: Shop) -> None:
    (held,) = shop.hold((shop.cook, 2))
    assert states(held) == ["held", "held"]
    with transaction.atomic():
        reservations.extend([held], until=LATER + timedelta(hours=1), at=AT)
    assert set(Reservation.objects.values_list("expires_at", flat=True)) == {LATER + timedelta(hours=1)}
    with transaction.atomic():
        reservations.allocate([held], at=AT)
    assert states(held) == ["allocated", "allocated"]
    with transaction.atomic():
        reservations.consume([held], source=Source("fulfillment", new_uid()), at=AT)
    assert states(held) == ["consumed", "consumed"]
    assert (shop.levels()["STOVE"], shop.levels()["GAS"]) == ((3, 0), (3, 0))


def test_a_kit_of_which_a_component_is_gone_is_not_handed_over_in_part(shop: Shop) -> None:
    (held,) = shop.hold((shop.cook, 2), until=None)
    shop.sell((shop.gas, 5))
    with pytest.raises(NotOnHand, match=r"GAS is not there: 2 on hand, 4 needed"), transaction.atomic():
        reservations.consume([held], source=Source("fulfillment", new_uid()), at=AT)
    assert states(held) == ["allocated", "allocated"]
    assert shop.levels()["STOVE"] == (5, 2)


def test_releasing_a_kit_frees_all_of_it(shop: Shop) -> None:
    (held,) = shop.hold((shop.camp, 2))
    assert (shop.levels()["TENT"], shop.levels()["PEG"]) == ((3, 2), (30, 24))
    with transaction.atomic():
        reservations.release([held], at=AT)
    assert states(held) == ["released", "released"]
    assert (shop.levels()["TENT"], shop.levels()["PEG"]) == ((3, 0), (30, 0))


class TestOneComponentIsLost:
    """The hold of a kit lapses, and somebody else takes units of one of its components."""

    def lapsed(self, shop: Shop) -> Reservation:
        (held,) = shop.hold((shop.cook, 2))
        shop.hold((shop.gas, 5), at=LATER, until=None)  # ends the kit's hold of gas, and only that
        assert states(held) == ["held", "expired"]
        assert shop.available(shop.stove, at=LATER) == 5  # the other one has lapsed as well
        return held

    def test_late_money_does_not_get_half_a_kit(self, shop: Shop) -> None:
        held = self.lapsed(shop)
        with transaction.atomic(), pytest.raises(HoldLost):
            reservations.allocate([held], at=LATER)
        assert states(held) == ["held", "expired"]
        with transaction.atomic(), pytest.raises(HoldLost):
            reservations.extend([held], until=LATER + timedelta(hours=1), at=LATER)
        assert states(held) == ["held", "expired"]
        assert expire_holds(at=LATER) == 2
        assert shop.levels()["STOVE"] == (5, 0)

    def test_late_money_gets_the_kit_when_its_units_are_there_again(self, shop: Shop) -> None:
        held = self.lapsed(shop)
        shop.receive(shop.store, {shop.gas: 2})
        with transaction.atomic():
            reservations.allocate([held], at=LATER)
        assert states(held) == ["allocated", "allocated"]
        assert (shop.levels()["STOVE"], shop.levels()["GAS"]) == ((5, 2), (9, 9))

    def test_giving_it_up_frees_the_rest(self, shop: Shop) -> None:
        held = self.lapsed(shop)
        with transaction.atomic():
            reservations.release([held], at=LATER)
        assert states(held) == ["released", "expired"]
        assert shop.levels()["STOVE"] == (5, 0)


class TestTheTillTakesAComponent:
    """Goods at the counter have left: an unpaid checkout of a kit gives way, as a whole."""

    def test_the_rest_of_the_kit_is_free_at_once(self, shop: Shop) -> None:
        (held,) = shop.hold((shop.cook, 3))
        assert shop.sell((shop.gas, 2)) == []
        assert states(held) == ["released", "released"]
        assert (shop.levels()["STOVE"], shop.levels()["GAS"]) == ((5, 0), (5, 0))
        assert shop.available(shop.cook) == 2

    def test_other_holds_of_the_same_components_stay(self, shop: Shop) -> None:
        (first,) = shop.hold((shop.cook, 1))
        (second,) = shop.hold((shop.cook, 1))
        (stove,) = shop.hold((shop.stove, 3))
        shop.sell((shop.gas, 4))
        assert (states(first), states(second)) == (["held", "held"], ["released", "released"])
        stove.refresh_from_db()
        assert stove.state == "held"
        assert (shop.levels()["STOVE"], shop.levels()["GAS"]) == ((5, 4), (3, 2))

    def test_a_level_that_is_locked_is_left_to_the_sweeper(self, shop: Shop) -> None:
        """As if somebody had been at the stoves while the till took the gas."""
        (held,) = shop.hold((shop.cook, 3))
        with transaction.atomic():
            gas = StockLevel.objects.get(variant=shop.gas)
            endings.end("level_id = %s AND state = 'held'", [gas.pk], state="released", at=AT)
        assert states(held) == ["held", "released"]
        assert expire_holds(at=AT) == 3
        assert states(held) == ["released", "released"]
        assert shop.levels()["STOVE"] == (5, 0)

    def test_paying_later_gets_it_back_when_it_can(self, shop: Shop) -> None:
        (held,) = shop.hold((shop.cook, 3))
        shop.sell((shop.gas, 2))
        with transaction.atomic(), pytest.raises(HoldLost):
            reservations.allocate([held], at=AT)
        assert states(held) == ["released", "released"]
        shop.receive(shop.store, {shop.gas: 1})
        with transaction.atomic():
            reservations.allocate([held], at=AT)
        assert (shop.levels()["STOVE"], shop.levels()["GAS"]) == ((5, 3), (6, 6))

    def test_what_orders_were_promised_is_reported_and_stays(self, shop: Shop) -> None:
        (held,) = shop.hold((shop.cook, 3), until=None)
        (shortage,) = shop.sell((shop.gas, 2))
        assert (shortage.sku, shortage.missing) == ("GAS", 1)
        assert shortage.sources == (("order", held.source_uid),)
        assert states(held) == ["allocated", "allocated"]


def test_a_kit_takes_what_may_be_promised_of_its_components(shop: Shop) -> None:
    set_policy(shop.gas.pk, shop.store.pk, policy="backorder", limit=3, person=None, at=AT)
    (kit,) = [level for level in availability.of_variants([shop.cook.pk], at=AT) if level.location == shop.store.pk]
    assert (kit.available, kit.backorder, kit.promisable, kit.policy) == (3, 2, 5, "backorder")  # 7 + 3 gas, 5 stoves
    shop.hold((shop.cook, 5))
    assert shop.levels()["GAS"] == (7, 10)
    with pytest.raises(InsufficientStock):
        shop.hold((shop.cook, 1))


def test_a_kit_has_no_stock_of_its_own(shop: Shop) -> None:
    says = "KIT-COOK is a kit: it has no stock of its own. Change the stock of its components."
    with pytest.raises(KitHasNoStock, match=says):
        shop.receive(shop.store, {shop.gas: 1, shop.cook: 1})
    with pytest.raises(KitHasNoStock):
        set_policy(shop.cook.pk, shop.store.pk, policy="backorder", limit=5, person=None, at=AT)
    assert shop.levels()["GAS"] == (7, 0)
    assert not StockLevel.objects.filter(variant=shop.cook).exists()


def test_what_was_stock_once_cannot_be_filled_again_as_a_kit(shop: Shop) -> None:
    """The level of a variant that became a kit stays for its history, empty."""
    bag = VariantFactory(sku="BAG")
    shop.receive(shop.store, {bag: 2})
    shop.sell((bag, 2))
    set_policy(bag.pk, shop.store.pk, policy="backorder", limit=9, person=None, at=AT)
    set_components(bag.pk, {shop.peg.pk: 2}, person=None, at=AT)
    level = StockLevel.objects.get(variant=bag)
    assert (level.policy, level.backorder_limit, level.on_hand) == ("deny", 0, 0)
    with pytest.raises(KitHasNoStock):
        shop.receive(shop.store, {bag: 1})
    assert shop.available(bag) == 15
    (held,) = shop.hold((bag, 15))
    assert shop.levels()["PEG"] == (30, 30)
    assert held.kit_uid == held.uid


class TestDefining:
    def test_a_kit_is_told_to_open_pages_and_changes_in_place(self, shop: Shop) -> None:
        row = KitComponent.objects.get(kit=shop.cook, component=shop.gas)
        set_components(shop.cook.pk, {shop.gas.pk: 3, shop.peg.pk: 1}, person=None, at=AT)
        made_of = KitComponent.objects.filter(kit=shop.cook).order_by("pk")
        assert list(made_of.values_list("component__sku", "quantity")) == [("GAS", 3), ("PEG", 1)]
        row.refresh_from_db()
        assert row.quantity == 3
        told = [event.payload for event in Event.objects.filter(topic="stock.changed", key=str(shop.cook.product.uid))]
        assert {payload["location"]: payload["available"] for payload in told[-2:]} == {"PDX-1": 2, "WH-1": 0}
        changed = Event.objects.filter(topic="kit.changed").latest("pk").payload
        assert changed == {"sku": "KIT-COOK", "components": {"GAS": 3, "PEG": 1}, "person": ""}

    def test_every_change_of_a_component_reaches_the_kits_page(self, shop: Shop) -> None:
        before = Event.objects.latest("pk").pk
        shop.sell((shop.gas, 2))
        told = Event.objects.filter(pk__gt=before, topic="stock.changed", key=str(shop.cook.product.uid)).get()
        assert told.payload["available"] == 2

    def test_taken_apart_it_is_an_ordinary_variant_again(self, shop: Shop) -> None:
        set_components(shop.cook.pk, {}, person=None, at=AT)
        shop.receive(shop.store, {shop.cook: 4})
        assert shop.available(shop.cook) == 4

    def test_a_promise_is_kept_as_it_was_made(self, shop: Shop) -> None:
        (held,) = shop.hold((shop.cook, 2), until=None)
        set_components(shop.cook.pk, {shop.peg.pk: 1}, person=None, at=AT)
        with transaction.atomic():
            reservations.consume([held], source=Source("fulfillment", new_uid()), at=AT)
        assert (shop.levels()["STOVE"], shop.levels()["GAS"], shop.levels()["PEG"]) == ((3, 0), (3, 0), (30, 0))

    def refused(self, error: type[Exception], says: str, kit: Variant, parts: dict[int, int]) -> None:
        before = list(KitComponent.objects.values_list("kit", "component", "quantity").order_by("pk"))
        with pytest.raises(error) as refusal:
            set_components(kit.pk, parts, person=None, at=AT)
        assert str(refusal.value) == says
        assert list(KitComponent.objects.values_list("kit", "component", "quantity").order_by("pk")) == before

    def test_of_a_kit(self, shop: Shop) -> None:
        says = "KIT-COOK is a kit itself. Put its components into SET instead."
        self.refused(KitOfKits, says, VariantFactory(sku="SET"), {shop.cook.pk: 1, shop.peg.pk: 2})
        says = "GAS is in the kit KIT-COOK, and no kit can be part of another. Take it out of there first."
        StockLevel.objects.filter(variant=shop.gas)
        self.refused(PartOfKit, says, shop.gas, {shop.peg.pk: 2})

    def test_of_itself_of_too_much_or_of_nothing_much(self, shop: Shop) -> None:
        self.refused(InvalidInput, "A kit cannot be made of itself.", shop.cook, {shop.cook.pk: 1})
        says = "A kit takes between 1 and 10,000 units of a component."
        for quantity in (0, -1, 10_001):
            self.refused(InvalidInput, says, shop.cook, {shop.gas.pk: quantity})
        many = {VariantFactory(barcode=False, price=False).pk: 1 for _number in range(51)}
        self.refused(InvalidInput, "A kit has at most 50 components.", shop.cook, many)

    @pytest.mark.parametrize("what", ["on hand", "reserved", "damaged"])
    def test_what_has_stock_of_its_own(self, shop: Shop, what: str) -> None:
        bag = VariantFactory(sku="BAG")
        shop.receive(shop.store, {bag: 2})
        if what == "damaged":
            with transaction.atomic():
                moved = {(bag.pk, shop.store.pk): stock.Change(on_hand=-2, damaged=2)}
                stock.change(moved, kind=KINDS.ADJUSTMENT, source=Source("adjustment", new_uid()), at=AT)
        if what == "reserved":
            set_policy(bag.pk, shop.store.pk, policy="backorder", limit=2, person=None, at=AT)
            shop.hold((bag, 2))
            shop.sell((bag, 2))
        says = (
            "BAG has stock of its own at PDX-1. A kit has none: move or adjust what is on hand, reserved or damaged"
            " there to 0 first."
        )
        self.refused(VariantHasStock, says, bag, {shop.peg.pk: 1})

    def test_what_is_on_its_way(self, shop: Shop) -> None:
        bag = VariantFactory(sku="BAG")
        sent = Transfer.objects.create(number="T-000007", source=shop.store, destination=shop.warehouse, created_at=AT)
        TransferLine.objects.create(transfer=sent, variant=bag, requested=2)
        says = "BAG is on its way by itself (T-000007). Receive or cancel that first: a kit has no stock."
        self.refused(VariantIsComing, says, bag, {shop.peg.pk: 1})

    def test_a_lapsed_hold_stands_in_nobodys_way(self, shop: Shop) -> None:
        bag = VariantFactory(sku="BAG")
        shop.receive(shop.store, {bag: 1})
        shop.hold((bag, 1))
        with transaction.atomic():
            gone = {(bag.pk, shop.store.pk): -1}
            stock.move(gone, kind=KINDS.ADJUSTMENT, source=Source("adjustment", new_uid()), at=AT)
        set_components(bag.pk, {shop.peg.pk: 1}, person=None, at=LATER)
        assert shop.available(bag, at=LATER) == 30

    def test_by_somebody_who_may_not(self, shop: Shop) -> None:
        with pytest.raises(NotAllowed):
            set_components(shop.cook.pk, {}, person=UserFactory(role="manager"), at=AT)
        set_components(shop.cook.pk, {}, person=UserFactory(role="office"), at=AT)
