"""The till as its people use it: keys, presses and scans on the real page."""

import re

from playwright.sync_api import ConsoleMessage, Page, Request, expect

# A scanner's keys with a scanner's times, however busy the machine is that runs the test.
_SCAN = """(code) => {
    let at = Math.max(performance.now(), (window.lastScan ?? 0) + 400);
    for (const key of [...code, "Enter"]) {
        const code = /\\d/.test(key) ? `Digit${key}` : key === "Enter" ? "Enter" : key === "-" ? "Minus" : `Key${key}`;
        const event = new KeyboardEvent("keydown", {key, code, bubbles: true, cancelable: true});
        Object.defineProperty(event, "timeStamp", {value: at});
        (document.activeElement ?? document.body).dispatchEvent(event);
        at += 4;
    }
    window.lastScan = at;
}"""


class TillPage:
    """One till in one browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = f"{url}/till/"
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)
        self._asked: set[Request] = set()  # and not yet answered
        page.on("request", lambda asked: self._asked.add(asked))
        page.on("requestfinished", lambda asked: self._asked.discard(asked))
        page.on("requestfailed", lambda asked: self._asked.discard(asked))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def open(self) -> None:
        self.page.goto(self.url)

    def hear_nothing_of(self, *paths: str) -> None:
        """From now on no answer from below these paths comes in, not even one that was asked for before."""
        for path in paths:
            self.page.route(f"**{path}**", lambda route: route.abort())
        while any(path in asked.url for asked in self._asked for path in paths):
            self.page.wait_for_timeout(10)

    def expect_screen(self, name: str, *, seconds: float = 20) -> None:
        expect(self.page.locator("#till")).to_have_attribute("data-screen", name, timeout=seconds * 1000)

    def pair(self, code: str = "ABCD-EFGH") -> None:
        self.expect_screen("pair")
        self.page.fill("#pair-code", code)

    def sign_in(self, username: str = "jo", pin: str = "4711") -> None:
        self.expect_screen("pin")
        self.page.click(f"[data-username={username}]")
        expect(self.page.locator("#pin")).to_be_focused()
        self.page.fill("#pin", pin)
        if self.page.locator("#till").get_attribute("data-screen") == "pin":
            self.page.press("#pin", "Enter")

    def open_shift(self, amount: str = "200") -> None:
        self.expect_screen("open")
        self.page.fill("#open-total", amount)
        self.page.press("#open-total", "Enter")

    def ready(self) -> None:
        """From a new browser to the first scan."""
        self.open()
        self.pair()
        self.sign_in()
        self.open_shift()
        self.expect_screen("sell")
        expect(self.page.locator(".tile").first).to_be_visible()

    def scan(self, code: str) -> None:
        self.page.evaluate(_SCAN, code)

    @property
    def total(self) -> str:
        return self.page.locator("#total").inner_text()

    def expect_lines(self, *lines: tuple[str, str]) -> None:
        """These and no others, the newest first; keys are taken a moment late, as they may begin a scan."""
        expect(self.page.locator("#lines [data-part=name]")).to_have_text([name for _quantity, name in lines])
        expect(self.page.locator("#lines [data-part=quantity]")).to_have_text([quantity for quantity, _name in lines])

    def expect_total(self, amount: str) -> None:
        expect(self.page.locator("#total")).to_have_text(amount)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def pay_exactly(self) -> None:
        """F9, E: two keys after the last scan."""
        self.press("F9")
        self.expect_screen("pay")
        self.press("e")
        self.expect_screen("done")

    @property
    def receipt_number(self) -> str:
        found = re.search(r"Receipt (\S+)", self.page.locator("#done-facts").inner_text())
        assert found
        return found[1]

    def new_sale(self) -> None:
        self.press("Enter")
        self.expect_screen("sell")

    def expect_all_sent(self, *, seconds: float = 30) -> None:
        expect(self.page.locator("#status-unsent")).to_be_hidden(timeout=seconds * 1000)

    def toast(self) -> str:
        return self.page.locator(".toast__message").first.inner_text()
