"""X and Z reports: every figure is the books' own, and a Z report says the same whenever it is printed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.ledger.models import Posting
from hardware.printers.escpos import receipt_bytes
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.protocol import validate_document
from orders.models import Order
from pos import return_receipts, shift_reports
from pos.actions.close_shift import close_shift
from pos.actions.print_report import print_report
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import Shift, TerminalBatch
from pos.shift_figures import figures
from tests.factories.company import UserFactory
from tests.faults.conftest import sale
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = 1_728  # a mug with its tax


@pytest.fixture
def world(db: None) -> World:
    return World.make()


@pytest.fixture
def shift(world: World) -> Shift:
    """Three mugs for cash, one of them brought back, and one by the card machine."""
    shift = world.open_shift()
    world.bring_back(world.sell(world.mug, 2, shift=shift), shift)
    world.sell(world.mug, shift=shift)
    by_machine(world, shift)
    return shift


def by_machine(world: World, shift: Shift, **more: Any) -> Order:
    tender = {"type": "external_terminal", "amount": {"amount": DUE, "currency": "USD"}}
    answer = record_sale(parse_envelope(sale(world, shift=str(shift.uid), tenders=[tender], **more)), at=now())
    return Order.objects.get(number=answer["number"])


def closed(world: World, shift: Shift, counted: int = 13_356, **more: Any) -> Shift:
    facts = {"note": "", "person": world.manager, "at": now(), **more}
    return close_shift(world.register, shift_uid=shift.uid, counted_minor=counted, **facts)


def printed(document: dict[str, Any], columns: int = 42) -> str:
    paper = render(receipt_bytes(validate_document(document), PrinterProfile(), columns).data)
    assert not [event for event in paper.events if "unknown" in event]
    return "\n".join(paper.lines)


def posted(account: str, part: str = "") -> int:
    rows = Posting.objects.filter(account__code=account, **({"sub": part} if part else {}))
    return int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


def test_every_figure_is_what_the_books_say(world: World, shift: Shift) -> None:
    told = figures(shift)
    assert told["sales"] == {"n": 3, "total": 4 * DUE, "tax": 4 * 128, "rounding": 0, "fees": 0}
    assert told["returns"] == {"n": 1, "total": DUE, "tax": 128}
    assert -posted("sales_tax") == told["sales"]["tax"] - told["returns"]["tax"]
    net = told["sales"]["total"] - told["sales"]["tax"] - (told["returns"]["total"] - told["returns"]["tax"])
    assert -posted("sales") == net
    by = {row["type"]: row["taken_minor"] - row["given_back_minor"] for row in told["means"]}
    assert by == {"cash": posted("cash", "PDX-1-1"), "external_terminal": posted("card_clearing", "terminal:PDX-1-1")}
    assert sum(row["amount"] for row in told["drawer"]) == told["expected"] == 10_000 + by["cash"]
    assert [(tax["base"], tax["amount"]) for tax in told["taxes"]] == [(6_400, 512)]
    assert [(tax["base"], tax["amount"]) for tax in told["returned_taxes"]] == [(1_600, 128)]
    assert told["receipts"] == ["PDX-1-1-000001", "PDX-1-1-000003"]


@pytest.mark.parametrize("columns", [42, 32])
def test_the_z_report_says_it_on_paper(world: World, shift: Shift, columns: int) -> None:
    done = closed(world, shift, 13_000, note="A coin is missing", slip_minor=1_700)
    text = printed(shift_reports.document_of(done), columns)
    for words in (
        "Z REPORT 1", "Number of sales", "$69.12", "Tax by rate", "8%", "$64.00", "$5.12", "RETURNS", "-$17.28",
        "TAKINGS", "Cash (2)", "CASH DRAWER", "Expected", "$134.56", "Counted", "$130.00", "Short", "-$4.56",
        "CARD MACHINE", "$17.00", "-$0.28", "A coin is missing", "PDX-1-1-000001", "PDX-1-1-000003", "Counted by",
    ):  # fmt: skip
        assert words in text, words
    assert max(len(line) for line in text.splitlines()) <= columns
    assert "COPY" not in text
    assert [line.strip() for line in text.splitlines() if "REPORT" in line] == ["Z REPORT 1"]


def test_copies_are_numbered_and_say_the_same(world: World, shift: Shift) -> None:
    facts = {"shift_uid": shift.uid, "person": world.manager, "at": now()}
    done = closed(world, shift)
    original = printed(shift_reports.document_of(done))
    late = sale(world, shift=str(shift.uid), sold_at=(now() - timedelta(minutes=5)).isoformat())
    record_sale(parse_envelope(late), at=now())  # was offline until now
    for number in (1, 2):
        copy = printed(print_report(world.register, **facts))
        assert f"COPY {number}" in copy
        assert [line for line in copy.splitlines() if line and "COPY" not in line] == [
            line for line in original.splitlines() if line
        ]
    second = world.open_shift()
    assert "Z REPORT 2" in printed(shift_reports.document_of(closed(world, second, 10_000)))


def test_an_x_report_closes_nothing_and_keeps_a_blind_count_blind(world: World, shift: Shift) -> None:
    associate = UserFactory(role="associate", locations=[world.store])
    shown = {
        role: printed(print_report(world.register, shift_uid=shift.uid, person=person, at=now()))
        for role, person in (("manager", world.manager), ("associate", associate))
    }
    assert "Not a closing." in shown["associate"]
    assert "CASH DRAWER" not in shown["associate"]
    assert "$134.56" in shown["manager"]
    shift.refresh_from_db()
    assert (shift.closed_at, shift.report, shift.report_copies) == (None, None, 0)


def test_the_slip_of_the_card_machine_is_held_against_the_till(world: World, shift: Shift, settings: Any) -> None:
    settings.BATCH_DIFFERENCE_LIMIT = 100
    closed(world, shift, slip_minor=DUE - 100)
    row = TerminalBatch.objects.get()
    assert (row.recorded_minor, row.batch_minor, row.actor) == (DUE, DUE - 100, world.manager)
    assert not Case.objects.filter(kind="batch_difference").exists()  # as far off as it may be
    second = world.open_shift()
    by_machine(world, second, receipt_number="PDX-1-1-000009")
    closed(world, second, 10_000, slip_minor=DUE - 101)
    assert Case.objects.get(kind="batch_difference").context["shift"] == str(second.uid)


def test_a_return_for_cash_has_a_paper_to_sign(world: World, shift: Shift) -> None:
    record = shift.returns.get().return_record
    document = return_receipts.store_copy_of(record)
    assert document is not None
    for columns in (42, 32):
        text = printed(document, columns)
        for words in ("STORE COPY", "signature", "$17.28", f"Return {record.number}", "Of receipt PDX-1-1-000001"):
            assert words in text, words
        assert max(len(line) for line in text.splitlines()) <= columns
    record.refunds.update(tender="external_terminal")
    assert return_receipts.store_copy_of(record) is None
