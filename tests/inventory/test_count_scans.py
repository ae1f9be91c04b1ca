"""Scanning at the shelf: what a scan means, when it is refused and in which words, and its place in the ledger."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commerce.catalog.barcodes import normalize_barcode
from commerce.catalog.models import Barcode, Category
from commerce.kernel.db import rows
from commerce.kernel.errors import DomainError, InvalidInput, NotAllowed
from commerce.kernel.ids import new_uid
from inventory.actions.cancel_count import cancel_count
from inventory.actions.count_as_none import count_as_none
from inventory.actions.finish_count import finish_count
from inventory.actions.import_count import import_count
from inventory.actions.recount_lines import recount_lines
from inventory.actions.start_count import start_count
from inventory.models import CountLine, CountScan, KitComponent, StockCount, StockLevel, StockMovement
from inventory.variances import BOOKED
from tests.factories.catalog import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.inventory.shelf import Shelf


@pytest.fixture
def shelf(db: None) -> Shelf:
    return Shelf()


def refused(deed: object, *args: object, **kwargs: object) -> str:
    """The words in which a deed was refused; it left nothing behind."""
    before = (CountScan.objects.count(), CountLine.objects.count(), StockLevel.objects.count())
    with pytest.raises(DomainError) as error:
        deed(*args, **kwargs)
    assert (CountScan.objects.count(), CountLine.objects.count(), StockLevel.objects.count()) == before
    return str(error.value)


def test_a_minus_takes_back_and_no_more_than_there_is(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    shelf.scan(count, "MUG", 5)
    shelf.scan(count, "MUG", -2)
    assert shelf.tally(count, mug).counted == 3
    says = refused(shelf.scan, count, "MUG", -4)
    assert says == "3 of MUG are counted so far: 4 cannot be taken back."
    shelf.scan(count, "MUG", -3)
    assert shelf.tally(count, mug).counted == 0


@pytest.mark.parametrize("code", ["NOPE", "4006381333931", "", "  ", "x" * 500])
def test_an_unknown_code_is_refused_with_what_to_do(code: str, shelf: Shelf) -> None:
    count = shelf.start()
    says = refused(shelf.scan, count, code)
    assert says.startswith(f"No item has the code “{code.strip()[:40]}”. Type the SKU from its label, or put it aside")


def test_scans_that_cannot_be(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    kit = VariantFactory(sku="SET")
    KitComponent.objects.create(kit=kit, component=mug, quantity=2)
    count, uid = shelf.start(), new_uid()
    shelf.put("TOTE", 1)
    shelf.scan(count, "MUG", uid=uid)
    assert refused(shelf.scan, count, "MUG", 2, uid=uid).startswith("This scan was sent before, of something else.")
    assert refused(shelf.scan, count, "TOTE", uid=uid).startswith("This scan was sent before, of something else.")
    assert refused(shelf.scan, count, "SET") == (
        "SET is a kit: it has no stock of its own. Change the stock of its components."
    )
    assert refused(shelf.scan, count, "MUG", 100_001) == "Count at most 100,000 at once."
    assert refused(shelf.scan, count, "MUG", -100_001) == "Count at most 100,000 at once."


def test_a_pack_counts_what_it_holds_and_measured_goods_are_written(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 24)
    Barcode.objects.create(variant=mug, code="CASE-12", key=normalize_barcode("CASE-12").value, units=12)
    linen = shelf.put("LINEN", 350, unit="m", unit_scale=100)
    count = shelf.start()
    assert shelf.scan(count, "CASE-12", "").quantity == 12
    assert shelf.scan(count, "CASE-12", "2").quantity == 24
    assert shelf.scan(count, "CASE-12", "-1").quantity == -12
    assert shelf.scan(count, "MUG", "\N{MINUS SIGN}1").quantity == -1
    assert shelf.tally(count, mug).counted == 23
    for written, amount in (("2.5", 250), ("0,95 m", 95), ("0", 0), ("-0.05", -5)):
        assert shelf.scan(count, "LINEN", written).quantity == amount
    assert shelf.tally(count, linen).variance == 340 - 350
    says = refused(shelf.scan, count, "LINEN", "")
    assert says == f"{linen.name} is measured: write how much of it there is, in meter."
    assert refused(shelf.scan, count, "CASE-12", "1.5") == "“1.5” is not a number of packs."
    assert refused(shelf.scan, count, "CASE-12", "9" * 30) == f"“{'9' * 30}” is not a number of packs."
    assert refused(shelf.scan, count, "MUG", "9" * 30) == "Count at most 100,000 at once."
    assert refused(shelf.scan, count, "MUG", "1.5") == f"{mug.name} is sold in whole pieces."
    for written in ("many", "1e3", "٣"):
        assert refused(shelf.scan, count, "MUG", written) == "Enter the quantity as a whole number, such as 2."


def test_a_category_count_has_its_sub_categories_and_nothing_else(shelf: Shelf) -> None:
    kitchen = CategoryFactory(name="Kitchen")
    cups = Category.objects.create(name="Cups", slug="cups", parent=kitchen)
    small = Category.objects.create(name="Small cups", slug="small-cups", parent=cups)
    mug = shelf.put("MUG", 10, product=ProductFactory(category=small))
    pot = shelf.put("POT", 0, product=ProductFactory(category=kitchen), location=None)
    shelf.put("TENT", 3, product=ProductFactory(category=CategoryFactory(name="Outdoors")))
    count = shelf.start("category", category=kitchen)
    assert list(count.lines.values_list("variant", flat=True)) == [mug.pk]
    shelf.scan(count, "POT")  # the books knew of none
    assert count.lines.filter(variant=pot).exists()
    assert refused(shelf.scan, count, "TENT") == (
        "TENT is not part of C-000001 (Kitchen). Leave it out here; it is counted with its own shelf."
    )


def test_a_cycle_count_is_of_what_needs_it_most(shelf: Shelf) -> None:
    mug, tote, bowl = shelf.put("MUG", 10, cost=100), shelf.put("TOTE", 5), shelf.put("BOWL", 4, cost=900)
    shelf.sell(bowl, 2)
    shelf.sell(tote, 6)  # oversold
    count = shelf.start("cycle", size=2)
    assert set(count.lines.values_list("variant", flat=True)) == {tote.pk, bowl.pk}
    assert "is not part of C-000001 (Cycle count)" in refused(shelf.scan, count, "MUG")
    second = shelf.start("cycle", size=2)  # what is being counted is not chosen again
    assert list(second.lines.values_list("variant", flat=True)) == [mug.pk]
    assert refused(shelf.start, "cycle").startswith("Nothing needs counting: it was all counted lately")
    shelf.scan(second, "MUG", 10)
    shelf.finish(second)
    shelf.approve(second)
    cancel_count(count.pk, person=shelf.mina, at=shelf.at)
    assert set(shelf.start("cycle").lines.values_list("variant", flat=True)) == {tote.pk, bowl.pk}


def test_a_count_that_cannot_be_started(shelf: Shelf) -> None:
    def start(location: object = shelf.store, **given: object) -> StockCount:
        return start_count(location, **{"kind": "full", "person": shelf.mina, "at": shelf.at, **given})

    kitchen = CategoryFactory(name="Kitchen")
    transit = LocationFactory(code="TRANSIT", kind="transit", is_active=False)
    assert refused(start, transit).startswith("“Portland TRANSIT” only stands for goods between two locations.")
    closed = LocationFactory(code="OLD", name="Old store", is_active=False)
    assert refused(start, closed) == "Old store is closed. Choose another one."
    assert refused(start, kind="everything") == "Choose what to count."
    assert refused(start, kind="category") == "Choose the category to count, or count everything."
    assert refused(start, category=kitchen) == "Choose the category to count, or count everything."
    for size in (0, 501):
        assert refused(start, kind="cycle", size=size) == "Count between 1 and 500 SKUs."
    assert not StockCount.objects.exists()
    assert start().number == "C-000001"


def test_steps_come_in_their_order(shelf: Shelf) -> None:
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    line = count.lines.get().pk
    assert refused(shelf.finish, count).startswith("Nothing has been counted on C-000001 yet.")
    open_says = "C-000001 is “Counting”: finish counting first."
    assert refused(shelf.approve, count) == open_says
    assert refused(recount_lines, count.pk, [line], person=None) == open_says
    assert refused(count_as_none, count.pk, [line], person=None, at=shelf.at) == open_says
    shelf.scan(count, "MUG", 9)
    shelf.finish(count)
    review_says = "C-000001 is “To review”: it is being reviewed. Whoever reviews can open it for a recount."
    assert refused(shelf.scan, count, "MUG") == review_says
    assert refused(shelf.finish, count) == review_says
    chosen = "Tick the lines that are meant. Lines that were scanned in this round cannot be counted as none."
    assert refused(count_as_none, count.pk, [line], person=None, at=shelf.at) == chosen
    assert refused(recount_lines, count.pk, [], person=None) == chosen
    assert refused(recount_lines, count.pk, [line + 99], person=None) == chosen
    cancel_count(count.pk, person=shelf.mina, at=shelf.at)
    canceled = "C-000001 is “Canceled”: start another count."
    assert refused(shelf.scan, count, "MUG") == canceled
    assert refused(shelf.approve, count) == canceled
    assert refused(cancel_count, count.pk, person=shelf.mina, at=shelf.at) == canceled
    assert shelf.level(mug).on_hand == 10
    assert shelf.level(mug).last_counted_at is None


def test_who_may_do_what(shelf: Shelf) -> None:
    shelf.put("MUG", 10)
    other = UserFactory(username="other", role="manager", locations=[LocationFactory()])
    with pytest.raises(NotAllowed):
        start_count(shelf.store, kind="full", person=other, at=shelf.at)
    count = start_count(shelf.store, kind="full", person=shelf.ida, at=shelf.at)
    with pytest.raises(NotAllowed):
        shelf.scan(count, "MUG", by=other)
    associate = UserFactory(role="associate", locations=[shelf.store])
    shelf.scan(count, "MUG", 0, by=associate)
    for deed in (
        lambda: start_count(shelf.store, kind="full", person=associate, at=shelf.at),
        lambda: cancel_count(count.pk, person=associate, at=shelf.at),
        lambda: finish_count(count.pk, person=associate, at=shelf.at),
        lambda: import_count(count.pk, Path("none.csv"), person=associate, at=shelf.at),
    ):
        with pytest.raises(NotAllowed):
            deed()
    with pytest.raises(NotAllowed):
        cancel_count(count.pk, person=shelf.ben, at=shelf.at)
    shelf.scan(count, "MUG", 9, by=shelf.ben)
    shelf.finish(count)
    for deed in (
        lambda: shelf.approve(count, person=shelf.ida),
        lambda: recount_lines(count.pk, [count.lines.get().pk], person=shelf.ida),
        lambda: count_as_none(count.pk, [], person=shelf.ida, at=shelf.at),
        lambda: cancel_count(count.pk, person=shelf.ida, at=shelf.at),
    ):
        with pytest.raises(NotAllowed):
            deed()
    own = start_count(shelf.store, kind="full", person=shelf.ida, at=shelf.at)
    assert cancel_count(own.pk, person=shelf.ida, at=shelf.at).state == "canceled"
    with pytest.raises(InvalidInput):
        shelf.scan(shelf.start(), "MUG", 10**9)


def test_a_scan_is_never_rewritten(shelf: Shelf) -> None:
    shelf.put("MUG", 1)
    shelf.scan(shelf.start(), "MUG")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows("UPDATE inventory_countscan SET quantity = 9")


@settings(max_examples=40, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), books=st.integers(0, 6), error=st.integers(-2, 2))
@pytest.mark.timeout(300)
def test_what_is_booked_is_what_is_there(data: st.DataObject, books: int, error: int, shelf: Shelf) -> None:
    """A shelf of two halves is counted in two scans while people take from either: the books come out right, or the
    line is not booked; they are never made worse."""
    there = max(books + error, 0)
    mug = shelf.put(f"MUG-{new_uid()}", books)
    count = shelf.start()
    left = data.draw(st.integers(0, there))
    halves = [left, there - left]

    def trade() -> None:
        side = data.draw(st.integers(0, 1))
        if data.draw(st.booleans()) and halves[side]:
            halves[side] -= 1
            shelf.sell(mug)

    trade()
    shelf.scan(count, mug.sku, halves[0])
    trade()
    shelf.scan(count, mug.sku, halves[1])
    trade()
    verdict = shelf.tally(count, mug).verdict
    before = shelf.level(mug).on_hand
    shelf.finish(count)
    shelf.approve(count, leave_out=True)
    after, really = shelf.level(mug).on_hand, sum(halves)
    if verdict == "differs":
        assert after == really
    else:
        assert after == before
    assert verdict in BOOKED or verdict in ("moved", "impossible")


@pytest.mark.django_db(transaction=True)
def test_a_scan_waits_for_the_sale_that_is_at_work() -> None:
    """The place is read behind the lock: a sale that commits while the scan waits is before it, never beside it."""
    shelf = Shelf()
    mug = shelf.put("MUG", 10)
    count = shelf.start()
    selling, sold = threading.Event(), threading.Event()

    def sell_slowly() -> None:
        with transaction.atomic():
            shelf.sell.__wrapped__(shelf, mug, 3)
            selling.set()
            sold.wait(10)
        connection.close()

    def scan() -> float:
        began = time.monotonic()
        shelf.scan(count, "MUG", 7)
        connection.close()
        return time.monotonic() - began

    with ThreadPoolExecutor(2) as pool:
        pool.submit(sell_slowly)
        assert selling.wait(10)
        waiting = pool.submit(scan)
        time.sleep(0.5)
        assert not waiting.done()
        sold.set()
        assert waiting.result(10) >= 0.5
    sale = StockMovement.objects.get(kind="sale")
    assert CountScan.objects.get().position == sale.pk
    tally = shelf.tally(count, mug)
    assert (tally.expected, tally.counted, tally.verdict) == (7, 7, "matches")


@pytest.mark.django_db(transaction=True)
def test_many_hands_count_one_shelf_while_it_sells() -> None:
    """Forty scans by four people, each sent twice at once, and ten sales between them: every scan counts once, and
    what the books said at the first scan plus what was sold since is what they say now."""
    shelf = Shelf()
    mug = shelf.put("MUG", 100)
    count = shelf.start()
    uids = [new_uid() for _n in range(40)]

    def scan(uid: UUID) -> bool:
        try:
            return shelf.scan(count, "MUG", 1, uid=uid).is_new
        finally:
            connection.close()

    def sell() -> bool:
        try:
            shelf.sell(mug)
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        deeds = [pool.submit(scan, uid) for pair in zip(uids, uids, strict=True) for uid in pair]
        deeds += [pool.submit(sell) for _n in range(10)]
        assert sum(deed.result(60) for deed in deeds) == 40
    assert shelf.tally(count, mug).counted == 40
    for scan_row in CountScan.objects.all():
        assert StockMovement.objects.get(pk=scan_row.position).level_id == shelf.level(mug).pk
    assert shelf.level(mug).on_hand == 90
