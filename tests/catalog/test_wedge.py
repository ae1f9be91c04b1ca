"""A scanner that types: every scan counted once and in order, whatever has the focus, and fingers left alone.

Keys pressed through the browser are as slow as the machine is busy, so those tests stretch the time between keys that
makes a burst; the others give their events the times of a real scanner.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from commerce.catalog.barcodes import make_ean13
from tests.module_pages import module_pages

SLOW_GAP = 600
LISTEN = """async ({gapMs, delay}) => {
    const {WedgeScanner} = await import("/static/js/till/wedge.js");
    document.body.innerHTML = `<input id="quantity" value="1"><input id="amount" type="number" value="5">
        <input id="raw" data-scans="typed"><textarea id="note"></textarea><button id="pay">Pay</button>`;
    window.scans = []; window.errors = []; window.seen = []; window.paid = 0;
    document.querySelector("#pay").addEventListener("click", () => { window.paid += 1; });
    document.addEventListener("keydown", (event) => window.seen.push(event.key));
    window.wedge = new WedgeScanner({
        gapMs,
        onScan: async (scan) => {
            await new Promise((done) => setTimeout(done, delay));
            if (scan.text === "FAIL") throw new Error("no such code");
            window.scans.push(scan.text);
        },
        onError: (error, scan) => window.errors.push([error.message, scan.text]),
    }).start();
}"""
# Events with the times of a scanner, on whatever has the focus: [key, code, milliseconds after the one before].
SEND = """(keys) => {
    let at = window.lastSent ?? performance.now();
    for (const [key, code, gap] of keys) {
        at += gap;
        const event = new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true});
        Object.defineProperty(event, "timeStamp", {value: at});
        (document.activeElement ?? document.body).dispatchEvent(event);
    }
    window.lastSent = at;
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with module_pages({}) as url:
        yield url


def listen(page: Page, address: str, gap: int = 60, delay: int = 0) -> None:
    page.goto(address)
    page.evaluate(LISTEN, {"gapMs": gap, "delay": delay})


def keys(text: str, gap: float, *, end: str = "Enter", first: float = 500) -> list[Any]:
    typed = [[one, f"Digit{one}" if one.isdigit() else f"Key{one.upper()}", gap] for one in text]
    typed[0][2] = first
    return [*typed, [end, end, gap]] if end else typed


def settled(page: Page) -> list[str]:
    page.evaluate("() => window.wedge.idle()")
    return page.evaluate("() => window.scans")


