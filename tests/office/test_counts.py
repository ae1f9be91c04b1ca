"""The pages of stock counts and adjustments, as people use them: with and without a script, by role and by store."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.approve_count import approve_count
from inventory.actions.count_item import count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.start_count import start_count
from inventory.levels import Demand, Source
from inventory.models import CountScan, StockCount, StockMovement
from tests.office import pages
from tests.office.conftest import Company

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def manager(company: Company, as_staff: Callable[..., Client]) -> Client:
    return as_staff("manager", company.pearl)


@pytest.fixture
def count(company: Company) -> StockCount:
    return start_count(company.pearl, kind="full", person=None, at=now())


def page_of(count: StockCount, name: str) -> str:
    return reverse(f"admin:inventory_stockcount_{name}", args=[count.pk])


def scan(count: StockCount, code: str, quantity: int) -> None:
    count_item(count.pk, uid=new_uid(), code=code, quantity=quantity, person=None, at=now())


@action
def sell(company: Company, units: int) -> None:
    source = Source("order", new_uid())
    stock.sell([Demand(company.mug.pk, company.pearl.pk, units)], source=source, at=now())


def said(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def on_hand(company: Company) -> int:
    return company.mug.stock_levels.get(location=company.pearl).on_hand


def test_a_count_is_started_and_its_page_says_how_far_it_is(company: Company, manager: Client) -> None:
    address = reverse("admin:inventory_stockcount_start_page")
    form = manager.get(address).content.decode()
    assert "Portland Pearl" in form
    assert "Seattle Ballard" not in form  # not hers
    answer = manager.post(address, {"location": company.pearl.pk, "kind": "full", "is_blind": "yes"})
    count = StockCount.objects.get()
    assert answer["Location"] == pages.row_of(count)
    page = manager.get(answer["Location"]).content.decode()
    assert "0 / 2" in page
    assert page_of(count, "scan") in page
    refused = manager.post(address, {"location": company.pearl.pk, "kind": "category", "is_blind": "yes"})
    assert refused.status_code == 422
    assert "Choose the category to count, or count everything." in refused.content.decode()
    elsewhere = manager.post(address, {"location": company.ballard.pk, "kind": "full", "is_blind": "yes"})
    assert elsewhere.status_code == 422


def test_scanning_works_by_a_plain_form(company: Company, manager: Client, count: StockCount) -> None:
    page = manager.get(page_of(count, "scan")).content.decode()
    uid = re.search(r'data-count-main.*?name="uid" value="([^"]+)"', page, re.S)
    assert uid is not None
    sent = {"uid": uid[1], "code": company.mug.barcodes.get().code, "quantity": ""}
    answer = manager.post(page_of(count, "scan"), sent).content.decode()
    assert "Enamel Mug" in answer
    assert "<html" in answer
    again = manager.post(page_of(count, "scan"), sent, **SCRIPT).content.decode()
    assert "This scan was here already; it counts once." in again
    assert again.lstrip().startswith('<div id="count-scans"')
    assert "1 of 2 items counted" in again
    assert CountScan.objects.get().quantity == 1


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"code": "NOPE"}, 422, "No item has the code “NOPE”."),
        ({"code": ""}, 422, "No item has the code “”."),
        ({"code": "BLU-01", "quantity": "many"}, 422, "Enter the quantity as a whole number, such as 2."),
        ({"code": "BLU-01", "quantity": "1.5"}, 422, "Enamel Mug is sold in whole pieces."),
        ({"code": "BLU-01", "uid": "none"}, 422, "This scan came without its number."),
        ({"code": "BLU-01", "quantity": "-1"}, 422, "0 of BLU-01 are counted so far: 1 cannot be taken back."),
        ({"code": "<script>"}, 422, "&lt;script&gt;"),
    ],
)
def test_a_scan_that_cannot_be_says_why(
    sent: dict[str, str], status: int, says: str, company: Company, manager: Client, count: StockCount
) -> None:
    answer = manager.post(page_of(count, "scan"), {"uid": str(new_uid()), **sent}, **SCRIPT)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert not CountScan.objects.exists()


def test_a_scan_is_taken_back_once_whoever_presses(
    company: Company, manager: Client, as_staff: Callable[..., Client], count: StockCount
) -> None:
    scan(count, "BLU-01", 5)
    for browser in (manager, as_staff("lead", company.pearl)):
        page = browser.get(page_of(count, "scan")).content.decode()
        undo = re.search(r'name="uid" value="([^"]+)"><input type="hidden" name="code" value="BLU-01"><input'
                         r' type="hidden" name="quantity" value="-5"', page)  # fmt: skip
        if undo:
            form = {"uid": undo[1], "code": "BLU-01", "quantity": "-5"}
            for _twice in range(2):
                browser.post(page_of(count, "scan"), form, **SCRIPT)
    assert sorted(CountScan.objects.values_list("quantity", flat=True)) == [-5, 5]
    assert "taken back" in manager.get(page_of(count, "scan")).content.decode()


def test_who_counts_blind_learns_the_expected_number_nowhere(
    company: Company, as_staff: Callable[..., Client], count: StockCount
) -> None:
    lead = as_staff("lead", company.pearl)
    seen = start_count(company.pearl, kind="full", person=None, is_blind=False, at=now())
    for each in (count, seen):
        scan(each, "BLU-01", 3)
    sent = {"code": "BLU-01", "quantity": "1"}
    blind = lead.post(page_of(count, "scan"), {**sent, "uid": str(new_uid())}, **SCRIPT).content.decode()
    told = lead.post(page_of(seen, "scan"), {**sent, "uid": str(new_uid())}, **SCRIPT).content.decode()
    assert "the books say" not in blind
    assert "the books say 18" in told
    assert "Expected</th>" not in lead.get(pages.row_of(count)).content.decode()
    finish_count(count.pk, person=None, at=now())
    page = lead.get(pages.row_of(count)).content.decode()
    assert "Expected</th>" not in page
    assert "Difference in value" not in page
    assert page_of(count, "approval") not in page


def test_a_review_from_doubt_to_the_books(company: Company, manager: Client, count: StockCount) -> None:
    scan(count, "BLU-01", 9)
    sell(company, 1)
    scan(count, "BLU-01", 7)
    answer = manager.post(page_of(count, "finish"), {})
    assert said(answer) == "Counting is finished. The count can be reviewed now."
    review = manager.get(pages.row_of(count)).content.decode()
    assert "1 line cannot be judged" in review
    assert "it moved between two scans" in review
    refused = manager.post(page_of(count, "approval"), {"leave_out": "no"})
    assert refused.status_code == 422
    assert "BLU-01 must be counted again first" in refused.content.decode()

    line = count.lines.get(variant=company.mug).pk
    answer = manager.post(page_of(count, "lines"), {"line": [line], "decision": "recount", "show": "differences"})
    assert said(answer) == "1 line is counted again."
    assert "count again from the beginning" in manager.get(page_of(count, "scan")).content.decode()
    scan(count, "BLU-01", 16)
    manager.post(page_of(count, "finish"), {})
    uncounted = manager.get(pages.row_of(count), {"show": "uncounted"}).content.decode()
    assert "Canvas Tote" in uncounted
    answer = manager.post(
        page_of(count, "lines"), {"line": [count.lines.get(variant=company.tote).pk, line], "decision": "none"}
    )
    assert said(answer) == "1 line is counted as none."
    answer = manager.post(page_of(count, "approval"), {})
    told = said(answer)  # messages are shown once
    assert "2 lines are counted, 2 of them corrected; the stock is worth $0.00 more." in told
    assert told.endswith("1 promise is broken: see the cases.")
    assert on_hand(company) == 16
    case = Case.objects.get(subject="TOT-02 at PDX-1")
    assert case.context["orders"] == [company.shipped.number]
    assert company.shipped.number in manager.get(pages.row_of(case)).content.decode()
    booked = manager.get(pages.row_of(count)).content.decode()
    assert "approved by" in booked
    assert page_of(count, "approval") not in booked
    assert manager.post(page_of(count, "approval"), {}).status_code == 422
    assert StockMovement.objects.filter(kind="count").count() == 2
    movement = manager.get(pages.lists()["inventory.stockmovement"]).content.decode()
    assert f"documents/stock_count/{count.uid}/" in movement
    assert manager.get(f"/admin/documents/stock_count/{count.uid}/")["Location"] == pages.row_of(count)


@pytest.mark.parametrize("decision", ["recount", "none"])
def test_deciding_about_nothing_is_refused_in_words(decision: str, manager: Client, count: StockCount) -> None:
    scan(count, "BLU-01", 1)
    finish_count(count.pk, person=None, at=now())
    answer = manager.post(page_of(count, "lines"), {"decision": decision, "line": ["x", "9" * 40]})
    assert said(answer).startswith("Tick the lines that are meant.")
    assert manager.get(page_of(count, "lines")).status_code == 405


def test_a_file_is_taken_as_a_whole_or_not_at_all(company: Company, manager: Client, count: StockCount) -> None:
    def bring(text: str) -> Any:
        file = SimpleUploadedFile("shelf.csv", text.encode(), "text/csv")
        return manager.post(page_of(count, "file"), {"file": file})

    refused = bring("code,quantity\nBLU-01,18\nNOPE,2\n")
    assert refused.status_code == 422
    assert "Line 3: nothing has the code “NOPE”." in refused.content.decode()
    assert not CountScan.objects.exists()
    assert said(bring("code,quantity\nBLU-01,18\nTOT-02,5\n")) == "2 lines are counted."
    again = said(bring("code,quantity\nBLU-01,18\nTOT-02,5\n"))
    assert again.endswith("This file was brought before. Nothing was counted twice.")
    assert manager.post(page_of(count, "file"), {}).status_code == 422


def test_counts_of_other_stores_do_not_exist(
    company: Company, as_staff: Callable[..., Client], count: StockCount
) -> None:
    browser = as_staff("manager", company.ballard)
    for name in ("scan", "progress", "file", "finish", "approval", "cancellation"):
        assert browser.get(page_of(count, name)).status_code == 404
    for name in ("scan", "lines", "finish", "approval", "cancellation"):
        assert browser.post(page_of(count, name), {}).status_code == 404
    assert as_staff("lead", company.pearl).post(page_of(count, "approval"), {}).status_code == 422


def test_canceling_a_count(company: Company, manager: Client, count: StockCount) -> None:
    scan(count, "BLU-01", 1)
    assert manager.get(page_of(count, "cancellation")).status_code == 200
    assert StockCount.objects.get().state == "open"
    manager.post(page_of(count, "cancellation"), {})
    assert StockCount.objects.get().state == "canceled"
    assert "Counting is over" in manager.get(page_of(count, "scan")).content.decode()
    assert on_hand(company) == 18


def test_the_home_page_names_what_waits_and_how_true_the_books_are(
    company: Company, manager: Client, as_staff: Callable[..., Client], count: StockCount
) -> None:
    home = reverse("admin:index")
    assert "1 count is being made now." in manager.get(home).content.decode()
    scan(count, "BLU-01", 17)
    scan(count, "TOT-02", 5)
    finish_count(count.pk, person=None, at=now())
    page = manager.get(home).content.decode()
    assert "Counts to review" in page
    assert "Nobody is counting now." in page
    assert "Count accuracy" not in page
    approve_count(count.pk, person=None, at=now())
    assert "50.0 %" in manager.get(home).content.decode()
    assert "50.0 %" not in as_staff("manager", company.ballard).get(home).content.decode()


def test_shrink_by_reason_and_person(company: Company, manager: Client, as_staff: Callable[..., Client]) -> None:
    level = company.mug.stock_levels.get(location=company.pearl)
    adjust = reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])
    manager.post(adjust, {"change": "-3", "reason": "lost", "note": "Camera 2"})
    manager.post(adjust, {"change": "-2", "reason": "damaged", "note": ""})
    other = company.mug.stock_levels.get(location=company.ballard)
    adjust_stock(other.pk, reason="expired", change=-7, person=None, at=now())
    listed = manager.get(pages.lists()["inventory.stockadjustment"]).content.decode()
    assert "Camera 2" in listed
    assert "−3" in listed
    assert "−7" not in listed  # of another store
    report = reverse("admin:stock-shrink")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", manager.get(report).content.decode()))
    assert "Lost or stolen $0.00 1 3 0 0" in page
    assert "Damaged: not for sale $0.00 1 2 0 2" in page
    assert "Expired" not in page
    assert "The system" not in page
    everywhere = as_staff("office").get(report).content.decode()
    assert "Expired" in everywhere
    assert "The system" in everywhere
    wrong = manager.get(report, {"since": "2026-02-02", "until": "2026-01-01"}).content.decode()
    assert "This day is before the first one." in wrong
    empty = manager.get(report, {"since": "2020-01-01", "until": "2020-01-02"}).content.decode()
    assert "Nothing was lost or found" in empty
