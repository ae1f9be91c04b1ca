"""Real exports of real shops. They lie beside the repository, when they do; our own small ones always do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from commerce.catalog.models import Barcode, Product, Variant
from commerce.kernel.db import rows
from commerce.sync.errors import FileRefused
from commerce.sync.report import Report
from inventory.models import StockLevel
from tests.sync.conftest import FILES, kinds

Take = Callable[..., Report]
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "catalog" / "shopify"

# file: rows, products, variants, refused rows, and the notes that the description of the file promises
PRODUCTS = {
    "partners_demo_apparel.csv": (22, 20, 22, 0, {"sku_missing": 22}),
    "partners_demo_home_and_garden.csv": (21, 20, 21, 0, {"sku_missing": 21}),
    "partners_demo_jewelery.csv": (41, 20, 23, 0, {"sku_missing": 23}),
    "unshattered_bags_products_export.csv.gz": (
        1145,
        374,
        537,
        11,
        {"gift_card": 1, "sku_taken": 51, "barcode_taken": 5},
    ),
    "golden_aura_boutique_products_export.csv.gz": (867, 172, 230, 0, {"sku_missing": 2, "barcode_not_gtin": 2}),
    "cutie_poppers_products_export.csv.gz": (722, 37, 722, 0, {"quantity_negative": 33, "sku_taken": 2}),
    "great_outdoor_furniture_products_export.csv.gz": (354, 56, 207, 0, {"sku_taken": 39, "sku_missing": 167}),
    "pond_cleanup_products_export.csv.gz": (259, 34, 89, 0, {"sku_missing": 5}),
}
STATE = "SELECT (SELECT sum(xmin::text::bigint) FROM catalog_product), (SELECT sum(change_seq) FROM catalog_variant)"
STATE += ", (SELECT sum(xmin::text::bigint) FROM pricing_price), (SELECT count(*) FROM inventory_stockmovement)"


def shared(*names: str) -> list[Path]:
    return [SHARED / name for name in names if (SHARED / name).exists()]


def test_every_real_product_file_twice(take: Take) -> None:
    for path in shared(*PRODUCTS):
        lines, products, variants, refused, promised = PRODUCTS[path.name]
        report = take(path)
        assert (report.rows, report.done, sum(report.outcomes.values())) == (lines, lines, lines)
        assert report.tally["products"]["created"] == products
        assert (report.tally["variants"]["created"], report.refused) == (variants, refused)
        assert promised.items() <= kinds(report).items()
        before = rows(STATE)
        again = take(path)
        assert (again.outcomes["unchanged"], again.outcomes["refused"]) == (lines - refused, refused)
        assert rows(STATE) == before
    take(FILES / "shopify_products.csv")
    assert Product.objects.filter(tsv=None).count() == 0
    assert Variant.objects.filter(sku_key="").count() == 0
    assert not StockLevel.objects.filter(on_hand__lt=0).exists()
    assert not Barcode.objects.filter(key__regex="^'").exists()
    assert not Product.objects.filter(description_html__iregex="<(script|iframe|style|img)| on[a-z]+=").exists()


def test_real_inventory_files(take: Take) -> None:
    for path in shared("pond_cleanup_products_export.csv.gz"):
        take(path)
    for path in shared("pond_cleanup_shopify_inventory_import.csv"):
        report = take(path)
        assert (report.rows, report.outcomes["updated"]) == (58, 58)
        assert set(StockLevel.objects.values_list("on_hand", flat=True)) == {150}
        assert take(path).outcomes["unchanged"] == 58
    for path in shared("poptoys_inventory_export.csv.gz"):
        report = take(path)
        assert (report.rows, report.refused, kinds(report)) == (15_700, 15_700, {"variant_unknown": 15_700})
    assert take(FILES / "shopify_inventory_rows.csv").refused == 3


def test_real_files_that_are_broken(take: Take) -> None:
    for path in shared("malformed_padded_headers_products_export.csv", "malformed_pond_cleanup_broken_quotes.csv.gz"):
        with pytest.raises(FileRefused) as refused:
            take(path)
        assert [fault.line for fault in refused.value.faults][:3] == [2, 3, 4]
    assert not Product.objects.exists()
