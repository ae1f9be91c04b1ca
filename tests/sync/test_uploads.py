"""Files that people upload in the back office: checked, imported, stopped, gone on with, by workers that may die."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from commerce.catalog.models import Product
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotAllowed
from commerce.pricing.models import TaxRate
from commerce.sync import uploads
from commerce.sync.actions import import_file as importing
from commerce.sync.actions.start_import import start_import
from commerce.sync.actions.stop_import import stop_import
from commerce.sync.actions.upload_file import upload_file
from commerce.sync.actions.work_on_import import work_on_import
from commerce.sync.errors import NotNow
from commerce.sync.models import ImportRun
from commerce.sync.report import Report
from inventory.models import StockLevel
from tests.factories.company import UserFactory
from tests.sync.conftest import FILES
from tests.sync.test_import_file import many

pytestmark = pytest.mark.django_db(transaction=True)
Upload = Callable[..., ImportRun]


@pytest.fixture
def person(store: Location) -> Any:
    return UserFactory(username="nova", role="office")


@pytest.fixture
def upload(person: Any, settings: Any, tmp_path: Path) -> Upload:
    """`upload(content)`: a run for a file that was sent."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}

    def send(content: bytes, name: str = "products.csv", **asked: Any) -> ImportRun:
        given = {"person": person, "file_format": "shopify", "options": {"location": "PDX-1"}, "at": now(), **asked}
        return upload_file(file=io.BytesIO(content), name=name, size=len(content), **given)

    return send


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def work() -> bool:
    return work_on_import(clock=now)


def fresh(run: ImportRun) -> ImportRun:
    return ImportRun.objects.get(pk=run.pk)


def test_it_says_and_does_what_the_command_does(upload: Upload, take: Callable[..., Report], person: Any) -> None:
    """Check, then import: the same counts, things and problems as `manage.py import_catalog`."""
    content = (FILES / "shopify_products.csv").read_bytes()
    dry = take(FILES / "shopify_products.csv", dry_run=True)
    run = upload(content)
    assert work()
    checked = fresh(run)
    assert checked.state == "checked"
    assert not Product.objects.exists()
    assert checked.outcomes == dict(dry.outcomes)
    assert checked.tally == {kind: dict(counts) for kind, counts in dry.tally.items()}
    foreseen = list(run.problems.values_list("line", "code", "refused", "text"))
    assert len(foreseen) == sum(kind.count for kind in dry.problems)
    start_import(checked, person=person, at=now())
    assert work()
    done = fresh(run)
    assert (done.state, done.rows_done) == ("finished", sum(dry.outcomes.values()))
    assert done.rows_done == done.rows_total
    assert done.outcomes == {name: count for name, count in dry.outcomes.items() if count}
    assert list(run.problems.values_list("line", "code", "refused", "text")) == foreseen
    assert StockLevel.objects.exists()
    assert (done.turn, done.beat_at, done.actor) == (None, None, person)
    assert not work()
    assert take(FILES / "shopify_products.csv").outcomes["unchanged"] == dry.outcomes["created"]


@pytest.mark.parametrize(
    ("name", "file_format", "rates", "refused"),
    [("tax_us_zip.csv", "us-zip", date(2026, 1, 1), 4), ("tax_eu.json", "eu", date(1900, 1, 1), 2)],
)
def test_tables_of_tax_rates_are_uploaded_as_well(
    name: str, file_format: str, rates: date, refused: int, upload: Upload, person: Any
) -> None:
    run = upload((FILES / name).read_bytes(), name, file_format=file_format, options={"valid_from": "2026-01-01"})
    assert work()
    assert (fresh(run).state, fresh(run).outcomes["refused"]) == ("checked", refused)
    assert not TaxRate.objects.exists()
    start_import(fresh(run), person=person, at=now())
    assert work()
    assert (fresh(run).state, fresh(run).rows_done) == ("finished", fresh(run).rows_total)
    assert TaxRate.objects.order_by("valid_from").values_list("valid_from", flat=True)[0] == rates


