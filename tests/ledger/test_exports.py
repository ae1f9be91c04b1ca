"""The journal for the accountant: the same period is the same file, what came late a batch of its own."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.ids import new_uid
from commerce.ledger import exports, journal
from commerce.ledger.actions.export_journal import export_journal
from commerce.ledger.actions.map_account import map_account
from commerce.ledger.errors import NothingToExport
from commerce.ledger.journal import Entry, Part
from commerce.ledger.models import Account, ExportBatch
from tests.factories.company import UserFactory

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


@action
def post(
    on: date, amount: int = 1_999, *, currency: str = "USD", drawer: str = "PDX-1-1", place: str = "PDX-1"
) -> None:
    parts = (Part("cash", amount, drawer), Part("sales", -amount))
    entry = Entry("sale", "order", new_uid(), currency, parts, business_date=on, location_code=place)
    journal.post([entry], at=now())


def take() -> ExportBatch:
    return export_journal(FIRST, LAST, person=None, at=now())


def lines(batch: ExportBatch) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exports.as_csv(batch).decode("utf-8-sig"))))


def test_the_same_period_is_the_same_batch_to_the_byte() -> None:
    post(FIRST)
    post(LAST, 500)
    post(LAST + timedelta(days=1))
    one, again = take(), take()
    assert (one.pk, one.reference) == (again.pk, again.reference)
    assert exports.as_csv(one) == exports.as_csv(ExportBatch.objects.get(pk=one.pk))
    found = lines(one)
    assert [(row["account"], row["part"], row["debit"], row["credit"]) for row in found] == [
        ("cash", "PDX-1-1", "19.99", ""),
        ("sales", "", "", "19.99"),
        ("cash", "PDX-1-1", "5.00", ""),
        ("sales", "", "", "5.00"),
    ]
    assert {row["batch"] for row in found} == {one.reference}
    assert one.entries == 2


def test_what_came_late_is_a_batch_of_its_own_and_the_first_stays_as_it_was() -> None:
    post(FIRST)
    one = take()
    before = exports.as_csv(one)
    post(FIRST, 700)
    two = take()
    assert (two.number, two.entries) == (2, 1)
    assert [row["debit"] or row["credit"] for row in lines(two)] == ["7.00", "7.00"]
    assert exports.as_csv(one) == before
    assert take() == two


def test_the_accountant_has_codes_and_files_keep_those_of_their_day() -> None:
    post(FIRST)
    map_account(Account.objects.get(code="sales").pk, "8400", person=None)
    one = take()
    before = exports.as_csv(one)
    assert [row["account"] for row in lines(one)] == ["cash", "8400"]
    map_account(Account.objects.get(code="sales").pk, "8401", person=None)
    assert exports.as_csv(ExportBatch.objects.get(pk=one.pk)) == before


def test_cells_are_no_formulas_and_rows_stay_rows() -> None:
    post(FIRST, drawer='=HYPERLINK("x")', place="@SUM")
    post(FIRST, drawer="-2+3\r\nx\u2028y", place="PDX-1")
    found = lines(take())
    assert len(found) == 4
    assert (found[0]["part"], found[0]["location"]) == ('\'=HYPERLINK("x")', "'@SUM")
    assert found[2]["part"].startswith("'-2+3 ")


@pytest.mark.parametrize(("currency", "said"), [("USD", "12.34"), ("JPY", "1234"), ("KWD", "1.234")])
def test_amounts_have_the_decimals_of_their_currency(currency: str, said: str) -> None:
    post(FIRST, 1_234, currency=currency)
    assert lines(take())[0]["debit"] == said


def test_debits_are_credits() -> None:
    for amount in (1, 99, 100_000_001):
        post(FIRST, amount)
    found = lines(take())
    assert sum(Decimal(row["debit"] or 0) for row in found) == sum(Decimal(row["credit"] or 0) for row in found) > 0


def test_a_period_without_entries_is_no_file() -> None:
    with pytest.raises(NothingToExport):
        take()
    assert not ExportBatch.objects.exists()


def test_a_batch_stays_what_it_was() -> None:
    post(FIRST)
    take()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows("UPDATE ledger_exportbatch SET digest = ''")


def test_the_office_exports_on_a_page_and_takes_the_file_from_the_list() -> None:
    post(FIRST)
    client = Client()
    client.force_login(UserFactory(username="maren", role="office"))
    address = "/admin/ledger/exportbatch/make/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"since": "2026-04-01", "until": "2026-03-01"}).status_code == 422
    assert client.post(address, {"since": "2020-03-01", "until": "2020-03-02"}).status_code == 422
    assert client.post(address, {"since": "2026-03-01", "until": "2026-03-31"}).status_code == 302
    batch = ExportBatch.objects.get()
    assert batch.reference in client.get("/admin/ledger/exportbatch/").content.decode()
    file = client.get(f"/admin/ledger/exportbatch/{batch.pk}/file/")
    assert file.content == exports.as_csv(batch)
    assert "attachment" in file["Content-Disposition"]
    stranger = Client()
    stranger.force_login(UserFactory(username="lee", role="manager"))
    assert stranger.get(f"/admin/ledger/exportbatch/{batch.pk}/file/").status_code in (403, 404)
    sales = Account.objects.get(code="sales")
    named = client.post(f"/admin/ledger/account/{sales.pk}/accountant-code/", {"code": "8400"})
    assert named.status_code == 302
    assert Account.objects.get(code="sales").accountant_code == "8400"
