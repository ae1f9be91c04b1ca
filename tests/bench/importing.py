"""A Shopify export of 20,000 variants by the documented route, `manage.py import_catalog`; and the same file again."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from commerce.catalog.barcodes import make_ean13
from commerce.catalog.models import Variant
from commerce.kernel import audit
from commerce.runtime.paths import PROJECT
from inventory.models import StockLevel
from tests.bench import machine
from tests.bench.data import ADJECTIVES, BRANDS, COLORS, NOUNS, SERIES, SIZES
from tests.bench.figures import Figure
from tests.bench.place import Ground
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory

PER_PRODUCT = 4
COLUMNS = [
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name"),
    *("Option1 Value", "Option2 Name", "Option2 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker"),
    *("Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price"),
    *("Variant Compare At Price", "Variant Requires Shipping", "Variant Taxable", "Variant Barcode", "Image Src"),
    *("Image Position", "Image Alt Text", "Gift Card", "SEO Title", "SEO Description", "Variant Image", "Status"),
]


def run(ground: Ground) -> Iterator[Figure]:
    """Into an empty shop."""
    MarketFactory()
    LocationFactory(code="WH-1", warehouse=True)
    wanted = ground.size(20_000, 2_000)
    with tempfile.TemporaryDirectory() as directory:
        export = Path(directory) / "products_export.csv"
        _write_export(export, wanted // PER_PRODUCT)
        ground.say(f"importing {wanted:,} variants")
        first, used = _import(ground, export)
        _demand(wanted)
        ground.say("importing the same file again")
        again, _used = _import(ground, export)
        _demand(wanted)
    objections = sum(finding.count for finding in audit.run())
    name = ground.name
    yield Figure(name, "variants imported per second", wanted / first, "1/s", "> 2,000", 73, "Saleor")
    yield Figure(name, "CPU per variant", sum(used.ms_per(wanted)), "ms")
    yield Figure(name, "same file again: variants per second", wanted / again, "1/s", "> 2,000")
    yield Figure(name, "rows that the audit objects to", objections, "", "= 0")


def _import(ground: Ground, export: Path) -> tuple[float, machine.Cpu]:
    """Seconds that the command takes from start to end, and the CPU of it and of the database."""
    meter = machine.CpuMeter(lambda: [os.getpid()], ground.postmaster())
    command = [sys.executable, "manage.py", "import_catalog", str(export), "--format", "shopify", "--location", "WH-1"]
    before, began = meter.read(), time.perf_counter()
    finished = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if finished.returncode:
        raise RuntimeError(f"The import failed:\n{finished.stdout[-2000:]}\n{finished.stderr[-2000:]}")
    return seconds, meter.read() - before


def _demand(variants: int) -> None:
    found = Variant.objects.count(), StockLevel.objects.filter(on_hand__gt=0).count()
    if found != (variants, variants):
        raise RuntimeError(f"{variants} variants with stock were in the file, {found} are in the shop.")


def _write_export(path: Path, products: int) -> None:
    """A product export as Shopify writes it: the product on its first row, a row for each variant."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for number in range(products):
            writer.writerows(_rows(number))


def _rows(number: int) -> Iterator[dict[str, object]]:
    noun, adjective = NOUNS[number % 40], ADJECTIVES[number // 40 % 40]
    handle = f"{adjective}-{noun}-{number}".lower()
    for place in range(PER_PRODUCT):
        key = number * PER_PRODUCT + place
        row: dict[str, object] = {
            "Handle": handle,
            "Option1 Value": COLORS[(number + place // 2) % len(COLORS)],
            "Option2 Value": SIZES[place % len(SIZES)],
            "Variant SKU": f"IM-{number:06d}-{place}",
            "Variant Grams": 250,
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Qty": 1 + key % 40,
            "Variant Inventory Policy": "deny",
            "Variant Fulfillment Service": "manual",
            "Variant Price": f"{9 + key % 190}.90",
            "Variant Requires Shipping": "true",
            "Variant Taxable": "true",
            "Variant Barcode": make_ean13("20", key),
        }
        if place < 2:
            source = f"https://cdn.example.com/{handle}-{place}.jpg"
            row |= {"Image Src": source, "Image Position": place + 1, "Image Alt Text": f"{adjective} {noun}"}
        yield row | (_whole(number, noun, adjective) if place == 0 else {})


def _whole(number: int, noun: str, adjective: str) -> dict[str, object]:
    """What the first row says of the product."""
    text = f"{adjective} {noun.lower()}, made to last. "
    return {
        "Title": f"{adjective} {SERIES[number % 15]} {noun}",
        "Body (HTML)": f"<p>{text * 8}</p><ul><li>{noun}</li><li>{adjective}</li></ul>",
        "Vendor": BRANDS[number % len(BRANDS)],
        "Type": noun,
        "Tags": f"{adjective.lower()}, {noun.lower()}, new",
        "Published": "true",
        "Option1 Name": "Color",
        "Option2 Name": "Size",
        "Gift Card": "false",
        "SEO Title": f"{adjective} {noun}",
        "Status": "active",
    }