def test_a_malformed_file_is_refused_line_by_line(upload: Upload, person: Any) -> None:
    run = upload(b"Handle,Title,Variant Price\na,A,1\nb,B\nc,C,3,4\n")
    assert work()
    refused = fresh(run)
    assert refused.state == "refused"
    assert [fault["line"] for fault in refused.faults] == [3, 4]
    with pytest.raises(NotNow):
        start_import(refused, person=person, at=now())


def test_who_may_not_and_what_is_no_file(upload: Upload, store: Location) -> None:
    with pytest.raises(NotAllowed):
        upload(b"x", person=UserFactory(username="cashier", role="associate"))
    with pytest.raises(InvalidInput, match="There is no location"):
        upload(b"x", options={"location": "NOWHERE"})
    with pytest.raises(InvalidInput, match="is empty"):
        upload(b"")
    with pytest.raises(InvalidInput):
        upload(b"x", file_format="../shopify")
    assert not ImportRun.objects.exists()


def test_it_stops_between_two_batches_and_goes_on(upload: Upload, person: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(importing, "BATCH", 20)
    run = upload(as_csv(many(50)))
    work()
    start_import(fresh(run), person=person, at=now())
    kept = uploads.beat

    def stop_at_30(run: ImportRun, **words: Any) -> None:
        if fresh(run).rows_done == 30:
            uploads.ask_to_stop(run, at=now())
        kept(run, **words)

    monkeypatch.setattr(uploads, "beat", stop_at_30)
    assert work()
    stopped = fresh(run)
    assert (stopped.state, stopped.rows_done, stopped.stop_asked) == ("interrupted", 30, False)
    assert Product.objects.count() == 30
    monkeypatch.setattr(uploads, "beat", kept)
    start_import(stopped, person=person, at=now())
    assert work()
    done = fresh(run)
    assert (done.state, done.outcomes) == ("finished", {"unchanged": 30, "created": 20})
    assert Product.objects.count() == StockLevel.objects.count() == 50


def test_what_nobody_is_at_stops_at_once_and_a_stopped_check_is_checked_again(upload: Upload, person: Any) -> None:
    run = upload(as_csv(many(3)))
    assert stop_import(run, person=person, at=now())
    assert not work()
    with pytest.raises(NotNow):
        stop_import(run, person=person, at=now())
    start_import(fresh(run), person=person, at=now())
    assert fresh(run).state == "checking"
    assert work()
    assert fresh(run).state == "checked"
    assert not Product.objects.exists()


def test_another_worker_takes_over_from_one_that_died(upload: Upload, person: Any, monkeypatch: Any) -> None:
    """The first worker's beat is old: the second begins anew, and the first, should it wake, writes nothing more."""
    monkeypatch.setattr(importing, "BATCH", 20)
    run = upload(as_csv(many(50)))
    work()
    start_import(fresh(run), person=person, at=now())
    claim = action(uploads.claim)
    dead = claim(at=now())
    assert claim(at=now()) is None  # one at a time
    late = now() + uploads.STALE + timedelta(seconds=1)
    assert work_on_import(clock=lambda: late)
    assert fresh(run).state == "finished"
    with uploads.at_hand(dead) as path, pytest.raises(importing.Stopped):
        importing.import_file(
            path=path, file_format="shopify", options=dict(dead.options), person=person, at=now(), into=dead
        )
    assert fresh(run).state == "finished"
    assert Product.objects.count() == 50


def test_a_file_that_is_gone_says_so(upload: Upload, person: Any) -> None:
    run = upload(as_csv(many(3)))
    storages["private"].delete(run.path)
    assert work()
    assert fresh(run).state == "refused"
    assert "There is no file" in fresh(run).faults[0]["text"]


def test_the_file_is_kept_where_no_address_leads_to_it(upload: Upload, client: Any) -> None:
    run = upload(b"Handle\n", name="../../évil name.csv")
    with storages["private"].open(run.path) as kept:
        assert kept.read() == b"Handle\n"
    assert run.path.startswith("imports/")
    assert ".." not in run.path
    assert client.get(f"/media/{run.path}").status_code == 404
