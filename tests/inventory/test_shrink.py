"""What was lost and found, in exact sums; and how true the books were, by store."""

from datetime import timedelta

import pytest

from inventory import accuracy, shrink
from inventory.actions.adjust_stock import adjust_stock
from inventory.shrink import Sum
from tests.factories.company import LocationFactory
from tests.inventory.shelf import AT, Shelf

pytestmark = pytest.mark.django_db
DAY = (AT.replace(hour=0), AT.replace(hour=0) + timedelta(days=1))


@pytest.fixture
def shelf() -> Shelf:
    """Two articles at 4.00 and 10.00; five adjustments by two people and a count that a third approved."""
    shelf = Shelf()
    mug, tote = shelf.put("MUG", 20, cost=400), shelf.put("TOTE", 10, cost=1_000)
    deeds = [
        (mug, "damaged", -3, shelf.mina),
        (mug, "repaired", 1, shelf.mina),
        (mug, "disposed", -1, shelf.mina),
        (tote, "lost", -1, shelf.ida),
        (tote, "found", 2, shelf.mina),
    ]
    for variant, reason, change, person in deeds:
        person.role = "manager"
        adjust_stock(shelf.level(variant).pk, reason=reason, change=change, person=person, at=shelf.at)
    count = shelf.start()
    shelf.scan(count, "MUG", 17)
    shelf.scan(count, "TOTE", 11)
    shelf.finish(count)
    shelf.ben.role = "manager"
    shelf.approve(count, person=shelf.ben)
    return shelf


def test_by_reason_the_dearest_loss_first(shelf: Shelf) -> None:
    assert shrink.by_reason(*DAY) == [
        Sum("damaged", 1, 3, 0, 3, 1_200, 0),
        Sum("lost", 1, 1, 0, 0, 1_000, 0),
        Sum("count", 1, 1, 0, 0, 400, 0),
        Sum("disposed", 1, 0, 0, -1, 0, 0),
        Sum("repaired", 1, 0, 1, -1, 0, 400),
        Sum("found", 1, 0, 2, 0, 0, 2_000),
    ]


def test_by_person(shelf: Shelf) -> None:
    assert shrink.by_person(*DAY) == [
        Sum(shelf.ida.pk, 1, 1, 0, 0, 1_000, 0),
        Sum(shelf.ben.pk, 1, 1, 0, 0, 400, 0),
        Sum(shelf.mina.pk, 4, 3, 3, 1, 1_200, 2_400),
    ]
    assert [row.value_minor for row in shrink.by_person(*DAY)] == [-1_000, -400, 1_200]


def test_only_of_the_days_and_the_places_that_are_asked_for(shelf: Shelf) -> None:
    elsewhere = LocationFactory()
    assert len(shrink.by_reason(*DAY, [shelf.store.pk])) == 6
    assert shrink.by_reason(*DAY, [elsewhere.pk]) == []
    assert shrink.by_reason(*DAY, []) == []
    assert shrink.by_reason(DAY[1], DAY[1] + timedelta(days=1)) == []


def test_accuracy_is_of_counted_lines(shelf: Shelf) -> None:
    at = shelf.at
    (found,) = accuracy.by_location(None, at=at)
    assert (found.name, found.lines, found.matching, found.percent, found.value_minor) == (
        "Portland Pearl", 2, 1, 50.0, 400,
    )  # fmt: skip
    shelf.put("BOWL", 4)
    count = shelf.start()
    shelf.scan(count, "MUG", 17)
    shelf.finish(count)
    assert accuracy.by_location(None, at=at)[0].lines == 2  # not yet approved
    shelf.approve(count)
    (found,) = accuracy.by_location([shelf.store.pk], at=shelf.at)
    assert (found.lines, found.matching) == (3, 2)  # what nobody scanned does not count
    assert accuracy.by_location([LocationFactory().pk], at=shelf.at) == []
    assert accuracy.by_location(None, at=at + timedelta(days=91)) == []
