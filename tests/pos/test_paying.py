"""The pay screen: the sale in sight, keys for every amount, and hands that press twice or hold a key down."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, WebSocketRoute, expect

from pos.models import Sale
from tests.hardware.conftest import RunningBridge, until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Site

# The press number `count` of a series, as a browser tells it.
_PRESS = """([selector, count]) => document.querySelector(selector).dispatchEvent(
    new MouseEvent("click", {detail: count, bubbles: true, cancelable: true}))"""


def test_the_sale_stays_in_its_place_while_it_is_paid(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.scan(MUG_CODE)
    page = till.page
    before = page.locator(".till__sale").bounding_box()
    till.press("F9")
    till.expect_screen("pay")
    assert page.locator(".till__sale").bounding_box() == before
    till.expect_lines(("1", "Trail mug"), ("1", "Alder tent"))
    expect(page.locator("#total")).to_be_visible()
    for changing in ("#pay", "#empty-sale", "#lines [data-part=tools] >> nth=0", "#lines [data-part=press] >> nth=0"):
        expect(page.locator(changing)).to_be_hidden()
    till.press("Escape")
    till.expect_screen("sell")
    expect(page.locator("#pay")).to_be_visible()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768), (1920, 1080)])
def test_everything_to_pay_with_is_on_the_screen_at_once(till: TillPage, size: tuple[int, int]) -> None:
    till.page.set_viewport_size({"width": size[0], "height": size[1]})
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    assert till.page.locator(".pay-stage").evaluate("(stage) => stage.scrollHeight - stage.clientHeight") == 0
    take = till.page.locator("#cash-take").bounding_box()
    assert take
    assert take["y"] + take["height"] <= size[1] - 48  # above the status strip


def test_an_amount_of_any_length_fits_its_place(till: TillPage) -> None:
    till.page.set_viewport_size({"width": 1024, "height": 768})
    till.scan(TENT_CODE)
    till.page.locator("#lines [data-part=input]").fill("9999")
    till.page.locator("#lines [data-part=input]").press("Enter")
    till.expect_total("$2,148,985.08")
    fits = """(one) => one.scrollWidth <= one.clientWidth
        && one.getBoundingClientRect().right <= one.parentElement.getBoundingClientRect().right + 1"""
    assert till.page.locator("#total").evaluate(fits)
    till.press("F9")
    till.expect_screen("pay")
    expect(till.page.locator("#pay-remaining")).to_have_text("$2,148,985.08")
    assert till.page.locator("#pay-remaining").evaluate(fits)


def test_a_part_is_charged_to_the_card_by_keys_and_by_figures(counter: Counter, reader: str, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("2")
    page = till.page
    expect(page.locator("#card-start-label")).to_have_text("Charge $214.92")
    page.locator("#card-parts button", has_text="Half").click()
    expect(page.locator("#card-amount")).to_have_value("107.46")
    expect(page.locator("#card-start-label")).to_have_text("Charge $107.46")
    page.locator("#card-parts button", has_text="All of it").click()
    expect(page.locator("#card-start-label")).to_have_text("Charge $214.92")
    for figure in "50":
        page.locator(f"#card-panel [data-key='{figure}']").click()
    expect(page.locator("#card-start-label")).to_have_text("Charge $50.00")
    page.fill("#card-amount", "500")
    page.press("#card-amount", "Enter")
    expect(page.locator("#card-error")).to_contain_text("up to $214.92")


def test_figures_typed_go_to_the_means_that_is_chosen(counter: Counter, reader: str, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.press("3")
    till.press("5")
    expect(till.page.locator("#cash-given")).to_have_value("35")
    till.page.locator("#cash-given").blur()
    till.press("2")
    till.press("7")
    till.press("0")
    expect(till.page.locator("#card-amount")).to_have_value("70")


def test_back_is_closed_while_a_card_is_asked_for(counter: Counter, reader: str, till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("2")
    till.press("Enter")
    expect(till.page.locator("#reader-title")).to_have_text("Waiting for the card")
    expect(till.page.locator("#pay-back")).to_be_disabled()
    till.press("c")
    expect(till.page.locator("#reader-title")).to_have_text("The card payment was canceled")
    expect(till.page.locator("#pay-back")).to_be_enabled()
    till.press("Escape")
    till.expect_screen("sell")


def test_the_second_press_of_a_double_press_does_not_reach_the_next_screen(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    expect(till.page.locator(".quick-amount").first).to_be_visible()
    till.page.evaluate(_PRESS, [".quick-amount:last-child", 1])
    till.expect_screen("done")
    till.page.evaluate(_PRESS, ["#new-sale", 2])
    till.expect_screen("done")  # the change is still there to be read
    expect(till.page.locator("#done-label")).to_have_text("Change due")
    till.page.evaluate(_PRESS, ["#new-sale", 1])
    till.expect_screen("sell")
    until(lambda: Sale.objects.count() == 1)


def test_presses_in_quick_succession_on_one_key_all_count(till: TillPage) -> None:
    till.scan(TENT_CODE)
    more = till.page.locator("#lines [data-do=more]")
    more.click(click_count=3)
    till.expect_lines(("4", "Alder tent"))


@pytest.mark.parametrize("width", [1366, 1024])
def test_what_is_wrong_pushes_no_key_out_of_the_status_strip(till: TillPage, width: int) -> None:
    till.page.set_viewport_size({"width": width, "height": 768})
    till.page.context.set_offline(True)
    expect(till.page.locator("#status-connection")).to_contain_text("Offline", timeout=20_000)
    till.scan(MUG_CODE)
    till.pay_exactly()
    expect(till.page.locator("#status-unsent")).to_have_text("1 sale not sent")
    for key in ("#status-unsent", "#status-tasks", "#status-sales", "#status-settings"):
        box = till.page.locator(key).bounding_box()
        assert box
        assert box["x"] + box["width"] <= width
    till.page.context.set_offline(False)
    till.expect_all_sent()


def test_a_bridge_that_falls_silent_holds_up_no_sale(
    counter: Counter,
    site: Site,
    bridge: RunningBridge,
    context: BrowserContext,
    open_till: Callable[..., TillPage],
) -> None:
    def without_journal(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: None if "journal.append" in str(message) else server.send(message))

    context.route_web_socket(re.compile("."), without_journal)
    till = open_till(site.url)
    till.ready()
    expect(till.page.locator("#status-printer")).to_contain_text("Printer ready", timeout=15_000)
    till.scan(MUG_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.press("e")
    till.expect_screen("done", seconds=3)


def test_many_unknown_scans_leave_one_message(till: TillPage) -> None:
    for number in range(4):
        till.scan(f"999999999{number}")
        expect(till.page.locator(".toast__message")).to_contain_text(f"999999999{number}")
    expect(till.page.locator(".toast")).to_have_count(1)


def test_why_takes_no_room_from_the_choices(till: TillPage) -> None:
    page = till.page
    page.set_viewport_size({"width": 1024, "height": 480})
    page.click(".tile >> text=Trail mug")
    page.click(".pick[data-sku=MUG-O]")
    expect(page.locator("#elsewhere-list")).to_contain_text("Pike Street")
    page.click("#why-ask")
    expect(page.locator("#why-text")).not_to_be_empty()
    assert page.locator("#picker-choices").evaluate("(frame) => frame.scrollHeight - frame.clientHeight") <= 0
    expect(page.locator("#picker-close")).to_be_in_viewport()
    page.click(".pick[data-sku=MUG-R]")
    till.expect_lines(("1", "Trail mug"))


def test_a_search_is_cleared_by_a_press(till: TillPage) -> None:
    clear = till.page.locator("#search-clear")
    expect(clear).to_be_hidden()
    till.page.fill("#search", "mug")
    expect(till.page.locator(".tile__name")).to_have_text(["Trail mug"])
    clear.click()
    expect(till.page.locator(".tile__name")).to_have_count(2)
    expect(clear).to_be_hidden()


def test_enter_held_down_does_not_pass_over_the_change(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.page.fill("#cash-given", "300")
    till.page.keyboard.down("Enter")
    till.expect_screen("done")
    till.page.keyboard.down("Enter")  # the keyboard repeats it
    till.page.keyboard.down("Enter")
    till.expect_screen("done")
    expect(till.page.locator("#done-change")).to_have_text("$85.08")
    till.page.keyboard.up("Enter")
    till.new_sale()
