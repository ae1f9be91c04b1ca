"""The style guide in Chromium: accessible in both themes and widths, and nothing wider than its page."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.design.conftest import DESKTOP, PHONE
from tests.factories.company import UserFactory


@pytest.mark.django_db
def test_only_staff_may_look() -> None:
    client = Client()
    assert client.get(reverse("styleguide")).status_code == 302
    client.force_login(UserFactory(is_staff=False))
    assert client.get(reverse("styleguide")).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse("styleguide")).status_code == 200


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_accessible_and_no_wider_than_the_page(guide, axe_light_and_dark, viewport) -> None:
    page = guide(viewport=viewport)
    assert axe_light_and_dark(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_the_check_finds_what_is_wrong(guide, axe) -> None:
    page = guide()
    page.evaluate("document.querySelector('.field__label').remove()")
    assert {violation.rule for violation in axe(page)} == {"label"}


def test_the_check_looks_at_the_dark_scheme_too(guide, axe_light_and_dark) -> None:
    page = guide()
    page.evaluate("document.body.style.setProperty('--shade', 'light-dark(#000, #333)')")
    page.evaluate("document.querySelector('h1').style.color = 'var(--shade)'")
    assert {violation.rule for violation in axe_light_and_dark(page)} == {"color-contrast, dark"}


@pytest.mark.parametrize("opener", ["dialog", "drawer"])
def test_what_lies_above_is_accessible(guide, axe, opener) -> None:
    page = guide()
    page.click(f'[data-opens="light-{opener}"]')
    assert axe(page, f"#light-{opener}") == []


def test_colors_follow_the_theme_that_is_chosen(guide) -> None:
    page = guide(theme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    dark = page.evaluate(ground)
    assert (light, dark) == ("rgb(246, 245, 241)", "rgb(20, 20, 18)")
    sides = [
        page.evaluate(f"getComputedStyle(document.querySelector('.guide__side[data-theme={side}]')).backgroundColor")
        for side in ("light", "dark")
    ]
    assert sides == [light, dark]


def test_the_keyboard_shows_where_it_is(guide) -> None:
    """Every control that Tab reaches draws a ring, or what stands for it does."""
    page = guide()
    unseen = page.evaluate(
        """() => {
          const drawn = (element, pseudo) => {
            const style = getComputedStyle(element, pseudo);
            return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
          };
          const seen = (element) => drawn(element) || drawn(element, "::after")
            || drawn(element.parentElement) || (element.nextElementSibling && drawn(element.parentElement
              .querySelector(".pinpad__dots") ?? element));
          const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
          return [...document.querySelectorAll(all)]
            .filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility())
            .filter((element) => { element.focus({focusVisible: true}); return !seen(element); })
            .map((element) => element.outerHTML.slice(0, 120));
        }"""
    )
    assert unseen == []


def test_a_missing_ring_is_noticed(guide) -> None:
    page = guide()
    page.focus("#buttons .button")
    page.keyboard.press("Tab")
    style = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(style) == "solid"
    page.evaluate("document.activeElement.style.outline = 'none'")
    assert page.evaluate(style) == "none"


@pytest.mark.parametrize(("motion", "moving"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_asked(guide, motion, moving) -> None:
    page = guide(motion=motion)
    page.wait_for_timeout(100)
    running = page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length")
    assert (running > 0) is moving


def test_targets_of_the_till_are_large_enough(guide) -> None:
    page = guide()
    sizes = page.evaluate(
        "[...document.querySelectorAll('#till :is(.tile, .keypad__key, .tender)')].map((key) => {"
        " const box = key.getBoundingClientRect(); return Math.min(box.width, box.height); })"
    )
    assert len(sizes) > 40
    assert min(sizes) >= 48
    assert page.eval_on_selector(".button--pay", "(key) => key.getBoundingClientRect().height") >= 72
