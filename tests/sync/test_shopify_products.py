"""A small export that holds every peculiarity of the real ones, in exact results."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from commerce.catalog.models import Product, Variant
from commerce.kernel.db import rows
from commerce.sync.models import ImportRow, ImportRun
from commerce.sync.report import Report
from inventory.models import StockLevel, StockMovement
from tests.sync.conftest import AT, FILES, kinds

Take = Callable[..., Report]
FILE = FILES / "shopify_products.csv"


@pytest.fixture
def report(take: Take) -> Report:
    return take(FILE)


def test_every_row_is_accounted_for(report: Report) -> None:
    assert dict(report.outcomes) == {"created": 8, "updated": 0, "unchanged": 0, "refused": 6}
    assert report.rows == report.done == 14  # the fifteenth is empty
    assert {kind: dict(counts) for kind, counts in report.tally.items()} == {
        "products": {"created": 4, "refused": 1},
        "variants": {"created": 6, "refused": 1},
        "pictures": {"created": 4},
        "prices": {"created": 5},
        "stock levels": {"created": 3, "unchanged": 2},
    }


def test_every_peculiarity_is_listed(report: Report) -> None:
    assert kinds(report) == {
        "gift_card": 1,
        "handle_missing": 1,
        "row_empty": 1,
        "title_missing": 1,
        "variant_repeated": 1,
        "sku_taken": 2,
        "barcode_not_gtin": 1,
        "barcode_taken": 1,
        "compare_at_not_above": 1,
        "no_category": 1,
        "no_variant": 1,
        "not_taxable": 1,
        "price_unusable": 1,
        "price_missing": 1,
        "quantity_negative": 1,
        "quantity_unusable": 1,
        "sku_missing": 1,
        "sold_at_zero": 1,
    }


def test_problems_name_their_lines_in_words(report: Report) -> None:
    texts = {(row.line, row.code): row.text for row in ImportRow.objects.all()}
    assert texts[5, "sku_taken"] == (
        "Another variant has the SKU NF-1-M already; this one goes by MOSS-SWEATER-CLAY-M."
    )
    assert texts[5, "quantity_negative"] == (
        "The quantity is -3; a shelf cannot hold less than nothing, so it was taken as 0."
    )
    assert texts[4, "barcode_not_gtin"] == ("“13652285” is no GTIN (EAN or UPC); it was kept as a code of your own.")
    assert texts[11, "price_unusable"] == "“cheap” is not an amount. Write it like $1,234.50."
    assert texts[13, "gift_card"].startswith("This is a gift card")


def test_products_as_they_are_meant(report: Report) -> None:
    sweater = Product.objects.get(slug="moss-sweater")
    assert (sweater.title, sweater.brand, sweater.tags, sweater.status) == (
        "Moss Sweater",
        "Northfold",
        ["wool", "winter"],
        "active",
    )
    assert sweater.description_html == "<p>Warm.\nFor winter.</p>"
    assert sweater.category.slug == "knitwear"
    assert [option.name for option in sweater.options.all()] == ["Color", "Size"]
    assert [media.path.rpartition("/")[2] for media in sweater.media.all()] == ["moss.jpg", "clay.jpg", "detail.jpg"]
    assert not any(media.is_ours for media in sweater.media.all())
    chair = Product.objects.get(slug="oak-chair")
    assert (chair.title, chair.status, chair.on_web, chair.options.count()) == ("=Oak Chair", "draft", False, 0)
    kettle = Product.objects.get(slug="copper-kettle")
    assert (kettle.title, kettle.status, kettle.on_web) == ("Copper Kettle – größer", "archived", True)
    assert not Product.objects.filter(slug="gift-card").exists()


def test_variants_with_codes_prices_and_stock(report: Report) -> None:
    found = {
        variant.sku: (
            variant.title,
            [barcode.key for barcode in variant.barcodes.all()],
            [(price.amount_minor, price.compare_at_minor) for price in variant.prices.all()],
            [level.on_hand for level in variant.stock_levels.all()],
        )
        for variant in Variant.objects.all()
    }
    assert found == {
        "NF-1-M": ("Moss / M", ["04006381333931"], [(7990, 9990)], [5]),
        "NF-1-L": ("Moss / L", ["13652285"], [(7990, None)], []),
        "MOSS-SWEATER-CLAY-M": ("Clay / M", [], [(8490, None)], []),
        "MOSS-SWEATER-CLAY-L": ("Clay / L", [], [(8490, None)], [7]),
        "100": ("", ["00036000291452"], [(24900, None)], [2]),
        "COPPER-KETTLE": ("", [], [], []),
    }
    clay = Variant.objects.get(sku="MOSS-SWEATER-CLAY-M")
    assert (clay.weight_grams, clay.picture.path) == (400, "https://cdn.example.com/clay.jpg")


def test_stock_moves_as_an_import_of_this_run(report: Report) -> None:
    run = ImportRun.objects.get()
    movements = StockMovement.objects.all()
    assert {(m.kind, m.source_type, m.source_uid, m.created_at) for m in movements} == {
        ("import", "import", run.uid, AT)
    }
    assert sorted(m.quantity for m in movements) == [2, 5, 7]
    assert set(StockLevel.objects.values_list("location__code", flat=True)) == {"PDX-1"}


def test_the_run_is_kept(report: Report) -> None:
    run = ImportRun.objects.get()
    assert (run.state, run.file_name, run.rows_total, run.rows_done) == ("finished", "shopify_products.csv", 14, 14)
    assert run.outcomes == {"created": 8, "refused": 6}
    assert run.tally["variants"] == {"created": 6, "refused": 1}
    assert run.columns == {
        "ignored": ["SEO Title", "Care (product.metafields.custom.care)"],
        "unknown": ["Shop Floor Note"],
        "encoding": "utf-8",
    }
    assert run.problems.filter(refused=True).count() == 5
    assert run.options["location"] == "PDX-1"


def test_the_same_file_again_changes_nothing(take: Take, report: Report) -> None:
    before = _versions()
    again = take(FILE)
    assert dict(again.outcomes) == {"created": 0, "updated": 0, "unchanged": 8, "refused": 6}
    assert _versions() == before
    assert ImportRun.objects.count() == 2


def _versions() -> set[tuple[object, ...]]:
    """Every row's version, and what tills would fetch."""
    tables = (
        "catalog_product catalog_variant catalog_barcode catalog_media catalog_option catalog_listing pricing_price"
    )
    tables += " inventory_stocklevel inventory_stockmovement sync_remembered events_event"
    found = {row for table in tables.split() for row in rows(f"SELECT '{table}', id, xmin::text FROM {table}")}
    return found | set(rows("SELECT 'change_seq', id, change_seq::text FROM catalog_variant"))


