"""Backorder and preorder: what may be promised beyond the stock, how much, and until when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.events.models import Event
from commerce.kernel.errors import InvalidInput, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import availability, reservations, stock
from inventory.actions.set_policy import set_policy
from inventory.errors import InsufficientStock, NotOnHand, PromisedBeyondStock
from inventory.levels import Demand, Source
from inventory.models import Reservation, StockLevel, StockMovement
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
SOON, DAY = AT + timedelta(days=7), date(2026, 3, 20)


@pytest.fixture
def store() -> Location:
    return LocationFactory(code="PDX-1", name="Portland Pearl")


@pytest.fixture
def lamp(store: Location) -> Variant:
    """Five lamps."""
    lamp = VariantFactory(sku="LAMP")
    receive(lamp, store, 5)
    return lamp


def receive(variant: Variant, store: Location, units: int) -> None:
    with transaction.atomic():
        source = Source("goods_receipt", new_uid())
        stock.move({(variant.pk, store.pk): units}, kind=StockMovement.Kind.RECEIPT, source=source, at=AT)


def promise(variant: Variant, store: Location, units: int, *, at: datetime = AT) -> Reservation:
    demand = [Demand(variant.pk, store.pk, units)]
    with transaction.atomic():
        return reservations.reserve(demand, until=None, source=Source("order", new_uid()), at=at)[0]


def put(variant: Variant, store: Location, policy: str = "backorder", limit: int = 10, **changes: Any) -> None:
    set_policy(variant.pk, store.pk, policy=policy, limit=limit, **{"person": None, "at": AT, **changes})


def offered(variant: Variant, *, at: datetime = AT) -> tuple[int, int, str, date | None]:
    (level,) = availability.of_variants([variant.pk], at=at)
    return level.available, level.backorder, level.policy, level.expected_on


def test_the_limit_counts_units_beyond_the_stock(lamp: Variant, store: Location) -> None:
    put(lamp, store, limit=10, expected_on=DAY)
    assert offered(lamp) == (5, 10, "backorder", DAY)
    promise(lamp, store, 12)
    assert offered(lamp) == (0, 3, "backorder", DAY)
    with pytest.raises(InsufficientStock) as refused:
        promise(lamp, store, 4)
    assert refused.value.context["items"][0]["available"] == 3
    promise(lamp, store, 3)
    level = StockLevel.objects.get()
    assert (level.on_hand, level.reserved, level.oversold) == (5, 15, False)


def test_it_ends_at_its_time(lamp: Variant, store: Location) -> None:
    put(lamp, store, until=SOON)
    promise(lamp, store, 7, at=SOON - timedelta(microseconds=1))
    assert offered(lamp, at=SOON)[:2] == (0, 0)
    with pytest.raises(InsufficientStock):
        promise(lamp, store, 1, at=SOON)
    assert StockLevel.objects.get().reserved == 7


def test_goods_that_come_in_serve_what_was_promised(lamp: Variant, store: Location) -> None:
    put(lamp, store)
    order = promise(lamp, store, 8)
    with pytest.raises(NotOnHand), transaction.atomic():
        reservations.consume([order], source=Source("fulfillment", new_uid()), at=AT)
    receive(lamp, store, 4)
    assert offered(lamp)[:2] == (1, 10)
    with transaction.atomic():
        reservations.consume([order], source=Source("fulfillment", new_uid()), at=AT)
    assert StockLevel.objects.values_list("on_hand", "reserved").get() == (1, 0)


def test_the_till_breaks_no_promise_that_counts_on_later_goods(lamp: Variant, store: Location) -> None:
    """Five there, eight promised, ten allowed beyond: two more may leave over the counter, the next are missing."""
    put(lamp, store)
    order = promise(lamp, store, 8)
    with transaction.atomic():
        assert stock.sell([Demand(lamp.pk, store.pk, 5)], source=Source("order", new_uid()), at=AT) == []
    assert StockLevel.objects.values_list("on_hand", "reserved", "oversold").get() == (0, 8, False)
    with transaction.atomic():
        (shortage,) = stock.sell([Demand(lamp.pk, store.pk, 3)], source=Source("order", new_uid()), at=AT)
    assert (shortage.missing, shortage.sources) == (1, (("order", order.source_uid),))


def test_what_was_never_there_can_be_ordered_ahead(store: Location) -> None:
    tent = VariantFactory(sku="TENT")
    put(tent, store, "preorder", 3, until=SOON, expected_on=DAY)
    assert offered(tent) == (0, 3, "preorder", DAY)
    promise(tent, store, 3)
    assert offered(tent)[:2] == (0, 0)


def test_a_limit_cannot_sink_below_what_is_promised(lamp: Variant, store: Location) -> None:
    put(lamp, store)
    order = promise(lamp, store, 9)
    says = (
        "4 units of LAMP are promised beyond the stock of Portland Pearl already. Allow at least as many, or cancel"
        " orders first."
    )
    for policy, limit in (("backorder", 3), ("deny", 0)):
        with pytest.raises(PromisedBeyondStock) as refusal:
            put(lamp, store, policy, limit)
        assert str(refusal.value) == says
    put(lamp, store, limit=4)
    assert offered(lamp)[:2] == (0, 0)
    put(lamp, store, limit=6)
    with transaction.atomic():
        reservations.release([order], at=AT)
    put(lamp, store, "deny")
    assert offered(lamp) == (5, 0, "deny", None)
    assert StockLevel.objects.values_list("backorder_limit", "policy_until").get() == (0, None)


def test_lapsed_holds_do_not_count_as_promised(lamp: Variant, store: Location) -> None:
    put(lamp, store)
    with transaction.atomic():
        reservations.reserve([Demand(lamp.pk, store.pk, 15)], until=SOON, source=Source("order", new_uid()), at=AT)
    put(lamp, store, "deny", at=SOON)
    assert offered(lamp, at=SOON)[:2] == (5, 0)


def test_more_may_be_allowed_where_too_much_was_promised_already(lamp: Variant, store: Location) -> None:
    """A till sale broke promises: allowing backorders is one way to keep them."""
    promise(lamp, store, 5)
    with transaction.atomic():
        stock.sell([Demand(lamp.pk, store.pk, 2)], source=Source("order", new_uid()), at=AT)
    assert StockLevel.objects.get().oversold
    put(lamp, store, limit=1)
    assert StockLevel.objects.get().oversold
    put(lamp, store, limit=2)
    assert not StockLevel.objects.get().oversold
    assert offered(lamp)[:2] == (0, 0)


@pytest.mark.parametrize(
    ("terms", "field", "says"),
    [
        ({"policy": "backorder", "limit": 0}, "limit", "Promise between 1 and 1,000,000 units beyond the stock."),
        ({"policy": "backorder", "limit": -1}, "limit", "Promise between 1 and 1,000,000 units beyond the stock."),
        (
            {"policy": "backorder", "limit": 1_000_001},
            "limit",
            "Promise between 1 and 1,000,000 units beyond the stock.",
        ),
        ({"policy": "always", "limit": 1}, "policy", "Choose a policy."),
        ({"until": AT}, "until", "This has passed already. Choose a time to come, or none."),
        ({"expected_on": date(2026, 3, 1)}, "expected_on", "This day has passed already. Shoppers are told it."),
        (
            {"policy": "preorder", "limit": 1},
            "expected_on",
            "Say from which day on it can be delivered: whoever orders ahead is told.",
        ),
    ],
)
def test_terms_that_make_no_sense_change_nothing(
    terms: dict[str, Any], field: str, says: str, lamp: Variant, store: Location
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        put(lamp, store, **terms)
    assert refusal.value.fields == {field: [says]}
    assert offered(lamp) == (5, 0, "deny", None)


def test_who_may_say_so_and_what_is_kept_of_it(lamp: Variant, store: Location) -> None:
    with pytest.raises(NotAllowed):
        put(lamp, store, person=UserFactory(role="lead"))
    with pytest.raises(NotAllowed):
        put(lamp, store, person=UserFactory(role="manager", locations=[LocationFactory(code="SEA-1")]))
    with pytest.raises(NotFound):
        put(lamp, Location(pk=0))
    put(lamp, store, person=UserFactory(username="mina", role="manager", locations=[store]), until=SOON)
    kept = Event.objects.get(topic="stock.policy_changed").payload
    terms = {"policy": "backorder", "limit": 10, "until": SOON.isoformat()}
    assert kept == {"sku": "LAMP", "location": "PDX-1", **terms, "person": "mina"}
