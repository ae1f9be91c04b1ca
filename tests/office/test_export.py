"""Lists as CSV files: what is on the screen, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from commerce.kernel.cells import safe
from customers.models import Customer
from tests.office import pages
from tests.office.conftest import Company


def table(browser: Client, label: str, **filters: str) -> list[dict[str, str]]:
    answer = browser.get(pages.lists()[label] + "export/", filters)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_the_lists_columns_and_filters(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office")
    rows = table(browser, "orders.order", channel__exact="web")
    assert {row["Number"] for row in rows} == {company.shipped.number, company.collected.number}
    shipped = next(row for row in rows if row["Number"] == company.shipped.number)
    assert (shipped["Customer"], shipped["Total"], shipped["Payment"]) == ("Ada Byron", "$50.00", "Paid")
    moved = table(browser, "inventory.stockmovement", q="BLU-01", kind__exact="sale")
    assert [(row["Change"], row["Balance"], row["Because of"]) for row in moved] == [
        ("-2", "18", f"Till sale {company.sold.number}")
    ]


def test_every_list_can_be_exported_by_who_sees_it(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("admin")
    for label in sorted(set(pages.lists()) - {"ledger.account", "company.shop"}):
        table(browser, label)
    lead = as_staff("lead", company.pearl)
    assert lead.get(pages.lists()["pos.shift"] + "export/").status_code == 403
    assert {row["Number"] for row in table(lead, "orders.order")} == {company.sold.number, company.shipped.number}


def test_a_formula_in_a_name_stays_a_name(company: Company, as_staff: Callable[..., Client]) -> None:
    Customer.objects.filter(email="ada@example.com").update(name='=HYPERLINK("http://evil.example")')
    (row,) = [row for row in table(as_staff("office"), "customers.customer") if row["E-mail"] == "ada@example.com"]
    assert row["Name"] == '\'=HYPERLINK("http://evil.example")'


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = safe(text)
    assert cell in (text, f"'{text}")
    assert not cell.startswith(("=", "@", "\t", "\r", "\0"))
    if cell.startswith(("+", "-")):
        float(cell.replace(",", "."))


@pytest.mark.parametrize("number", ["-2", "+3", "-1.50", "12"])
def test_numbers_stay_numbers(number: str) -> None:
    assert safe(number) == number
