"""Every screen of the till: accessible, within its window, keys that a thumb hits; by daylight and in the dark."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pos.models import Sale
from tests.hardware.conftest import RunningBridge
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.test_pickups import order
from tests.pos.till_page import TillPage
from tests.servers import Site

_SMALL = """() => [...document.querySelectorAll(".till button, .till input, .till select, .till a[href]")]
    .filter((one) => one.checkVisibility({visibilityProperty: true}))
    .filter((one) => !one.closest("label") && !one.matches(".pinpad__input"))
    .map((one) => [one.id || one.className, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.height < 47.5 || box.width < 44))
    .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`)"""
_OUTSIDE = """() => {
    const keys = [...document.querySelectorAll(".till main:not([hidden]) button")]
        .filter((one) => one.checkVisibility() && !one.closest(".chips--scroll, .picker__frame"));
    const out = keys.filter((one) => {
        const box = one.getBoundingClientRect();
        return box.right > innerWidth + 1 || box.left < -1;
    });
    const page = document.documentElement.scrollWidth > innerWidth ? ["the page"] : [];
    return [...page, ...out.map((one) => one.id || one.className)];
}"""

SIZES = {"till": (1366, 768), "small": (1024, 768), "tablet": (820, 1180), "phone": (390, 844)}


@pytest.fixture(params=SIZES)
def viewport(request: pytest.FixtureRequest) -> dict[str, int]:
    width, height = SIZES[request.param]
    return {"width": width, "height": height}


@pytest.fixture
def check(axe_light_and_dark: Callable[..., list[Any]]) -> Iterator[Callable[[Page, str], None]]:
    """Judges the screen that is shown, light and dark; what is wrong on any of them is told in the end."""
    wrong: list[tuple[str, Any]] = []

    def look(page: Page, name: str) -> None:
        page.emulate_media(reduced_motion="reduce")
        wrong.extend((name, violation) for violation in axe_light_and_dark(page))
        wrong.extend((name, f"too small: {key}") for key in page.evaluate(_SMALL))
        wrong.extend((name, f"outside: {key}") for key in page.evaluate(_OUTSIDE))

    yield look
    assert wrong == []


def test_every_screen(
    counter: Counter,
    reader: str,
    site: Site,
    bridge: RunningBridge,
    open_till: Callable[..., TillPage],
    check: Callable[[Page, str], None],
    viewport: dict[str, int],
) -> None:
    order(counter)
    till = open_till(site.url)
    page = till.page
    is_phone = viewport["width"] < 700
    till.open()
    till.expect_screen("pair")
    check(page, "pair")
    till.pair()
    till.expect_screen("pin")
    page.click("[data-username=jo]")
    check(page, "pin")
    till.sign_in()
    till.expect_screen("open")
    check(page, "open")
    till.open_shift()
    till.expect_screen("sell")
    till.scan(TENT_CODE)
    till.scan(MUG_CODE)
    check(page, "sell")
    page.click(".tile >> text=Trail mug")
    page.click(".pick[data-sku=MUG-O]")
    expect(page.locator("#elsewhere-list")).to_contain_text("Pike Street")
    check(page, "picker")
    page.click("#picker-close")
    if is_phone:
        page.click("[data-till-view=sale]")
    page.click("#reduce-open")
    page.fill("#reduce-value", "50")
    page.click("[data-reason=Damaged]")
    expect(page.locator("#reduce-preview")).to_contain_text("then")
    check(page, "reduce")
    page.click("#reduce-take")
    expect(page.locator("#approval")).to_be_visible()
    check(page, "approval")
    till.press("Escape")
    till.press("Escape")
    expect(page.locator("#reduce")).to_be_hidden()
    if is_phone:
        page.click("[data-till-view=sale]")
        check(page, "sale")
    _pay(till, check)
    _look_around(till, check)


def _pay(till: TillPage, check: Callable[[Page, str], None]) -> None:
    page = till.page
    page.click("#pay")
    till.expect_screen("pay")
    check(page, "pay")
    page.click("#tender-machine")
    check(page, "machine")
    page.click("#tender-card")
    page.click("#card-start")
    expect(page.locator("#reader-cancel")).to_be_visible()
    check(page, "reader")
    page.click("#reader-cancel")
    page.click("#reader-other")
    page.fill("#cash-given", "50")
    page.click("#cash-take")
    expect(page.locator("#tenders > li")).to_have_count(1)
    check(page, "split")
    page.locator(".quick-amount").first.click()
    till.expect_screen("done")
    expect(page.locator("#receipt-picture")).to_be_visible()
    check(page, "done")
    page.click("#new-sale")


def _take_back(till: TillPage, check: Callable[[Page, str], None]) -> None:
    page = till.page
    till.press("F4")
    till.expect_screen("returns")
    check(page, "returns")
    page.fill("#return-text", Sale.objects.get().receipt_number)
    page.press("#return-text", "Enter")
    page.locator("#return-lines .check__key").first.click()
    expect(page.locator("#return-take")).to_be_enabled()
    check(page, "return")
    page.click("#return-take")
    expect(page.locator("#return-picture")).to_be_visible()
    check(page, "returned")
    page.click("#return-finish")


def _look_around(till: TillPage, check: Callable[[Page, str], None]) -> None:
    page = till.page
    for key, screen in (("F6", "sales"), ("F7", "tasks")):
        till.press(key)
        till.expect_screen(screen)
        check(page, screen)
    page.locator(".task").first.click()
    check(page, "task")
    _take_back(till, check)
    page.click("#status-settings")
    till.expect_screen("settings")
    check(page, "settings")
    page.click("#settings-back")
    page.click("#status-shift")
    till.expect_screen("shift")
    expect(page.locator("#shift-close")).to_be_enabled(timeout=20_000)
    check(page, "shift")
    page.click("#shift-close")
    check(page, "count")
    page.click("#close-submit")
    expect(page.locator("#closed")).to_be_visible()
    check(page, "closed")
