"""Who is at the till, which tab sells, and how a day begins and ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from commerce.company.devices import PairingRefused
from commerce.kernel.clock import now
from commerce.ledger.models import Posting
from pos import pairing_attempts
from pos.actions.pair_register import pair_register
from pos.models import PairingAttempts, Register, Shift
from tests.hardware.conftest import RunningBridge, SimulatedPrinter, until
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


def test_a_pin_from_quick_fingers_is_no_scan(counter: Counter, site: Site, open_till: Callable[..., TillPage]) -> None:
    till = open_till(site.url)
    till.open()
    till.pair()
    till.expect_screen("pin")
    till.page.click("[data-username=jo]")
    till.page.keyboard.type("4711")
    till.press("Enter")
    till.expect_screen("open")


def test_too_many_wrong_pairing_codes_say_how_long_to_wait(
    counter: Counter, site: Site, open_till: Callable[..., TillPage]
) -> None:
    for _n in range(pairing_attempts.PER_ADDRESS):
        with pytest.raises(PairingRefused):
            pair_register("WRNGCODE", address="127.0.0.1", at=now())
    till = open_till(site.url)
    till.open()
    till.pair()
    expect(till.page.locator("#pair-error")).to_contain_text("Too many wrong pairing codes. Wait 10 minutes")
    expect(till.page.locator("#pair-code")).to_have_value("ABCD-EFGH")
    PairingAttempts.objects.all().delete()
    till.press("Enter")  # what was typed is still there
    till.expect_screen("pin")


def test_a_till_that_nobody_touches_locks_itself_and_keeps_the_sale(counter: Counter, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.expect_total("$214.92")
    till.page.clock.install()
    till.page.reload()  # with a clock that can be put forward
    till.expect_screen("sell")
    till.page.clock.run_for(4 * 60_000)
    till.press("Shift")  # somebody is there
    till.page.clock.run_for(4 * 60_000)
    till.expect_screen("sell")
    till.page.clock.run_for(70_000)
    till.expect_screen("pin")
    expect(till.page.locator("#pin-kept")).to_have_text("The sale with 1 item is kept")
    till.page.reload()
    till.sign_in("mara", "123456")
    till.expect_lines(("1", "Alder tent"))


@pytest.mark.parametrize("time_zone", ["Asia/Tokyo", "America/New_York"])
def test_times_are_those_of_the_store_whatever_the_computer_is_set_to(
    counter: Counter, site: Site, browser: Browser, open_till: Callable[..., TillPage], time_zone: str
) -> None:
    context = browser.new_context(timezone_id=time_zone, locale="en-US", viewport={"width": 1366, "height": 768})
    till = open_till(site.url, context.new_page())
    till.ready()
    Shift.objects.update(opened_at=datetime(2026, 3, 2, 16, 5, tzinfo=UTC))  # 8:05 in Portland
    till.page.click("#status-shift")
    expect(till.page.locator("#shift-since")).to_contain_text("8:05 AM")
    expect(till.page.locator("#status-shift")).to_contain_text("8:05 AM")
    till.press("Escape")
    till.scan(MUG_CODE)
    till.pay_exactly()
    made = f"{now().astimezone(ZoneInfo('America/Los_Angeles')):%-I:%M %p}"
    till.press("F6")
    shown = till.page.locator("#sales > li").first.inner_text().replace("\u202f", " ")
    assert made in shown or f"{now().astimezone(ZoneInfo('America/Los_Angeles')):%-I:%M %p}" in shown
    till.expect_all_sent()
    context.close()


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


def papers(printer: SimulatedPrinter) -> str:
    return "\n".join(line for paper in printer.receipts for line in paper["lines"])


def test_a_shift_is_closed_by_a_blind_count(
    counter: Counter, bridge: RunningBridge, printer: SimulatedPrinter, till: TillPage
) -> None:
    till.scan(TENT_CODE)
    till.pay_exactly()
    till.new_sale()
    till.scan(MUG_CODE)
    till.expect_total("$15.66")
    till.press("F9")
    till.press("m")
    till.press("Enter")
    till.expect_screen("done")
    till.new_sale()
    till.expect_all_sent()
    till.page.click("#status-shift")
    till.expect_screen("shift")
    figures = till.page.locator("#shift-figures > div")
    taken = ["Cash taken$214.92", "Card machine$15.66"]
    expect(figures).to_have_text(["Sales2", *taken, "Expected in the drawer$414.92"])
    till.press("x")
    until(lambda: "X REPORT" in papers(printer))
    till.page.click("#shift-close")
    expect(till.page.locator("#close-form")).not_to_contain_text("$414.92")
    fields: Any = till.page.locator("[data-denominations=close] [data-value]")
    for value, count in (("10000", "4"), ("1000", "1")):
        fields.locator(f"xpath=self::*[@data-value='{value}']").locator("input").fill(count)
    expect(till.page.locator("#close-total")).to_have_value("$410.00")
    till.page.fill("#close-note", "Lent 5 to the other till")
    till.page.fill("#close-slip", "15.6.6")
    till.page.click("#close-submit")
    expect(till.page.locator("#close-error")).to_contain_text("what the slip says")
    till.page.fill("#close-slip", "15.00")
    till.page.click("#close-submit")
    expect(till.page.locator("#closed-title")).to_have_text("The drawer is short")
    expect(till.page.locator("#closed-difference")).to_have_text("$4.92")
    expect(till.page.locator("#closed-expected")).to_have_text("$414.92")
    expect(till.page.locator("#closed-means > div")).to_have_text(taken)
    expect(till.page.locator("#closed-slip > div").last).to_have_text("The card machine is short$0.66")
    expect(till.page.locator("#z-print")).to_contain_text("Z report printed", timeout=15_000)
    assert "Z REPORT 1" in papers(printer)
    assert "COPY" not in papers(printer)
    till.press("p")
    until(lambda: "COPY 1" in papers(printer))
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
    expect(till.page.locator("#shift-figures > div").last).to_have_text("Expected in the drawershown after the count")
    expect(till.page.locator("#no-sale")).to_be_hidden()
