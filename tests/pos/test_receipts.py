"""The paper of a recorded sale: what stands on it, and that a printer can print it."""

from datetime import UTC, datetime

import pytest

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from hardware.printers.escpos import receipt_bytes
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.protocol import validate_document
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
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


@pytest.mark.parametrize("columns", [42, 32])
def test_what_was_taken_off_stands_below_its_line_and_below_the_subtotal(columns: int) -> None:
    world = World.make()
    by_hand = {"id": "a", "kind": "percent", "value": 100_000, "label": "Damaged, 10% off", "approved_by": "mina"}
    on_all = {"id": "b", "kind": "amount", "value": 500, "label": "Goodwill", "approved_by": "mina"}
    changed = {"original": 19_900, "reason": "Price match", "approved_by": "mina"}
    lines = [
        {"id": "1", "sku": "MUG", "quantity": 2, "unit_price": dollars(1_600), "discounts": [by_hand]},
        {"id": "2", "sku": "TENT", "quantity": 1, "unit_price": dollars(15_000), "discounts": [], "override": changed},
    ]
    sent = {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": "mina",
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": lines,
        "order_discounts": [on_all],
        "tenders": [{"type": "cash", "amount": dollars(18_770)}],
    }
    record_sale(parse_envelope(sent), at=now())
    text = printed(Sale.objects.get(), columns=columns)
    rows = [line.rstrip() for line in text.splitlines()]
    for label, amount in (
        ("  Damaged, 10% off", "-$3.20"),
        ("Subtotal", "$178.80"),
        ("Goodwill", "-$5.00"),
        ("Tax", "$13.90"),
    ):
        assert f"{label}{amount:>{columns - len(label)}}" in rows, (label, text)
    assert "Price was $199.00: Price" in text
    assert max(len(row) for row in rows) <= columns
    assert not Case.objects.exists()


def dollars(minor: int) -> dict[str, object]:
    return {"amount": minor, "currency": "USD"}


def printed(sale: Sale, *, columns: int) -> str:
    document = validate_document(document_of(sale))
    paper = render(receipt_bytes(document, PrinterProfile(), columns).data)
    assert not [event for event in paper.events if "unknown" in event]
    return "\n".join(paper.lines)
