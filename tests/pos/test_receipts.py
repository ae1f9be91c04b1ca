"""The paper of a recorded sale: what stands on it, and that a printer can print it."""

from datetime import UTC, datetime

import pytest

from hardware.printers.escpos import receipt_bytes
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.protocol import validate_document
from pos.models import Sale
from pos.receipts import document_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def sale() -> Sale:
    world = World.make()
    world.sell(world.mug, 3, shift=world.open_shift())
    sale = Sale.objects.get()
    sale.sold_at = datetime(2026, 3, 1, 20, 41, tzinfo=UTC)
    return sale


def test_the_paper_says_what_was_sold_and_paid(sale: Sale) -> None:
    text = printed(sale, columns=42)
    for words in (
        "1 Burnside Street",
        "Mar 1, 2026, 12:41",  # the store's own time
        "Receipt PDX-1-1-000001",
        "3 × $16.00",
        "$48.00",
        "$3.84",
        "$51.84",
        "Cash",
        "$54.84",
        "Change",
        "$3.00",
        "8%",
        "3 items",
        "COPY 1",
    ):
        assert words in text, words


def test_it_fits_on_narrow_paper(sale: Sale) -> None:
    assert max(len(line) for line in printed(sale, columns=32).splitlines()) <= 32


def printed(sale: Sale, *, columns: int) -> str:
    document = validate_document(document_of(sale))
    paper = render(receipt_bytes(document, PrinterProfile(), columns).data)
    assert not [event for event in paper.events if "unknown" in event]
    return "\n".join(paper.lines)
