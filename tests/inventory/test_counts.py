"""Counting while trading: what is netted out, what is not believed, what reaches the books, all in exact figures."""

import pytest

from commerce.cases.models import Case
from commerce.events.models import Event
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from inventory import audit
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.count_as_none import count_as_none
from inventory.actions.recount_lines import recount_lines
from inventory.count_errors import AnotherPersonApproves, CountedBefore, NotNow, RecountFirst
from inventory.models import CountLine, StockMovement
from tests.factories.company import LocationFactory
from tests.inventory.shelf import Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(autouse=True)
def books_agree(db: None):
    yield
    assert [rule.says for rule in audit.INVARIANTS if rows(rule.sql)] == []


def test_what_is_found_reaches_the_books(shelf: Shelf) -> None:
    mug, tote = shelf.put("MUG", 10, cost=400), shelf.put("TOTE", 5, cost=1_000)
    count = shelf.start()
    assert (count.number, count.state, count.lines.count()) == ("C-000001", "open", 2)
    shelf.scan(count, "MUG")
    shelf.scan(count, "mug", 7)
    shelf.scan(count, tote.barcodes.get().code, 6)
    shelf.finish(count)
    outcome = shelf.approve(count)
    figures = (outcome.lines, outcome.differing, outcome.units, outcome.value_minor, outcome.broken)
    assert figures == (2, 2, -1, -800 + 1_000, 0)
    lost, found = StockMovement.objects.filter(source_uid=count.uid).order_by("level__variant__sku")
    assert (lost.quantity, lost.kind, lost.source_type, lost.balance_after, lost.value_minor, lost.actor) == (
        -2, "count", "stock_count", 8, -800, shelf.mina,
    )  # fmt: skip
    assert (found.quantity, found.balance_after, found.value_minor) == (1, 6, 1_000)
    line = count.lines.get(variant=mug)
    assert (line.counted, line.expected, line.variance) == (8, 10, -2)
    count.refresh_from_db()
    assert (count.state, count.approved_by) == ("approved", shelf.mina)
    level = shelf.level(mug)
    assert level.last_counted_at == line.scans.latest("pk").counted_at
    assert Event.objects.get(topic="count.approved").payload == {
        "number": "C-000001", "location": "PDX-1", "lines": 2, "differing": 2, "units": -1, "value_minor": 200,
    }  # fmt: skip


