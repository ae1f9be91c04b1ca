"""Quantities only: both layouts, one location, and what an old file must not bring back."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from commerce.catalog.models import Variant
from commerce.kernel.ids import new_uid
from commerce.sync.errors import FileRefused
from commerce.sync.models import ImportRow
from commerce.sync.report import Report
from inventory import reservations, stock
from inventory.levels import Demand, Source
from inventory.models import StockLevel
from tests.sync.conftest import AT, FILES, kinds

Take = Callable[..., Report]
COLUMNS = FILES / "shopify_inventory_columns.csv"
ROWS = FILES / "shopify_inventory_rows.csv"


@pytest.fixture(autouse=True)
def products(take: Take) -> None:
    take(FILES / "shopify_products.csv")


def on_hand() -> dict[str, int]:
    return dict(StockLevel.objects.values_list("variant__sku", "on_hand"))


def test_a_column_per_location(take: Take) -> None:
    report = take(COLUMNS)
    assert on_hand() == {"NF-1-M": 12, "MOSS-SWEATER-CLAY-L": 7, "100": 3}
    assert dict(report.outcomes) == {"created": 0, "updated": 2, "unchanged": 2, "refused": 2}
    assert kinds(report) == {"quantity_repeated": 1, "variant_unknown": 1}
    assert report.columns.ignored[-1] == "Warehouse"
    texts = dict(ImportRow.objects.values_list("code", "text"))
    assert texts["quantity_repeated"] == "Line 5 gave the quantity of this variant already."
    assert texts["variant_unknown"] == "There is no variant with the SKU or name “U-1”. Import the products first."


def test_a_row_per_location(take: Take) -> None:
    report = take(ROWS)
    assert on_hand() == {"NF-1-M": 9, "MOSS-SWEATER-CLAY-L": 7, "100": 2}
    assert dict(report.outcomes) == {"created": 0, "updated": 1, "unchanged": 1, "refused": 1}
    assert kinds(report) == {"other_location": 1}


def test_several_locations_and_none_is_meant(take: Take, written: Callable[..., Path]) -> None:
    rows = [["Handle", "SKU", "Berlin", "Hamburg"], ["moss-sweater", "NF-1-M", "1", "2"]]
    with pytest.raises(FileRefused, match=r"several locations \(Berlin, Hamburg\), and none is called like PDX-1"):
        take(written(rows))
    assert on_hand()["NF-1-M"] == 5


def test_the_only_location_is_meant_whatever_it_is_called(take: Take, written: Callable[..., Path]) -> None:
    take(written([["Handle", "SKU", "Berlin"], ["moss-sweater", "NF-1-M", "1"]]))
    assert on_hand()["NF-1-M"] == 1


def test_the_same_file_does_not_bring_back_what_was_sold(take: Take, store: object) -> None:
    take(COLUMNS)
    variant = Variant.objects.get(sku="NF-1-M")
    with transaction.atomic():
        stock.sell([Demand(variant.pk, store.pk, 4)], source=Source("sale", new_uid()), at=AT)
    report = take(COLUMNS)
    assert on_hand()["NF-1-M"] == 8
    assert report.tally["stock levels"] == {"unchanged": 3}
    assert kinds(report)["stock_moved_on"] == 1
    assert ImportRow.objects.get(code="stock_moved_on").text == (
        "The file still says 12, as before; the 8 on hand now were left alone."
    )


def test_a_new_number_is_a_new_count(take: Take, store: object, tmp_path: Path) -> None:
    take(COLUMNS)
    variant = Variant.objects.get(sku="NF-1-M")
    with transaction.atomic():
        stock.sell([Demand(variant.pk, store.pk, 4)], source=Source("sale", new_uid()), at=AT)
    path = tmp_path / "new.csv"
    path.write_text(COLUMNS.read_text().replace("NF-1-M,,,12", "NF-1-M,,,20"))
    take(path)
    assert on_hand()["NF-1-M"] == 20
    assert [m.quantity for m in StockLevel.objects.get(variant=variant).movements.order_by("id")] == [5, 7, -4, 12]


def test_a_count_below_what_is_promised_marks_the_level(
    take: Take, store: object, written: Callable[..., Path]
) -> None:
    variant = Variant.objects.get(sku="NF-1-M")
    with transaction.atomic():
        held = Demand(variant.pk, store.pk, 4)
        reservations.reserve([held], until=AT + timedelta(days=1), source=Source("checkout", new_uid()), at=AT)
    take(written([["Handle", "SKU", "Downtown"], ["moss-sweater", "NF-1-M", "1"]]))
    level = StockLevel.objects.get(variant=variant)
    assert (level.on_hand, level.reserved, level.oversold) == (1, 4, True)


def test_a_header_without_quantities_is_refused(take: Take, written: Callable[..., Path]) -> None:
    for header in (["Handle", "SKU", "Title"], ["Handle", "Variant SKU", "Location"]):
        with pytest.raises(FileRefused, match="Line 1"):
            take(written([header, ["a"] * 3]))
