"""An import as a whole: dry, interrupted, killed, in each other's way."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from commerce.catalog.models import Product, Variant
from commerce.kernel.db import rows
from commerce.sync import runs
from commerce.sync.actions import import_file as action
from commerce.sync.errors import AnotherImport
from commerce.sync.models import ImportRow, ImportRun
from commerce.sync.report import Report
from inventory.models import StockLevel
from tests.sync.conftest import FILES

Take = Callable[..., Report]
Written = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[2]


def many(count: int) -> list[list[str]]:
    header = [
        "Handle",
        "Title",
        "Option1 Name",
        "Option1 Value",
        "Variant SKU",
        "Variant Price",
        "Variant Inventory Qty",
    ]
    made = [[f"p-{n}", f"P {n}", "Size", "S", f"P-{n}-S", "10.00", "3"] for n in range(count)]
    return [header, *made]


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_says_the_same_and_writes_nothing(take: Take) -> None:
    xid = rows("SELECT pg_current_xact_id_if_assigned()")
    dry = take(FILES / "shopify_products.csv", dry_run=True)
    assert not Product.objects.exists()
    assert not ImportRun.objects.exists()
    assert rows("SELECT pg_current_xact_id_if_assigned()") == xid
    real = take(FILES / "shopify_products.csv")
    assert (dry.outcomes, dry.tally) == (real.outcomes, real.tally)
    assert [(k.code, k.count, k.first) for k in dry.problems] == [(k.code, k.count, k.first) for k in real.problems]
    again = take(FILES / "shopify_products.csv", dry_run=True)
    assert again.outcomes["unchanged"] == 8


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_notices_what_repeats_across_batches(take: Take, written: Written, monkeypatch: object) -> None:
    monkeypatch.setattr(action, "BATCH", 1)
    header = ["Handle", "Title", "Variant SKU", "Variant Price", "Variant Barcode"]
    path = written([header, ["a", "A", "X", "1", "4006381333931"], ["b", "B", "X", "1", "4006381333931"]])
    dry = take(path, dry_run=True)
    assert {kind.code for kind in dry.problems} == {"sku_taken", "barcode_taken"}
    assert dry.outcomes == take(path).outcomes


def test_progress_and_problems_batch_by_batch(take: Take, written: Written, monkeypatch: object) -> None:
    monkeypatch.setattr(action, "BATCH", 20)
    seen: list[tuple[int, int]] = []
    take(written(many(50)), progress=lambda report, notes: seen.append((report.done, report.rows)))
    assert seen == [(10, 50), (20, 50), (30, 50), (40, 50), (50, 50)]


def test_interrupted_between_two_batches_it_goes_on(take: Take, written: Written, monkeypatch: object) -> None:
    monkeypatch.setattr(action, "BATCH", 20)
    path = written(many(50))

    def interrupt(report: Report, notes: object) -> None:
        if report.done == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(path, progress=interrupt)
    run = ImportRun.objects.get()
    assert (run.state, run.rows_done, run.outcomes) == ("interrupted", 30, {"created": 30})
    assert Product.objects.count() == StockLevel.objects.count() == 30
    report = take(path)
    assert (report.outcomes["unchanged"], report.outcomes["created"]) == (30, 20)


def test_a_failing_batch_leaves_nothing_of_itself(take: Take, written: Written, monkeypatch: object) -> None:
    monkeypatch.setattr(action, "BATCH", 20)
    calls = []

    def advance(*args: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError("disk full")
        real(*args)

    real = runs.advance
    monkeypatch.setattr(runs, "advance", advance)
    with pytest.raises(RuntimeError, match="disk full"):
        take(written(many(50)))
    assert ImportRun.objects.get().state == "failed"
    assert Variant.objects.count() == 20
    assert rows("SELECT count(*) FROM pricing_price") == [(20,)]


def test_a_batch_waits_for_another_import(take: Take, written: Written, monkeypatch: object) -> None:
    turns = iter([AnotherImport(), None])

    def take_turn() -> None:
        refused = next(turns, None)
        if refused:
            raise refused

    monkeypatch.setattr(runs, "take_turn", take_turn)
    monkeypatch.setattr(action.time, "sleep", lambda seconds: None)
    report = take(written(many(3)))
    assert report.outcomes["created"] == 3
    assert report.tally["variants"] == {"created": 3}
    monkeypatch.setattr(runs, "take_turn", lambda: (_ for _ in ()).throw(AnotherImport()))
    with pytest.raises(AnotherImport):
        take(written(many(3)))


def database() -> str:
    address = connection.settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return make_conninfo(**{name: str(address[key]) for name, key in parts.items() if address[key]})


def program(path: Path, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_catalog", str(path), "--format", "shopify", "--location", "PDX-1"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database(), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_killed_between_two_batches_it_goes_on(take: Take, written: Written) -> None:
    path = written(many(1500))
    killed = program(path, FAILPOINTS="sync.after_batch:kill")
    killed.communicate(timeout=60)
    assert killed.returncode == 137
    run = ImportRun.objects.get()
    assert run.state == "running"
    assert Product.objects.count() == StockLevel.objects.count() == run.rows_done == 1000
    report = take(path)
    assert (report.outcomes["unchanged"], report.outcomes["created"]) == (1000, 500)
    run.refresh_from_db()
    assert run.state == "interrupted"


@pytest.mark.django_db(transaction=True)
def test_control_c_in_the_middle(store: object, written: Written) -> None:
    path = written(many(20_000))
    running = program(path)
    deadline = time.monotonic() + 40
    while not Product.objects.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, _none = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Interrupted after" in out
    assert "The same command goes on from there." in out
    run = ImportRun.objects.get()
    assert (run.state, run.rows_done) == ("interrupted", Product.objects.count())
    assert 0 < run.rows_done < 20_000
    assert Variant.objects.count() == StockLevel.objects.count() == run.rows_done


def test_the_command_reports_and_lists(store: object, capsys: object, tmp_path: Path) -> None:
    problems = tmp_path / "problems.csv"
    call_command(
        "import_catalog",
        str(FILES / "shopify_products.csv"),
        "--format=shopify",
        "--location=pdx-1",
        f"--problems={problems}",
    )
    out = capsys.readouterr().out
    assert "rows of the file        8        0          0        6" in out
    assert "sku taken: 2 lines" in out
    assert "line 13: This is a gift card" in out
    assert "Unknown columns, not read: Shop Floor Note" in out
    assert "8 created, 0 updated, 0 unchanged, 6 refused." in out
    listed = problems.read_text("utf-8-sig").splitlines()
    assert len(listed) == 1 + ImportRow.objects.count()
    assert listed[0] == "line,kind,refused,problem"


def test_the_command_refuses_in_words(store: object, written: Written) -> None:
    with pytest.raises(CommandError, match=r"nothing of it was\.\n  Line 1 is not the header"):
        call_command("import_catalog", str(written("a,b\n1,2\n")), "--format=shopify")
    with pytest.raises(CommandError, match="There is no location “X”"):
        call_command("import_catalog", str(FILES / "shopify_products.csv"), "--format=shopify", "--location=X")


@pytest.mark.django_db
def test_two_imports_take_turns() -> None:
    """The turn is a lock of the transaction: a second connection does not get it meanwhile."""
    with psycopg.connect(database()) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [runs.LOCK])
        with pytest.raises(AnotherImport), transaction.atomic():
            runs.take_turn()
