"""What lists say of themselves: their names, and why they are empty."""

from collections.abc import Callable

import pytest
from django.test import Client

from commerce.sync.models import ImportRun
from tests.office import pages
from tests.office.conftest import Company


def test_every_list_is_called_by_its_name(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("admin")
    for label, address in pages.lists().items():
        page = browser.get(address).content.decode()
        assert "<title>Select " not in page, label
    assert "<title>\n" not in page
    assert "Import problems | Counterpart" in browser.get(pages.lists()["sync.importrow"]).content.decode()


@pytest.mark.parametrize(
    ("label", "query", "says"),
    [
        ("orders.order", "?q=nothing+like+it", "No row fits this search and these filters."),
        ("catalog.product", "?status__exact=archived", "No row fits this search and these filters."),
        ("company.apitoken", "", "Issue one to let another program use the shop."),
        ("events.faileddelivery", "", "No failed deliveries yet"),
        ("sync.importrun", "", "Import a file, and see here what would become of it."),
    ],
)
def test_an_empty_list_says_why(
    label: str, query: str, says: str, company: Company, as_staff: Callable[..., Client]
) -> None:
    ImportRun.objects.all().delete()
    assert says in as_staff("admin").get(pages.lists()[label] + query).content.decode()