def test_a_changed_file_changes_what_changed(take: Take, report: Report, tmp_path: Path) -> None:
    text = FILE.read_text("utf-8-sig").replace("Moss Sweater", "Moss Jumper", 1).replace("79.90,99.90", "75.00,99.90")
    path = tmp_path / "changed.csv"
    path.write_text(text)
    changed = take(path)
    assert dict(changed.outcomes) == {"created": 0, "updated": 1, "unchanged": 7, "refused": 6}
    assert changed.tally["prices"] == {"updated": 1, "unchanged": 4}
    assert Product.objects.get(slug="moss-sweater").title == "Moss Jumper"


def test_rows_of_a_product_that_are_torn_apart_are_one_product(take: Take, written: Callable[..., Path]) -> None:
    header = ["Handle", "Title", "Option1 Name", "Option1 Value", "Variant SKU", "Variant Price"]
    report = take(
        written(
            [
                header,
                ["a", "A", "Size", "S", "A-S", "1.00"],
                ["b", "B", "Size", "S", "B-S", "2.00"],
                ["a", "", "", "M", "A-M", "1.50"],
                ["c", "C", "Size", "S", "C-S", "3.00"],
                ["a", "", "", "S", "A-S", "9.00"],
            ]
        )
    )
    assert dict(report.outcomes) == {"created": 4, "updated": 0, "unchanged": 0, "refused": 1}
    assert [v.sku for v in Product.objects.get(slug="a").variants.all()] == ["A-S", "A-M"]
    assert kinds(report)["variant_repeated"] == 1


def test_without_a_location_stock_is_left_out(take: Take) -> None:
    report = take(FILE, location="")
    assert kinds(report)["no_location"] == 5
    assert not StockLevel.objects.exists()
    assert report.tally["prices"]["created"] == 5


def test_what_a_piece_holds_comes_in_and_changes_lists(take: Take, written: Callable[..., Path]) -> None:
    header = ["Handle", "Title", "Variant SKU", "Variant Price", "Unit Price Total Measure"]
    header += ["Unit Price Total Measure Unit", "Unit Price Base Measure"]
    rows_ = [["a", "Wax", "WAX", "12.00", "250", "g", "100"], ["b", "Tar", "TAR", "9", "8", "oz", ""]]
    first = take(written([header, *rows_]))
    wax, tar = Variant.objects.get(sku="WAX"), Variant.objects.get(sku="TAR")
    assert (wax.content_amount, wax.content_unit) == (Decimal("250.000"), "g")
    assert (tar.content_amount, tar.content_unit, kinds(first)["content_unusable"]) == (None, "", 1)
    assert set(wax.product.listings.values_list("held", "held_unit")) == {(250_000, "g")}
    again = take(written([header, ["a", "Wax", "WAX", "12.00", "0.75", "L", ""]]))
    assert (again.outcomes["updated"], again.tally["prices"]["unchanged"]) == (1, 1)
    assert set(wax.product.listings.values_list("held", "held_unit")) == {(750, "l")}
