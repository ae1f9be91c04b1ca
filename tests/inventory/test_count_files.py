"""A count from a file: taken as a whole or not at all, and once."""

from pathlib import Path

import pytest

from commerce.catalog.models import Variant
from commerce.kernel.db import action, rows
from commerce.kernel.ids import new_uid
from commerce.sync.errors import FileRefused
from inventory import stock
from inventory.actions.import_count import import_count
from inventory.actions.recount_lines import recount_lines
from inventory.count_errors import NotNow
from inventory.levels import Source
from inventory.models import CountLine, CountScan, StockCount, StockMovement
from tests.factories.catalog import VariantFactory
from tests.inventory.shelf import Shelf

pytestmark = pytest.mark.django_db
MANY = "Line 7: Enter the quantity as a whole number, such as 2."


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.put("MUG", 10, barcode="4006381333931")
    shelf.put("TOTE", 5)
    return shelf


@pytest.fixture
def count(shelf: Shelf) -> StockCount:
    return shelf.start()


def bring(shelf: Shelf, count: StockCount, tmp_path: Path, text: str | bytes) -> int:
    path = tmp_path / "count.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return import_count(count.pk, path, person=shelf.ida, at=shelf.at)


def counted(count: StockCount) -> dict[str, int]:
    found: dict[str, int] = {}
    for scan in CountScan.objects.filter(line__count=count).select_related("line__variant"):
        found[scan.line.variant.sku] = found.get(scan.line.variant.sku, 0) + scan.quantity
    return found


@pytest.mark.parametrize(
    "text",
    [
        "code,quantity\n4006381333931,6\nmug,3\nTOTE,0\n",
        "\ufeffSKU;Counted\r\n MUG ;9\r\nTOTE;0,0\r\n",
        "quantity\tbarcode\tshelf\n9\t04006381333931\tA\n\n0\tTOTE\tB\n",
    ],
)
def test_what_scanners_write_is_read(text: str, shelf: Shelf, count: StockCount, tmp_path: Path) -> None:
    bring(shelf, count, tmp_path, text)
    assert counted(count) == {"MUG": 9, "TOTE": 0}


def test_a_file_with_unknown_codes_lists_them_and_writes_nothing(
    shelf: Shelf, count: StockCount, tmp_path: Path
) -> None:
    text = "code,quantity\nMUG,3\nNOPE,1\nTOTE,-1\n,4\n9999999999994,2\nMUG,many\n"
    with pytest.raises(FileRefused) as refused:
        bring(shelf, count, tmp_path, text)
    assert [(fault.line, fault.text) for fault in refused.value.faults] == [
        (3, "Line 3: nothing has the code “NOPE”. Correct it, or enter the item in the catalog first."),
        (4, "Line 4: “-1” is not a quantity. Write 0 where there is none."),
        (5, "Line 5 has no code."),
        (6, "Line 6: nothing has the code “9999999999994”. Correct it, or enter the item in the catalog first."),
        (7, MANY),
    ]
    assert not CountScan.objects.exists()
    assert bring(shelf, count, tmp_path, text.replace("NOPE,1\nTOTE,-1\n,4\n9999999999994,2\nMUG,many", "TOTE,5")) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty."),
        (
            "item,pieces\nMUG,1\n",
            "The first line has to name the columns “code” and “quantity”; it names: item, pieces.",
        ),
        ("code,quantity\n", "The file has a header and nothing below it."),
        ("code,quantity\nMUG\n", "Line 2 does not have 2 columns, as the header does, but 1."),
        (b"PK\x03\x04rest", "This is an Excel workbook or a ZIP archive. Save it as CSV and import that."),
    ],
)
def test_files_that_are_none(text: str | bytes, says: str, shelf: Shelf, count: StockCount, tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        bring(shelf, count, tmp_path, text)
    assert refused.value.faults[0].text == says


def test_the_same_file_counts_once_in_a_round(shelf: Shelf, count: StockCount, tmp_path: Path) -> None:
    text = "code,quantity\nMUG,9\n"
    assert [bring(shelf, count, tmp_path, text) for _again in range(2)] == [1, 0]
    assert counted(count) == {"MUG": 9}
    shelf.finish(count)
    with pytest.raises(NotNow):
        bring(shelf, count, tmp_path, text)
    recount_lines(count.pk, [CountLine.objects.get(variant__sku="MUG").pk], person=shelf.mina)
    assert bring(shelf, count, tmp_path, text) == 1  # counted once more, with the same result
    assert shelf.tally(count, CountLine.objects.get(variant__sku="MUG").variant).counted == 9


def test_ten_thousand_lines(shelf: Shelf, count: StockCount, tmp_path: Path, django_assert_max_num_queries) -> None:
    lines = "".join(f"{'MUG' if n % 2 else '4006381333931'},1\n" for n in range(10_000))
    with django_assert_max_num_queries(20):
        assert bring(shelf, count, tmp_path, "code,quantity\n" + lines) == 10_000
    assert counted(count) == {"MUG": 10_000}


def test_items_of_another_shelf_stop_the_file(shelf: Shelf, tmp_path: Path) -> None:
    cycle = shelf.start("cycle", size=1)
    VariantFactory(sku="BOWL")
    chosen = cycle.lines.get().variant.sku
    with pytest.raises(Exception, match=r"BOWL is not part of C-000001 \(Cycle count\)"):
        bring(shelf, cycle, tmp_path, f"code,quantity\n{chosen},1\nBOWL,2\n")
    assert not CountScan.objects.exists()


def test_thousands_of_items_are_judged_and_booked_at_once(shelf: Shelf, tmp_path: Path) -> None:
    """Right after the file, when the planner knows nothing of its scans. Three seconds are thirty times what it takes;
    joining everything with everything takes minutes."""
    most = 5_000
    product = VariantFactory(sku="SEED").product
    rows_of = (Variant(product=product, sku=f"V{n}", sku_key=f"V{n}") for n in range(most))
    variants = Variant.objects.bulk_create(rows_of, batch_size=1_000)
    put = {(variant.pk, shelf.store.pk): 10 for variant in variants}
    move = action(stock.move)
    move(put, kind=StockMovement.Kind.RECEIPT, source=Source("goods_receipt", new_uid()), at=shelf.at)
    count = shelf.start()
    lines = "".join(f"V{n},{9 if n % 10 == 0 else 10}\n" for n in range(most))
    assert bring(shelf, count, tmp_path, "code,quantity\n" + lines) == most
    shelf.finish(count)
    rows("SET LOCAL statement_timeout = '3s'")
    outcome = shelf.approve(count)
    rows("SET LOCAL statement_timeout = 0")  # what was put off to the end of the test may take its time
    assert (outcome.lines, outcome.differing, outcome.units) == (most, most // 10, -most // 10)
