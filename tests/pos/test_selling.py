"""Selling at the counter: real site, bridge, printer and card network; a browser with a scanner that types."""

from typing import Any

import pytest
from playwright.sync_api import expect

from commerce.ledger.models import Posting
from inventory.models import StockLevel
from orders.models import Order, Payment
from pos.models import CashMovement, Sale, Shift
from tests.hardware.conftest import RunningBridge, SimulatedPrinter, post, until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Server


def at_reader(card_network: Server, reader: str, gesture: str) -> None:
    """What the customer does at the reader."""
    status, answer = post(f"{card_network.url}/_control/readers/{reader}/{gesture}", {}, origin=None)
    assert status == 200, answer


def text_of(receipt: dict[str, Any]) -> str:
    return "\n".join(receipt["lines"])


def test_a_cash_sale_by_scanner_from_first_scan_to_printed_paper(
    counter: Counter, bridge: RunningBridge, printer: SimulatedPrinter, till: TillPage
) -> None:
    till.scan(TENT_CODE)
    till.scan(MUG_CODE)
    till.scan(MUG_CODE)
    till.expect_total("$246.24")  # 199.00 + 2 x 14.50, and 8 %
    till.expect_lines(("2", "Trail mug"), ("1", "Alder tent"))
    till.press("F9")
    till.expect_screen("pay")
    expect(till.page.locator("#pay-remaining")).to_have_text("$246.24")
    till.press("1")
    till.page.fill("#cash-given", "250")
    expect(till.page.locator("#cash-take-label")).to_have_text("Change $3.76")
    till.press("Enter")
    till.expect_screen("done")
    expect(till.page.locator("#done-change")).to_have_text("$3.76")
    expect(till.page.locator("#print-state")).to_contain_text("Receipt printed")
    expect(till.page.locator("#receipt-picture")).to_be_visible()
    assert till.receipt_number == "PDX-1-1-000001"
    paper = text_of(printer.receipts[0])
    for words in ("Alder tent", "2 × $14.50", "$246.24", "Change", "$3.76", "PDX-1-1-000001"):
        assert words in paper
    assert printer.state["kicks"] == 1
    sale = until(lambda: Sale.objects.select_related("order", "shift").first())
    assert (sale.receipt_number, sale.order.total_minor) == ("PDX-1-1-000001", 24_624)
    assert sale.shift == Shift.objects.get()
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.tendered_minor) == (24_624, 25_000)
    assert StockLevel.objects.get(variant=counter.tent).on_hand == 4
    assert sorted(CashMovement.objects.values_list("kind", "amount_minor")) == [("float", 20_000), ("sale", 24_624)]
    assert sum(Posting.objects.values_list("amount_minor", flat=True)) == 0
    till.expect_all_sent()
    till.new_sale()
    expect(till.page.locator("#lines-empty")).to_be_visible()


def test_twenty_scans_in_two_seconds_are_twenty_units(counter: Counter, till: TillPage) -> None:
    for number in range(20):
        till.scan(MUG_CODE if number % 2 else TENT_CODE)
    till.expect_total("$2,305.80")
    till.expect_lines(("10", "Trail mug"), ("10", "Alder tent"))


