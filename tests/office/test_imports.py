"""Products → Imports → Import a file: nothing is written before somebody has seen what would be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from commerce.catalog.models import Product
from commerce.kernel.clock import now
from commerce.sync.actions.work_on_import import work_on_import
from commerce.sync.models import ImportRow, ImportRun
from tests.office import pages
from tests.office.conftest import Company
from tests.sync.conftest import FILES

UPLOAD = "admin:sync_importrun_upload_page"
SOUND = FILES / "shopify_products.csv"


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}


def form(content: bytes = b"", **fields: Any) -> dict[str, Any]:
    file = SimpleUploadedFile("export.csv", content or SOUND.read_bytes(), "text/csv")
    return {"file": file, "file_format": "shopify", "location": "PDX-1", "market": "", **fields}


def send(browser: Client, content: bytes = b"", **fields: Any) -> ImportRun:
    answer = browser.post(reverse(UPLOAD), form(content, **fields))
    run = ImportRun.objects.get(file_name="export.csv")
    assert answer.status_code == 302
    assert answer["Location"] == pages.row_of(run)
    return run


def work() -> None:
    assert work_on_import(clock=now)


@pytest.mark.parametrize("role", ["manager", "associate", "lead"])
def test_who_may_not_import_finds_no_page(role: str, company: Company, as_staff: Callable[..., Client]) -> None:
    browser, run = as_staff(role), ImportRun.objects.get()
    for address in (reverse(UPLOAD), *(pages.row_of(run, name) for name in ("progress", "problems"))):
        assert browser.get(address).status_code in (302, 403, 404), address
    for name in ("start", "stop"):
        assert browser.post(pages.row_of(run, name)).status_code in (302, 403, 404)
    browser.post(reverse(UPLOAD), form())
    assert ImportRun.objects.count() == 1


def test_people_of_a_store_choose_among_their_own(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office", company.pearl)
    page = browser.get(reverse(UPLOAD)).content.decode()
    assert "Portland Pearl" in page
    assert "Seattle Ballard" not in page
    answer = browser.post(reverse(UPLOAD), form(location="SEA-1"))
    assert answer.status_code == 422
    assert not ImportRun.objects.filter(file_name="export.csv").exists()


def test_without_a_file_the_form_says_so(company: Company, as_staff: Callable[..., Client]) -> None:
    answer = as_staff("office").post(reverse(UPLOAD), form(file=""))
    assert answer.status_code == 422
    assert "Choose a file." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_checked_shown_imported_and_downloaded(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, before = as_staff("office"), Product.objects.count()
    run = send(browser)
    waiting = browser.get(pages.row_of(run)).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "HX-Refresh" not in browser.get(pages.row_of(run, "progress"))
    work()
    assert browser.get(pages.row_of(run, "progress"))["HX-Refresh"] == "true"
    page = browser.get(pages.row_of(run)).content.decode()
    assert "Nothing has been written yet" in page
    assert "What would happen" in page
    assert "This is a gift card" in page
    assert Product.objects.count() == before
    assert browser.get(pages.row_of(run, "start")).status_code == 405
    assert browser.post(pages.row_of(run, "start")).status_code == 302
    work()
    page = browser.get(pages.row_of(run), follow=True).content.decode()
    assert "What happened" in page
    assert "hx-trigger" not in page
    assert Product.objects.count() > before
    answer = browser.get(pages.row_of(run, "problems"))
    listed = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert listed[0] == "line,kind,refused,problem"
    assert len(listed) == 1 + run.problems.count()
    again = browser.post(pages.row_of(run, "start"), follow=True).content.decode()
    assert "has gone on since you looked" in again


@pytest.mark.django_db(transaction=True)
def test_a_malformed_file_is_refused_on_the_page(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office")
    run = send(browser, b"Handle,Title,Variant Price\na,A,1\nb,B\n")
    work()
    page = browser.get(pages.row_of(run)).content.decode()
    assert "This file cannot be imported, and nothing of it was" in page
    assert "Line 3 does not have 3 columns, as the header does, but 2." in page
    assert pages.row_of(run, "start") not in page


def test_a_download_is_safe_in_a_spreadsheet(company: Company, as_staff: Callable[..., Client]) -> None:
    run = ImportRun.objects.get()
    ImportRow.objects.create(run=run, line=9, code="odd", text='=HYPERLINK("http://x")')
    answer = as_staff("office").get(pages.row_of(run, "problems"))
    assert b"\"'=HYPERLINK" in b"".join(answer.streaming_content)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_imported_in_a_browser(
    desk: Callable[..., Page],
    company: Company,
    axe: Callable[..., list[Any]],
) -> None:
    """The page renews itself while the worker is at it."""
    page = desk(pages.lists()["sync.importrun"])
    page.get_by_role("link", name="Import a file").first.click()
    assert axe(page) == []
    page.get_by_label("File").set_input_files(SOUND)
    page.get_by_label("Location of the stock").select_option("PDX-1")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped")).to_be_visible()
    page.get_by_role("button", name="Check again").click()
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    work()
    expect(page.get_by_text("Nothing has been written yet")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Import", exact=True).click()
    work()
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.path().read_text("utf-8-sig").startswith("line,kind,refused,problem")
    assert axe(page) == []
