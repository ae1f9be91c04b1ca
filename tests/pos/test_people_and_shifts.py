"""Who is at the till, which tab sells, and how a day begins and ends."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, expect

from commerce.ledger.models import Posting
from pos.models import Register, Shift
from tests.hardware.conftest import until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter, invite, revoke
from tests.pos.till_page import TillPage
from tests.servers import Site


def test_a_wrong_pairing_code_and_a_wrong_pin_say_so(
    counter: Counter, site: Site, open_till: Callable[..., TillPage]
) -> None:
    till = open_till(site.url)
    till.open()
    till.pair("WRNG-CODE")
    expect(till.page.locator("#pair-error")).to_contain_text("not valid any more")
    till.pair()
    till.sign_in(pin="9999")
    expect(till.page.locator("#pin-message")).to_have_text("That PIN is not right. 4 more tries before a pause.")
    till.page.keyboard.type("4711", delay=80)
    till.press("Enter")
    till.expect_screen("open")


def test_five_wrong_pins_are_followed_by_a_pause(
    counter: Counter, site: Site, open_till: Callable[..., TillPage]
) -> None:
    till = open_till(site.url)
    till.open()
    till.pair()
    till.expect_screen("pin")
    till.page.click("[data-username=jo]")
    for left in (4, 3, 2, 1):
        till.page.fill("#pin", "0000")
        till.press("Enter")
        expect(till.page.locator("#pin-message")).to_contain_text(f"{left} more tries")
    till.page.fill("#pin", "0000")
    till.press("Enter")
    expect(till.page.locator("#pin-message")).to_contain_text("Too many wrong PINs")
    till.sign_in("mara", "123456")  # the others are not locked out
    till.expect_screen("open")


def test_lock_and_another_person_keep_the_sale(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F12")
    till.expect_screen("pin")
    expect(till.page.locator("#pin-kept")).to_have_text("The sale with 1 item is kept")
    till.scan(MUG_CODE)  # nobody is there to sell it
    till.sign_in("mara", "123456")
    till.expect_screen("sell")
    till.expect_lines(("1", "Alder tent"))
    till.pay_exactly()
    until(lambda: Register.objects.get().sales.filter(order__actor=counter.associate).exists())


def test_a_second_tab_looks_on_until_it_takes_over(
    counter: Counter, till: TillPage, site: Site, open_till: Callable[..., TillPage], context: BrowserContext
) -> None:
    till.scan(TENT_CODE)
    second = open_till(site.url, context.new_page())
    second.open()
    second.expect_screen("second")
    expect(second.page.locator("#second-units")).to_have_text("1 item")
    second.scan(MUG_CODE)
    second.page.click("#take-over")
    second.sign_in()
    second.expect_screen("sell")
    second.expect_lines(("1", "Alder tent"))
    till.expect_screen("second")
    second.pay_exactly()
    second.page.close()
    till.expect_screen("sell")  # it was left alone
    expect(till.page.locator("#lines-empty")).to_be_visible()


def test_a_revoked_till_forgets_what_it_knew(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    register = Register.objects.select_related("device").get()
    assert register.device
    revoke(register.device)
    till.press("F7")
    till.expect_screen("pair")
    expect(till.page.locator("#revoked")).to_be_visible()
    left = till.page.evaluate("indexedDB.databases().then((all) => all.map((one) => one.name))")
    assert "till" in left
    till.page.reload()
    till.expect_screen("pair")
    invite(counter.register, "HGFEDCBA")
    till.pair("HGFE-DCBA")
    till.sign_in()
    till.expect_screen("sell")


def test_a_shift_is_closed_by_a_blind_count(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.pay_exactly()
    till.new_sale()
    till.expect_all_sent()
    till.page.click("#status-shift")
    till.expect_screen("shift")
    expect(till.page.locator("#shift-sales")).to_have_text("1")
    expect(till.page.locator("#shift-cash")).to_have_text("$214.92")
    till.page.click("#shift-close")
    expect(till.page.locator("#close-form")).not_to_contain_text("$414.92")
    fields: Any = till.page.locator("[data-denominations=close] [data-value]")
    for value, count in (("10000", "4"), ("1000", "1")):
        fields.locator(f"xpath=self::*[@data-value='{value}']").locator("input").fill(count)
    expect(till.page.locator("#close-total")).to_have_value("$410.00")
    till.page.fill("#close-note", "Lent 5 to the other till")
    till.page.click("#close-submit")
    expect(till.page.locator("#closed-title")).to_have_text("The drawer is short")
    expect(till.page.locator("#closed-difference")).to_have_text("$4.92")
    expect(till.page.locator("#closed-expected")).to_have_text("$414.92")
    shift = Shift.objects.get()
    assert (shift.expected_minor, shift.counted_minor, shift.note) == (41_492, 41_000, "Lent 5 to the other till")
    assert sum(Posting.objects.values_list("amount_minor", flat=True)) == 0
    till.press("Enter")
    till.expect_screen("open")


def test_who_may_not_see_the_drawer_counts_blind(
    counter: Counter, site: Site, open_till: Callable[..., TillPage]
) -> None:
    till = open_till(site.url)
    till.open()
    till.pair()
    till.sign_in("mara", "123456")
    till.open_shift()
    till.expect_screen("sell")
    till.page.click("#status-shift")
    expect(till.page.locator("#shift-expected")).to_have_text("shown after the count")
    expect(till.page.locator("#no-sale")).to_be_hidden()
