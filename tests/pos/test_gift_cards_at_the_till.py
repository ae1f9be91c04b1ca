"""Paying by gift card at the till: held by the server for the sale on the screen, taken with it."""

import pytest
from playwright.sync_api import expect

from customers.models import GiftCard, WalletHold
from orders.models import Payment
from tests.factories.catalog import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.wallets import code_of, credit, gift_card
from tests.hardware.conftest import until
from tests.pos.conftest import TENT_CODE, Counter
from tests.pos.till_page import TillPage

TENT = 21_492
GIFT_CODE = "5901234123457"


def test_a_scanned_card_pays_what_it_has_and_cash_the_rest(till: TillPage) -> None:
    card = gift_card(5_000)
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.scan(code_of(card))
    page = till.page
    expect(page.locator("#pay-remaining")).to_have_text("$164.92")
    expect(page.locator("#tenders")).to_contain_text(f"Gift card ··{card.last_four}")
    assert WalletHold.objects.get(state="held").amount_minor == 5_000
    assert GiftCard.objects.get().balance_minor == 5_000
    page.locator("#tenders [data-part=remove]").click()  # by mistake
    expect(page.locator("#pay-remaining")).to_have_text("$214.92")
    until(lambda: WalletHold.objects.get().state == "released")
    page.fill("#gift-code", code_of(card).lower())
    page.press("#gift-code", "Enter")
    expect(page.locator("#pay-remaining")).to_have_text("$164.92")
    page.click("#tender-cash")
    page.press("#cash-given", "Enter")
    till.expect_screen("done")
    until(lambda: Payment.objects.filter(tender="gift_card", captured_minor=5_000).exists())
    assert GiftCard.objects.get().balance_minor == 0


def test_a_card_and_credit_pay_for_all_of_it(till: TillPage) -> None:
    card = gift_card(20_000)
    credit("ada@example.com", 5_000)
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("g")
    page = till.page
    page.fill("#gift-code", code_of(card))
    page.press("#gift-code", "Enter")
    expect(page.locator("#pay-remaining")).to_have_text("$14.92")
    page.fill("#gift-code", "ada@example.com")
    page.press("#gift-code", "Enter")
    till.expect_screen("done")
    until(lambda: Payment.objects.filter(state="captured").count() == 2)
    assert sum(Payment.objects.values_list("captured_minor", flat=True)) == TENT


def test_a_part_of_two_cards_is_taken_and_more_of_one_when_it_is_scanned_again(till: TillPage) -> None:
    one, other = gift_card(15_000), gift_card(9_000)
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("g")
    page = till.page
    page.fill("#gift-amount", "999")
    page.fill("#gift-code", code_of(one))
    page.press("#gift-code", "Enter")
    expect(page.locator("#gift-amount-error")).to_contain_text("Write an amount up to $214.92")
    page.locator("#gift-parts [data-minor='5000']").click()
    expect(page.locator("#gift-take-label")).to_have_text("Take $50.00")
    page.press("#gift-code", "Enter")
    expect(page.locator("#pay-remaining")).to_have_text("$164.92")
    till.scan(code_of(other))
    expect(page.locator("#pay-remaining")).to_have_text("$74.92")
    page.fill("#gift-amount", "4.92")
    till.scan(code_of(one))
    expect(page.locator("#pay-remaining")).to_have_text("$70.00")
    expect(page.locator("#tenders [data-place]")).to_have_count(2)
    till.scan(code_of(one))
    till.expect_screen("done")
    until(lambda: Payment.objects.filter(state="captured").count() == 2)
    assert sorted(GiftCard.objects.values_list("balance_minor", flat=True)) == [0, 2_508]


def test_a_number_that_pays_nothing_is_said_and_nothing_is_taken(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.scan("G-2222-2222-2222-2222")
    expect(till.page.locator("#gift-error")).to_contain_text("This gift card cannot be used here")
    expect(till.page.locator("#pay-remaining")).to_have_text("$214.92")


def test_while_nothing_is_paid_a_scan_tells_what_is_on_the_card(till: TillPage) -> None:
    card = gift_card(2_500)
    till.scan(code_of(card))
    expect(till.page.locator(".toast")).to_contain_text(f"Gift card ··{card.last_four}: $25.00")
    till.expect_screen("sell")


def test_with_no_server_no_card_is_taken_and_the_till_says_so(till: TillPage) -> None:
    card = gift_card(5_000)
    till.page.context.set_offline(True)
    expect(till.page.locator("#status-connection")).to_contain_text("Offline", timeout=20_000)
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.scan(code_of(card))
    expect(till.page.locator("#gift-error")).to_contain_text("need the server")
    expect(till.page.locator("#pay-remaining")).to_have_text("$214.92")
    assert not WalletHold.objects.exists()


@pytest.fixture
def voucher(counter: Counter) -> str:
    goods = ProductFactory(title="Gift card", category=CategoryFactory(name="Gifts"))
    VariantFactory(
        product=goods,
        sku="GIFT",
        price=False,
        is_open_price=True,
        is_open_to_all=True,
        is_gift_card=True,
        barcode=GIFT_CODE,
    )
    return GIFT_CODE


def test_a_new_card_is_sold_with_its_number_on_the_receipt(voucher: str, till: TillPage) -> None:
    page = till.page
    till.scan(voucher)
    expect(page.locator("label[for=open-price-note]")).to_contain_text("Gift card number")
    page.fill("#open-price-field", "30")
    page.press("#open-price-field", "Enter")
    expect(page.locator("#lines")).to_contain_text("G-")
    till.expect_total("$30.00")
    card = GiftCard.objects.get()
    assert card.state == "inactive"
    assert code_of(card) in page.locator("#lines").inner_text()
    till.pay_exactly()
    until(lambda: GiftCard.objects.get().balance_minor == 3_000)


def test_a_gift_card_does_not_pay_for_a_gift_card(voucher: str, till: TillPage) -> None:
    card = gift_card(9_000)
    till.scan(voucher)
    till.page.fill("#open-price-field", "30")
    till.page.press("#open-price-field", "Enter")
    till.expect_total("$30.00")
    till.press("F9")
    till.expect_screen("pay")
    till.scan(code_of(card))
    expect(till.page.locator("#gift-error")).to_contain_text("Gift cards do not pay for gift cards")
    assert not WalletHold.objects.exists()


def test_a_scanned_card_is_the_one_that_is_sold(voucher: str, till: TillPage) -> None:
    card = gift_card(500)
    till.scan(voucher)
    till.page.fill("#open-price-field", "20")
    till.page.locator("#open-price-field").blur()
    till.scan(code_of(card))
    expect(till.page.locator("#open-price-note")).to_have_value(code_of(card))
    till.page.click("#open-price-add")
    expect(till.page.locator("#lines")).to_contain_text(f"··{card.last_four}")
    till.pay_exactly()
    until(lambda: GiftCard.objects.get().balance_minor == 2_500)
