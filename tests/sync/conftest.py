import csv
import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commerce.company.models import Location
from commerce.sync.actions.import_file import import_file
from commerce.sync.report import Report
from tests.factories.catalog import CategoryFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory

FILES = Path(__file__).parent / "files"
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture
def store(db: None) -> Location:
    """A store called Downtown, a market in dollars, and a shelf for knitwear."""
    MarketFactory()
    CategoryFactory(name="Knitwear", slug="knitwear")
    return LocationFactory(code="PDX-1", name="Downtown")


@pytest.fixture
def take(store: Location) -> Callable[..., Report]:
    """`take(path)` imports a file to the store."""

    def run(path: Path, **asked: object) -> Report:
        options = {"location": asked.pop("location", "PDX-1"), "market": asked.pop("market", "")}
        return import_file(path=path, file_format="shopify", options=options, person=None, at=AT, **asked)

    return run


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """`written(rows)` is a CSV file of these rows, packed when the name says so."""

    def write(rows: list[list[str]] | bytes | str, name: str = "file.csv") -> Path:
        path = tmp_path / name
        if isinstance(rows, list):
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(rows)
            data = path.read_bytes()
        else:
            data = rows.encode() if isinstance(rows, str) else rows
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


def kinds(report: Report) -> dict[str, int]:
    """How many notes there are of each kind."""
    return {kind.code: kind.count for kind in report.problems}