def test_two_hundred_scans_in_ten_seconds_are_two_hundred(page: Page, address: str) -> None:
    """Twenty codes a second, the same one five times in a row, while each takes half as long again to be handled."""
    codes = [make_ean13("20", number // 5) for number in range(200)]
    listen(page, address, delay=5)
    page.evaluate(SEND, [key for code in codes for key in keys(code, 2, first=22)])
    assert page.evaluate("() => window.wedge.pending") > 100
    assert settled(page) == codes
    assert page.evaluate("() => window.wedge.pending") == 0
    assert page.evaluate("() => window.seen") == []


def test_a_scan_into_a_quantity_leaves_it_as_it_was(page: Page, address: str) -> None:
    listen(page, address, gap=SLOW_GAP)
    for field, value in (("#quantity", "1"), ("#amount", "5"), ("#note", "")):
        page.focus(field)
        page.keyboard.type("4006381333931")
        page.keyboard.press("Enter")
        assert page.input_value(field) == value
    assert settled(page) == ["4006381333931"] * 3


def test_a_scan_on_a_button_does_not_press_it(page: Page, address: str) -> None:
    listen(page, address, gap=SLOW_GAP)
    page.focus("#pay")
    page.keyboard.type("4006381333931")
    page.keyboard.press("Enter")
    assert settled(page) == ["4006381333931"]
    assert page.evaluate("() => window.paid") == 0
    page.wait_for_timeout(SLOW_GAP + 100)
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.evaluate("() => window.paid") == 2


def test_people_type_into_fields_as_ever(page: Page, address: str) -> None:
    """Slowly, and in rushes too quick for a person that turn out to be no scan."""
    listen(page, address, gap=SLOW_GAP)
    page.focus("#quantity")
    page.keyboard.press("End")
    page.keyboard.type("23")
    page.wait_for_timeout(SLOW_GAP + 200)
    assert page.input_value("#quantity") == "123"
    page.keyboard.type("45")
    page.keyboard.press("Backspace")
    assert page.input_value("#quantity") == "1234"
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    assert page.input_value("#quantity") == "12346"
    assert settled(page) == []


def test_quick_shortcuts_reach_the_page_after_all(page: Page, address: str) -> None:
    listen(page, address)
    page.evaluate(SEND, keys("ab", 20, end=""))
    assert page.evaluate("() => window.seen") == []
    page.wait_for_function("() => window.seen.length === 2")
    assert page.evaluate("() => window.seen") == ["a", "b"]
    page.evaluate(SEND, keys("cd", 200))
    page.wait_for_function("() => window.seen.length === 5")
    assert page.evaluate("() => window.seen") == ["a", "b", "c", "d", "Enter"]
    assert settled(page) == []


def test_a_key_held_down_is_no_scan(page: Page, address: str) -> None:
    listen(page, address, gap=SLOW_GAP)
    page.focus("#quantity")
    page.keyboard.press("End")
    for _ in range(9):
        page.keyboard.down("7")
    page.keyboard.up("7")
    page.keyboard.press("Enter")
    assert page.input_value("#quantity") == "1777777777"
    assert settled(page) == []


def test_a_field_may_ask_for_scans_to_be_typed(page: Page, address: str) -> None:
    listen(page, address, gap=SLOW_GAP)
    page.focus("#raw")
    page.keyboard.type("4006381333931")
    page.keyboard.press("Enter")
    assert page.input_value("#raw") == "4006381333931"
    assert settled(page) == []


def test_a_scanner_without_a_suffix_is_heard_and_a_late_one_is_not_pressed(page: Page, address: str) -> None:
    listen(page, address)
    page.focus("#pay")
    page.evaluate("() => { window.lastSent = undefined; }")
    page.evaluate(SEND, keys("4006381333931", 3, end="", first=0))
    page.wait_for_function("() => window.scans.length === 1")
    page.evaluate(SEND, [["Enter", "Enter", 150]])
    assert page.evaluate("() => window.seen") == []
    page.evaluate(SEND, keys("40063813", 3, end=""))  # eight digits that are no number: somebody's fingers
    page.wait_for_function("() => window.seen.length === 8")
    assert settled(page) == ["4006381333931"]


def test_a_wrong_keyboard_layout_does_not_garble_numbers(page: Page, address: str) -> None:
    """A scanner set to US keys on a French layout types & for 1, and with an input method on, nothing at all."""
    french = dict(zip("1234567890", "&é\"'(-è_çà", strict=True))
    listen(page, address)
    number = "4006381333931"
    garbled = [[french[digit], f"Digit{digit}", 3] for digit in number]
    composed = [["Process", f"Digit{digit}", 3] for digit in number]
    for typed in (garbled, composed):
        typed[0][2] = 500
        page.evaluate(SEND, [*typed, ["Enter", "Enter", 3]])
    assert settled(page) == [number, number]


def test_separators_of_gs1_codes_come_through(page: Page, address: str) -> None:
    listen(page, address)
    page.evaluate(
        """() => {
            const press = (key, code, ctrlKey = false) => document.body.dispatchEvent(
                new KeyboardEvent("keydown", {key, code, ctrlKey, bubbles: true, cancelable: true}));
            for (const digit of "10ABC") press(digit, "");
            press("]", "BracketRight", true);
            for (const digit of "0109506000134352") press(digit, `Digit${digit}`);
            press("Shift", "ShiftLeft");
            press("Tab", "Tab");
        }"""
    )
    assert settled(page) == ["10ABC\x1d0109506000134352"]


def test_a_scan_that_fails_does_not_hold_up_the_next(page: Page, address: str) -> None:
    listen(page, address)
    page.evaluate(SEND, [*keys("FAIL", 3), *keys("4006381333931", 3)])
    assert settled(page) == ["4006381333931"]
    assert page.evaluate("() => window.errors") == [["no such code", "FAIL"]]


def test_scans_from_elsewhere_join_the_queue_and_stopping_ends_it(page: Page, address: str) -> None:
    listen(page, address, delay=20)
    page.evaluate(SEND, keys("4006381333931", 3))
    page.evaluate("() => window.wedge.submit('036000291452')")
    assert settled(page) == ["4006381333931", "036000291452"]
    page.evaluate("() => window.wedge.stop()")
    page.evaluate(SEND, keys("4006381333931", 3))
    assert len(settled(page)) == 2
    assert page.evaluate("() => window.seen.length") == 14
