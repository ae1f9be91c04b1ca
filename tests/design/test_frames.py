"""The layouts at the sizes of real windows: accessible, nothing cut off, the next action always in reach."""

import pytest
from playwright.sync_api import expect

SIZES = {
    "counter": (1024, 768),
    "laptop": (1366, 768),
    "tablet": (820, 1180),
    "small-tablet": (768, 1024),
    "phone": (390, 844),
    "desk": (1440, 900),
}


@pytest.fixture
def frame(settings, live_server, page):
    """`frame("till", "phone")`"""
    settings.ROOT_URLCONF = "tests.design.frames"

    def opened(name: str, size: str):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{live_server.url}/{name}")
        return page

    return opened


def overflow(page) -> list[str]:
    """Elements that stick out of the window sideways and are not in a part that scrolls."""
    return page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((element) => {
          if (!element.checkVisibility({visibilityProperty: true}) || element.closest(".skip-link, .visually-hidden"))
            return false;
          if (element.closest(".chips--scroll, .status-strip, .gallery__track")) return false;
          const box = element.getBoundingClientRect();
          return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
        }).map((element) => element.outerHTML.slice(0, 100))"""
    )


@pytest.mark.parametrize("size", SIZES)
def test_till(frame, axe_light_and_dark, size) -> None:
    page = frame("till/", size)
    if size == "phone":
        page.get_by_role("button", name="Sale").click()
    pay = page.locator("#pay")
    expect(pay).to_be_in_viewport(ratio=1)
    expect(page.locator(".summary__row--total dd")).to_be_in_viewport(ratio=1)
    assert pay.bounding_box()["height"] >= 72
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert overflow(page) == []
    assert axe_light_and_dark(page) == []


def test_a_till_for_the_left_hand_changes_sides(frame) -> None:
    page = frame("till/?hand=left", "counter")
    assert page.locator(".till__sale").bounding_box()["x"] == 0
    page = frame("till/", "counter")
    assert page.locator(".till__stage").bounding_box()["x"] == 0


def test_a_phone_shows_one_part_of_the_till_at_a_time(frame) -> None:
    page = frame("till/", "phone")
    expect(page.locator(".till__sale")).to_be_hidden()
    page.get_by_role("button", name="Sale").click()
    expect(page.locator(".till__stage")).to_be_hidden()
    page.get_by_role("button", name="Products").click()
    expect(page.locator(".till__stage")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "tablet", "counter", "desk"])
def test_shop(frame, axe_light_and_dark, size) -> None:
    page = frame("shop/", size)
    assert overflow(page) == []
    assert axe_light_and_dark(page) == []
    columns = page.evaluate("getComputedStyle(document.querySelector('.cards')).gridTemplateColumns.split(' ').length")
    assert columns == {"phone": 2, "tablet": 3, "counter": 3, "desk": 4}[size]


def test_prices_stand_on_one_line_across_a_row(frame) -> None:
    page = frame("shop/", "desk")
    page.evaluate("document.querySelector('.card__link').textContent = 'A name '.repeat(30)")
    tops = page.evaluate("[...document.querySelectorAll('.card__price')].slice(0, 4).map((p) => p.offsetTop)")
    assert len(set(tops)) == 1


def test_the_shop_on_a_phone_opens_its_menu(frame, axe) -> None:
    page = frame("shop/", "phone")
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="Clothing").last).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#shop-nav")).to_be_hidden()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(frame) -> None:
    page = frame("shop/", "desk")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_a_menu_closes_like_one(frame) -> None:
    page = frame("shop/", "desk")
    menu = page.locator("details.menu")
    menu.locator("summary").click()
    expect(menu.get_by_text("Opens at 11:00")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_text("Opens at 11:00")).to_be_hidden()
    menu.locator("summary").click()
    page.mouse.click(400, 600)
    expect(menu.get_by_text("Opens at 11:00")).to_be_hidden()


def test_a_refusal_says_why_and_leads_back(frame, axe) -> None:
    page = frame("refusal/", "phone")
    expect(page.get_by_text("Only 1 is left; you wanted 2.")).to_be_visible()
    expect(page.get_by_role("link", name="Back to where you were")).to_have_attribute("href", "/")
    assert axe(page) == []