def test_an_impatient_thumb_makes_one_sale(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    expect(till.page.locator(".quick-amount").first).to_be_visible()
    till.page.evaluate(
        "() => { const key = document.querySelector('.quick-amount'); key.click(); key.click(); key.click(); }"
    )
    till.expect_screen("done")
    until(lambda: Sale.objects.count() == 1)
    till.expect_all_sent()
    assert list(Payment.objects.values_list("amount_minor", flat=True)) == [21_492]
    assert Sale.objects.count() == 1


def test_what_is_scanned_while_a_field_has_the_focus_goes_into_the_sale_and_not_into_the_field(till: TillPage) -> None:
    till.scan(TENT_CODE)
    quantity = till.page.locator("#lines [data-part=input]")
    quantity.click()
    till.scan(MUG_CODE)
    till.expect_lines(("1", "Trail mug"), ("1", "Alder tent"))
    till.page.click("#search")
    till.scan(MUG_CODE)
    till.expect_lines(("2", "Trail mug"), ("1", "Alder tent"))
    expect(till.page.locator("#search")).to_have_value("")


def test_an_unknown_barcode_says_what_to_do_and_takes_nothing(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.scan("9999999999994")
    expect(till.page.locator(".toast__message")).to_contain_text("No product has the code 9999999999994")
    till.expect_lines(("1", "Alder tent"))
    till.scan(MUG_CODE)  # nothing modal ate it
    till.expect_lines(("1", "Trail mug"), ("1", "Alder tent"))
    expect(till.page.locator(".toast")).to_have_count(0)


def test_lines_are_changed_by_keys_and_presses_and_a_change_is_taken_back(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("+")
    till.press("+")
    till.expect_lines(("3", "Alder tent"))
    till.press("-")
    till.expect_total("$429.84")
    till.scan(MUG_CODE)
    till.press("ArrowDown")
    till.press("Delete")
    till.expect_lines(("1", "Trail mug"))
    till.press("Control+z")
    till.expect_lines(("1", "Trail mug"), ("2", "Alder tent"))
    till.page.click("#empty-sale")
    expect(till.page.locator("#pay")).to_be_disabled()
    till.page.click("[data-toast-action=undo]")
    till.expect_lines(("1", "Trail mug"), ("2", "Alder tent"))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("0", []), ("-1", [("1", "Alder tent")]), ("abc", [("1", "Alder tent")]), ("7", [("7", "Alder tent")])],
)
def test_a_quantity_typed_by_hand(till: TillPage, typed: str, shown: list[tuple[str, str]]) -> None:
    till.scan(TENT_CODE)
    field = till.page.locator("#lines [data-part=input]")
    field.fill(typed)
    field.press("Enter")
    till.expect_lines(*shown)


def test_a_product_is_found_by_name_sku_and_part_of_its_barcode(till: TillPage) -> None:
    for typed in ("ald", "tent-2", "381333"):
        till.page.fill("#search", typed)
        expect(till.page.locator(".tile__name")).to_have_text(["Alder tent"])
    till.press("Enter")
    till.expect_lines(("1", "Alder tent"))
    till.page.fill("#search", "zzz")
    expect(till.page.locator("#tiles-empty")).to_be_visible()
    till.page.fill("#search", "")
    till.page.click(".chip >> text=Kitchen")
    expect(till.page.locator(".tile__name")).to_have_text(["Trail mug"])


def test_a_variant_that_is_not_here_is_shown_where_it_is(counter: Counter, till: TillPage) -> None:
    till.page.click(".tile >> text=Trail mug")
    expect(till.page.locator(".pick")).to_have_count(2)
    till.page.click(".pick[data-sku=MUG-O]")
    expect(till.page.locator("#elsewhere-list")).to_contain_text("4 at Pike Street")
    till.page.click("#why-ask")
    expect(till.page.locator("#why-answer")).to_be_visible()
    expect(till.page.locator("#why-text")).not_to_be_empty()
    till.page.click("#add-anyway")
    till.expect_lines(("1", "Trail mug"))
    expect(till.page.locator("#lines [data-part=problem]")).to_have_text("The stock says none left")


def test_a_card_on_the_reader_is_approved_and_recorded(
    counter: Counter, reader: str, card_network: Server, till: TillPage
) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("2")
    till.press("Enter")
    expect(till.page.locator("#reader-title")).to_have_text("Waiting for the card")
    at_reader(card_network, reader, "present")
    till.expect_screen("done")
    expect(till.page.locator("#done-label")).to_have_text("Paid")
    expect(till.page.locator("#done-facts")).to_contain_text("··")
    payment = until(lambda: Payment.objects.filter(tender="card_present").first())
    assert (payment.amount_minor, payment.provider) == (21_492, "stripe")


def test_a_declined_card_is_told_apart_and_cash_takes_its_place(
    counter: Counter, reader: str, card_network: Server, till: TillPage
) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("2")
    till.page.fill("#card-amount", "100")
    till.press("Enter")
    expect(till.page.locator("#reader-title")).to_have_text("Waiting for the card")
    at_reader(card_network, reader, "decline")
    expect(till.page.locator("#reader-title")).to_have_text("The card was declined")
    expect(till.page.locator("#reader-text")).to_contain_text("The card was not charged")
    till.page.click("#reader-again")
    expect(till.page.locator("#reader-title")).to_have_text("Waiting for the card")
    at_reader(card_network, reader, "present")
    expect(till.page.locator("#pay-remaining")).to_have_text("$114.92")
    expect(till.page.locator("#pay-back")).to_be_disabled()  # money has moved
    till.press("1")
    till.page.fill("#cash-given", "120")
    till.press("Enter")
    till.expect_screen("done")
    until(lambda: Payment.objects.count() == 2)
    assert sorted(Payment.objects.values_list("tender", "amount_minor")) == [("card_present", 10_000), ("cash", 11_492)]
    assert Order.objects.get().payment_status == "paid"


def test_a_printer_that_is_off_stops_no_sale_and_prints_when_it_is_back(
    counter: Counter, bridge: RunningBridge, printer: SimulatedPrinter, till: TillPage
) -> None:
    printer.stop()
    till.scan(MUG_CODE)
    till.pay_exactly()
    expect(till.page.locator("#print-state")).to_contain_text("The printer is off or not connected", timeout=15_000)
    expect(till.page.locator("#reprint")).to_contain_text("Reprint")
    till.expect_all_sent()
    assert Sale.objects.count() == 1
    printer.start(path="/healthz")
    expect(till.page.locator("#status-printer")).to_contain_text("Printer ready", timeout=15_000)
    till.page.click("#reprint")
    expect(till.page.locator("#print-state")).to_contain_text("Receipt printed")
    assert "COPY" not in text_of(printer.receipts[0])
    till.page.click("#reprint")
    until(lambda: len(printer.receipts) == 2)
    assert "COPY 1" in text_of(printer.receipts[0])


def test_with_no_bridge_the_sale_is_made_and_said_to_be_without_paper(till: TillPage) -> None:
    till.scan(MUG_CODE)
    till.pay_exactly()
    expect(till.page.locator("#print-state")).to_contain_text("nothing was printed")
    expect(till.page.locator("#receipt-lines")).to_contain_text("Trail mug")
    expect(till.page.locator("#status-printer")).to_have_text("No printer")
    till.expect_all_sent()