def test_sales_and_deliveries_after_the_scan_are_netted_out(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.sell(mug, 2)
    shelf.scan(count, "MUG", 7)
    shelf.sell(mug, 3)
    shelf.receive(mug, 20)
    shelf.send(mug, 4, LocationFactory())
    tally = shelf.tally(count, mug)
    assert (tally.expected, tally.counted, tally.variance, tally.verdict) == (8, 7, -1, "differs")
    shelf.finish(count)
    shelf.approve(count)
    assert shelf.level(mug).on_hand == 10 - 2 - 3 + 20 - 4 - 1


def test_what_arrives_and_is_sold_before_the_scan_is_expected(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.receive(mug, 20)
    shelf.sell(mug)
    shelf.scan(count, "MUG", 29)
    assert shelf.tally(count, mug).verdict == "matches"
    shelf.finish(count)
    assert shelf.approve(count).differing == 0
    assert not StockMovement.objects.filter(kind="count").exists()
    assert shelf.level(mug).last_counted_at is not None


def test_a_sale_between_two_scans_leaves_a_doubt_that_only_a_recount_settles(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.scan(count, "MUG", 5)
    shelf.sell(mug)
    shelf.scan(count, "MUG", 4)
    # Nine were counted of ten: the one that was sold came from the part of the shelf that was counted last, or
    # it came from the first part and one is missing besides. Nobody can know.
    tally = shelf.tally(count, mug)
    assert (tally.counted, tally.expected, tally.variance, tally.verdict) == (9, 10, -1, "moved")
    shelf.finish(count)
    with pytest.raises(RecountFirst, match="C-000001 cannot be approved yet: MUG must be counted again first"):
        shelf.approve(count)
    assert shelf.level(mug).on_hand == 9

    assert recount_lines(count.pk, [tally.line], person=shelf.mina) == 1
    assert shelf.tally(count, mug).verdict == "waiting"
    shelf.scan(count, "MUG", 9, by=shelf.ben)
    again = shelf.tally(count, mug)
    assert (again.round, again.counted, again.expected, again.verdict) == (2, 9, 9, "matches")
    shelf.finish(count)
    shelf.approve(count)
    assert shelf.level(mug).on_hand == 9
    line = CountLine.objects.get()
    assert (line.round, line.counted, line.expected, line.variance) == (2, 9, 9, 0)


def test_a_number_that_fits_is_believed_whatever_moved(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.scan(count, "MUG", 5)
    shelf.sell(mug)
    shelf.scan(count, "MUG", 5)
    assert shelf.tally(count, mug).verdict == "matches"
    shelf.finish(count)
    shelf.approve(count)
    assert shelf.level(mug).on_hand == 9


def test_breaking_a_unit_that_was_set_aside_moves_nothing_on_the_shelf(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    adjust_stock(shelf.level(mug).pk, reason="damaged", change=-2, person=None, at=shelf.at)
    count = shelf.start()
    shelf.scan(count, "MUG", 3)
    adjust_stock(shelf.level(mug).pk, reason="disposed", change=-1, person=None, at=shelf.at)
    shelf.scan(count, "MUG", 4)
    tally = shelf.tally(count, mug)
    assert (tally.expected, tally.variance, tally.verdict) == (8, -1, "differs")


def test_a_difference_is_not_booked_twice(shelf: Shelf) -> None:
    """Two counts, or a count and an adjustment, of the same shelf: the later one has to look again."""
    mug = shelf.put("MUG", 10)
    first, second = shelf.start(), shelf.start()
    shelf.scan(first, "MUG", 8)
    shelf.scan(second, "MUG", 8)
    shelf.finish(first)
    shelf.approve(first)
    tally = shelf.tally(second, mug)
    assert (tally.variance, tally.verdict) == (-2, "corrected")
    shelf.finish(second)
    assert shelf.approve(second, leave_out=True).lines == 0
    assert shelf.level(mug).on_hand == 8
    assert second.lines.get().counted is None


def test_a_count_that_would_leave_less_than_nothing_is_not_believed(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.scan(count, "MUG", 2)
    shelf.sell(mug, 5)
    assert shelf.tally(count, mug).verdict == "impossible"
    shelf.finish(count)
    with pytest.raises(RecountFirst):
        shelf.approve(count)
    assert shelf.level(mug).on_hand == 5


def test_an_oversold_shelf_is_set_right(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 1)
    shelf.sell(mug, 3)
    assert shelf.level(mug).on_hand == -2
    count = shelf.start()
    shelf.scan(count, "MUG", 0)
    shelf.finish(count)
    shelf.approve(count)
    level = shelf.level(mug)
    assert (level.on_hand, level.oversold) == (0, False)


def test_a_promise_that_the_count_breaks_becomes_a_case(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    promised = shelf.promise(mug, 8)
    count = shelf.start()
    shelf.scan(count, "MUG", 6)
    shelf.finish(count)
    assert shelf.approve(count).broken == 1
    case = Case.objects.get()
    assert (case.kind, case.subject, case.location) == ("oversell", "MUG at PDX-1", shelf.store)
    assert case.text == "Count C-000001 took MUG. Missing for orders: 2."
    level = shelf.level(mug)
    assert case.context == {
        "sku": "MUG",
        "missing": 2,
        "orders": [str(promised.source_uid)],
        "count": "C-000001",
        "level": level.pk,
    }
    assert (level.on_hand, level.reserved, level.oversold) == (6, 8, True)


def test_what_nobody_scanned_is_left_alone_until_somebody_says_there_is_none(shelf: Shelf) -> None:
    mug, tote, bowl = shelf.put("MUG", 10), shelf.put("TOTE", 5), shelf.put("BOWL", 4)
    count = shelf.start()
    shelf.scan(count, "MUG", 10)
    shelf.finish(count)
    assert shelf.tally(count, tote).verdict == "uncounted"
    line = count.lines.get(variant=tote)
    assert count_as_none(count.pk, [line.pk, count.lines.get(variant=mug).pk], person=shelf.mina, at=shelf.at) == 1
    assert (shelf.tally(count, tote).variance, shelf.tally(count, mug).counted) == (-5, 10)
    scan = line.scans.get()
    assert (scan.quantity, scan.counted_by) == (0, shelf.mina)
    shelf.approve(count)
    assert [shelf.level(each).on_hand for each in (mug, tote, bowl)] == [10, 0, 4]
    assert shelf.level(bowl).last_counted_at is None
    assert count.lines.get(variant=bowl).counted is None


def test_what_turns_up_gets_a_line(shelf: Shelf) -> None:
    """In a full count: nothing was expected, not even a level."""
    elsewhere = shelf.put("BOWL", 3, location=LocationFactory())
    count = shelf.start()
    assert count.lines.count() == 0
    shelf.scan(count, "BOWL", 2)
    assert shelf.tally(count, elsewhere).expected == 0
    shelf.finish(count)
    shelf.approve(count)
    assert shelf.level(elsewhere).on_hand == 2


def test_a_recount_is_of_its_lines_alone(shelf: Shelf) -> None:
    mug, tote = shelf.put("MUG", 10), shelf.put("TOTE", 5)
    shelf.put("BOWL", 1)
    count = shelf.start()
    shelf.scan(count, "MUG", 10)
    shelf.scan(count, "TOTE", 3)
    shelf.finish(count)
    recount_lines(count.pk, [shelf.tally(count, tote).line], person=shelf.mina)
    with pytest.raises(CountedBefore, match="MUG was counted before and is not to be counted again now"):
        shelf.scan(count, "MUG")
    shelf.scan(count, "BOWL")  # nobody had counted it yet
    shelf.scan(count, "TOTE", 4)
    shelf.finish(count)
    recount_lines(count.pk, [shelf.tally(count, mug).line], person=shelf.mina)
    assert [shelf.tally(count, each).round for each in (mug, tote)] == [3, 2]
    with pytest.raises(CountedBefore, match="TOTE"):
        shelf.scan(count, "TOTE")
    shelf.scan(count, "MUG", 9)
    shelf.finish(count)
    assert shelf.approve(count).units == -1 - 1


def test_a_recount_that_nobody_made_stops_the_approval_unless_it_is_left_out(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    tote = shelf.put("TOTE", 5)
    count = shelf.start()
    shelf.scan(count, "MUG", 8)
    shelf.scan(count, "TOTE", 4)
    shelf.finish(count)
    recount_lines(count.pk, [shelf.tally(count, mug).line], person=shelf.mina)
    shelf.finish(count)
    with pytest.raises(RecountFirst):
        shelf.approve(count)
    shelf.approve(count, leave_out=True)
    assert (shelf.level(mug).on_hand, shelf.level(tote).on_hand) == (10, 4)
    assert shelf.level(mug).last_counted_at is None


def test_approving_twice_books_once(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.scan(count, "MUG", 8)
    shelf.finish(count)
    shelf.approve(count)
    with pytest.raises(NotNow, match="C-000001 is “Approved”: it is in the books"):
        shelf.approve(count)
    assert shelf.level(mug).on_hand == 8
    assert StockMovement.objects.filter(kind="count").count() == 1


def test_who_counted_does_not_approve_large_differences(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 100, cost=500)
    count = shelf.start()
    shelf.scan(count, "MUG", 59, by=shelf.mina)
    shelf.finish(count)
    with pytest.raises(AnotherPersonApproves, match="Another person has to approve them"):
        shelf.approve(count)
    assert shelf.level(mug).on_hand == 100
    shelf.ben.role = "office"
    assert shelf.approve(count, person=shelf.ben).value_minor == -20_500


def test_who_counted_may_approve_small_ones(shelf: Shelf) -> None:
    shelf.put("MUG", 100, cost=500)
    count = shelf.start()
    shelf.scan(count, "MUG", 60, by=shelf.mina)
    shelf.finish(count)
    assert shelf.approve(count).value_minor == -20_000


def test_saying_that_there_is_none_is_counting_too(shelf: Shelf) -> None:
    shelf.put("MUG", 100, cost=500)
    shelf.put("TOTE", 1)
    count = shelf.start()
    shelf.scan(count, "TOTE")
    shelf.finish(count)
    count_as_none(count.pk, list(count.lines.values_list("pk", flat=True)), person=shelf.mina, at=shelf.at)
    with pytest.raises(AnotherPersonApproves):
        shelf.approve(count)


def test_one_scan_sent_twice_by_two_counters_who_share_a_shelf(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count, uid = shelf.start(), new_uid()
    assert shelf.scan(count, "MUG", 4, uid=uid).is_new
    assert shelf.scan(count, "MUG", 6, by=shelf.ben).is_new
    assert not shelf.scan(count, "MUG", 4, uid=uid).is_new
    assert shelf.tally(count, mug).counted == 10
