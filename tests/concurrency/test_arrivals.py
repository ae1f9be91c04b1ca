"""Two people at one delivery, or at counts of one shelf, at the same moment: it is booked once, or refused in words.
The negative controls take the locks away, and then it is booked twice, or half."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel import idempotency
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory import levels, purchases, stock
from inventory.actions.approve_count import approve_count
from inventory.actions.count_item import count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.receive_purchase_order import receive_purchase_order
from inventory.actions.start_count import start_count
from inventory.models import PurchaseOrder, PurchaseOrderLine, StockCount
from tests.concurrency.conftest import audit
from tests.concurrency.hands import ROUNDS, Deed, let_all_read_first, on_hand, press, receptions, warehouse
from tests.factories import purchases as buying
from tests.factories import stock as shelves
from tests.factories import transfers as sending
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory

pytestmark = pytest.mark.timeout(120)


def orders(store: Location, mug: Variant, rounds: int) -> list[PurchaseOrder]:
    supplier = buying.SupplierFactory()
    buying.item(supplier, mug, 400)
    return [buying.placed(supplier, store, {mug: 12}) for _round in range(rounds)]


def test_goods_that_are_new_to_a_shelf_arrive_on_two_ways_at_once(store: Location, mug: Variant) -> None:
    """A transfer and a delivery both make the level of the new one and lock that of the mug: none waits in a circle."""
    new = [VariantFactory(sku=f"NEW-{number}", barcode=False, price=False) for number in range(3 * ROUNDS)]
    shelves.receive(mug, store, 1)
    supplier = buying.SupplierFactory()
    for variant in [mug, *new]:
        buying.item(supplier, variant, 400)
    units = [{mug: 1, variant: 1} for variant in new]
    for variant in new:
        shelves.receive(variant, warehouse(), 1)
    sent = [sending.shipped(warehouse(), store, wanted) for wanted in units]
    placed = [buying.placed(supplier, store, wanted) for wanted in units]
    each = [{variant.pk: 1 for variant in wanted} for wanted in units]
    unpacked = [receptions([transfer], came)[0] for transfer, came in zip(sent, each, strict=True)]
    delivered = [deliveries([order], came)[0] for order, came in zip(placed, each, strict=True)]
    assert press(unpacked, delivered) == [("done", "done")] * len(new)
    assert {on_hand(variant, store) for variant in new} == {2}
    assert on_hand(mug, store) == 1 + 2 * len(new)
    assert audit() == ""


def deliveries(placed: Iterable[PurchaseOrder], units: dict[int, int], ids: Iterable[Any] = ()) -> list[Deed]:
    known = iter(ids)
    return [
        partial(receive_purchase_order, each.uid, units, receipt=next(known, None) or new_uid(), person=None, at=now())
        for each in placed
    ]


def purchases_unlocked(meet: Deed) -> None:
    found = PurchaseOrder.objects.select_related("supplier", "location")
    setattr(purchases, "hold", lambda uid: found.get(uid=uid))  # noqa: B010
    setattr(idempotency, "wait_for_turn", lambda *key: None)  # noqa: B010
    let_all_read_first(stock, "move", meet)


def test_one_delivery_sent_twice_at_once_counts_once(store: Location, mug: Variant) -> None:
    placed = orders(store, mug, ROUNDS)
    hand = deliveries(placed, {mug.pk: 5}, [new_uid() for _each in placed])
    booked = "This delivery of {} was booked already, once. Nothing was changed; open the page again."
    assert press(hand, hand) == [(booked.format(each.number), "done") for each in placed]
    assert on_hand(mug, store) == 5 * ROUNDS
    assert set(PurchaseOrderLine.objects.values_list("received", flat=True)) == {5}
    assert audit() == ""


def test_two_deliveries_at_once_both_count_and_close_the_order_once(store: Location, mug: Variant) -> None:
    placed = orders(store, mug, ROUNDS)
    found = press(deliveries(placed, {mug.pk: 5}), deliveries(placed, {mug.pk: 7}))
    assert found == [("done", "done")] * ROUNDS
    assert on_hand(mug, store) == 12 * ROUNDS
    assert set(PurchaseOrderLine.objects.values_list("received", flat=True)) == {12}
    assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"received"}
    assert audit() == ""


def test_a_delivery_that_two_booked_as_their_own_is_refused_once_it_is_complete(store: Location, mug: Variant) -> None:
    placed = orders(store, mug, ROUNDS)
    found = press(deliveries(placed, {mug.pk: 12}), deliveries(placed, {mug.pk: 12}))
    closed = "it is closed. Order again, or adjust the stock by what came as received without an order."
    assert found == [(f"{each.number} is “Received”: {closed}", "done") for each in placed]
    assert on_hand(mug, store) == 12 * ROUNDS
    assert audit() == ""


def test_without_the_lock_of_the_order_a_delivery_is_lost_from_it(store: Location, mug: Variant) -> None:
    """The negative control: both are on the shelf, and the order knows of one."""
    placed = orders(store, mug, 1)
    found = press(deliveries(placed, {mug.pk: 5}), deliveries(placed, {mug.pk: 7}), without=purchases_unlocked)
    assert found == [("done", "done")]
    assert on_hand(mug, store) == 12
    assert PurchaseOrderLine.objects.get().received in (5, 7)


def test_without_its_turn_the_same_delivery_is_refused_by_the_table_alone(store: Location, mug: Variant) -> None:
    """The negative control: the unique id holds, and people read a failure instead of a reason."""
    placed = orders(store, mug, 1)
    hand = deliveries(placed, {mug.pk: 5}, [new_uid()])
    assert press(hand, hand, without=purchases_unlocked) == [("IntegrityError", "done")]
    assert on_hand(mug, store) == 5


def counted_twice(number: int) -> tuple[Location, list[StockCount]]:
    """A shelf whose books say 10 and which two counts, both ready for approval, found to hold 8."""
    place = LocationFactory(code=f"SEA-{number}")
    shelves.receive(Variant.objects.get(), place, 10)
    counts = []
    for _each in range(2):
        count = start_count(place, kind="full", person=None, at=now())
        count_item(count.pk, uid=new_uid(), code="MUG", quantity=8, person=None, at=now())
        counts.append(finish_count(count.pk, person=None, at=now()))
    return place, counts


def approvals(counts: Iterable[StockCount]) -> list[Deed]:
    return [partial(approve_count, count.pk, person=None, at=now()) for count in counts]


def levels_unlocked(meet: Deed) -> None:
    setattr(levels, "lock", lambda keys: None)  # noqa: B010
    let_all_read_first(stock, "correct", meet)


def test_two_counts_of_the_same_goods_approved_at_once_book_the_difference_once(store: Location, mug: Variant) -> None:
    shelves_counted = [counted_twice(number) for number in range(ROUNDS)]
    first, second = (approvals(counts[hand] for _place, counts in shelves_counted) for hand in range(2))
    found = press(first, second)
    again = "{} cannot be approved yet: MUG must be counted again first, or be left out."
    for (refused, done), (place, counts) in zip(found, shelves_counted, strict=True):
        assert done == "done"
        assert refused in [again.format(count.number) for count in counts]
        assert on_hand(mug, place) == 8
    assert StockCount.objects.filter(state="approved").count() == StockCount.objects.filter(state="review").count()
    assert audit() == ""


def test_without_the_locks_of_the_levels_both_counts_book_it(store: Location, mug: Variant) -> None:
    """The negative control: two units are gone that are there."""
    place, (ours, theirs) = counted_twice(1)
    assert press(approvals([ours]), approvals([theirs]), without=levels_unlocked) == [("done", "done")]
    assert on_hand(mug, place) == 6


def test_one_count_approved_twice_at_once_is_in_the_books_once(store: Location, mug: Variant) -> None:
    counted = [counted_twice(number) for number in range(ROUNDS)]
    hand = approvals(counts[0] for _place, counts in counted)
    booked = "{} is “Approved”: it is in the books. Start another count."
    assert press(hand, hand) == [(booked.format(counts[0].number), "done") for _place, counts in counted]
    assert {on_hand(mug, place) for place, _counts in counted} == {8}
    assert audit() == ""
