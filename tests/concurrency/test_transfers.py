"""Two people at one transfer at the same moment: it happens once, or is refused in words. The negative controls take
its lock away, and then it happens twice."""

from collections.abc import Iterable
from functools import partial

import pytest

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory import stock, transfers
from inventory.actions.ship_transfer import ship_transfer
from inventory.models import Transfer
from tests.concurrency.conftest import audit
from tests.concurrency.hands import ROUNDS, Deed, let_all_read_first, on_hand, press, receptions, warehouse
from tests.factories import transfers as sending

pytestmark = pytest.mark.timeout(120)


def transfers_unlocked(meet: Deed) -> None:
    found = Transfer.objects.select_related("source", "destination")
    setattr(transfers, "hold", lambda uid: found.get(uid=uid))  # noqa: B010 - mypy's assignment of a function
    let_all_read_first(stock, "own_levels", meet)


def test_a_transfer_received_twice_at_once_is_received_once(store: Location, mug: Variant) -> None:
    sent = [sending.shipped(warehouse(), store, {mug: 7}) for _round in range(ROUNDS)]
    found = press(receptions(sent, {mug.pk: 7}), receptions(sent, {mug.pk: 7}))
    closed = "{} is “Received”: nothing is on the way any more. Request another transfer."
    assert found == [(closed.format(each.number), "done") for each in sent]
    assert on_hand(mug, store) == 7 * ROUNDS
    assert set(Transfer.objects.values_list("state", flat=True)) == {"received"}
    assert audit() == ""


def test_one_reception_sent_twice_at_once_counts_once(store: Location, mug: Variant) -> None:
    sent = [sending.shipped(warehouse(), store, {mug: 7}) for _round in range(ROUNDS)]
    ids = [new_uid() for _each in sent]
    hand = [receptions([each], {mug.pk: 3}, uid)[0] for each, uid in zip(sent, ids, strict=True)]
    booked = "This delivery of {} was booked already, once. Nothing was changed; open the page again."
    assert press(hand, hand) == [(booked.format(each.number), "done") for each in sent]
    assert on_hand(mug, store) == 3 * ROUNDS
    assert audit() == ""


def test_two_who_unpack_different_boxes_get_no_more_than_was_sent(store: Location, mug: Variant) -> None:
    fits = [sending.shipped(warehouse(), store, {mug: 7}) for _round in range(ROUNDS // 2)]
    exceeds = [sending.shipped(warehouse(), store, {mug: 7}) for _round in range(ROUNDS // 2)]
    first = receptions([*fits, *exceeds], {mug.pk: 4})
    second = [*receptions(fits, {mug.pk: 3}), *receptions(exceeds, {mug.pk: 4})]
    more = (
        "{} has 3 of MUG on the way, not 4. Receive what is on the way; if there really are more, adjust the stock by"
        " them as found."
    )
    expected = [("done", "done")] * len(fits) + [(more.format(each.number), "done") for each in exceeds]
    assert press(first, second) == expected
    assert on_hand(mug, store) == 7 * len(fits) + 4 * len(exceeds)
    assert audit() == ""


def test_without_the_lock_of_the_transfer_it_is_received_twice(store: Location, mug: Variant) -> None:
    """The negative control. Of another transfer there is enough on the way for both."""
    sending.shipped(warehouse(), store, {mug: 7})
    sent = [sending.shipped(warehouse(), store, {mug: 7})]
    found = press(receptions(sent, {mug.pk: 7}), receptions(sent, {mug.pk: 7}), without=transfers_unlocked)
    assert found == [("done", "done")]
    assert on_hand(mug, store) == 14
    assert "I06 " in audit()


def shipments(approved: Iterable[Transfer]) -> list[Deed]:
    return [partial(ship_transfer, each.uid, person=None, at=now()) for each in approved]


def test_a_transfer_shipped_twice_at_once_leaves_once(store: Location, mug: Variant) -> None:
    approved = [sending.approved(warehouse(), store, {mug: 7}) for _round in range(ROUNDS)]
    left = "{} is “On the way”: the goods have left. Receive them, or say what became of them."
    expected = [(left.format(each.number), "done") for each in approved]
    assert press(shipments(approved), shipments(approved)) == expected
    assert on_hand(mug, warehouse()) == 100 - 7 * ROUNDS
    assert on_hand(mug, Location.objects.get(kind="transit")) == 7 * ROUNDS
    assert audit() == ""


def test_the_first_two_transfers_ever_share_one_place_between_places(store: Location, mug: Variant) -> None:
    ours, theirs = ([sending.approved(warehouse(), store, {mug: 7})] for _hand in range(2))
    assert press(shipments(ours), shipments(theirs)) == [("done", "done")]
    assert on_hand(mug, Location.objects.get(kind="transit")) == 14
    assert audit() == ""


def test_without_the_lock_of_the_transfer_its_second_shipment_fails_deep_down(store: Location, mug: Variant) -> None:
    """The negative control: nothing leaves twice all the same, since an allocation is consumed once. But nobody is told
    that the goods have left."""
    sending.shipped(warehouse(), store, {mug: 1})  # who makes the place between places holds up the other
    approved = [sending.approved(warehouse(), store, {mug: 7})]
    ((first, second),) = press(shipments(approved), shipments(approved), without=transfers_unlocked)
    assert "the goods have left" not in first
    assert second == "done" != first
    assert on_hand(mug, warehouse()) == 100 - 1 - 7
