"""The accessibility check: axe-core's rules of WCAG 2.2 AA on a page as it is now."""

import dataclasses
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_OF_COLORS = ["color-contrast", "link-in-text-block"]  # the rules whose answer depends on the color scheme
# Only what is wrong leaves the page: what is right, too, would take longer than the check.
_RUN = "([context, options]) => axe.run(context ?? document, options).then((found) => found.violations)"
# Where a parent and its child both fade, the child begins anew with each step of its parent: it ends later.
_SETTLED = """async () => {
    const moving = () => document.getAnimations().filter((one) => {
        return one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
    });
    const until = performance.now() + 2000;
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    await frame();
    while (moving().length && performance.now() < until) await frame();
}"""


@dataclasses.dataclass(frozen=True)
class Violation:
    """One accessibility rule that a page breaks, with the elements that break it."""

    rule: str
    impact: str
    help: str
    elements: tuple[str, ...]


def check(page: Page, context: str | None = None, *, only_colors: bool = False) -> list[Violation]:
    """What is wrong with the page. `context`: a selector to look at alone."""
    run_only = {"type": "rule", "values": _OF_COLORS} if only_colors else {"type": "tag", "values": _RULES}
    options = {"runOnly": run_only, "preload": False, "resultTypes": ["violations"]}
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    return [_violation(rule) for rule in page.evaluate(_RUN, [context, options])]


def check_light_and_dark(page: Page, context: str | None = None) -> list[Violation]:
    """What is wrong in either color scheme of the system; the page is light afterwards.

    The second look is for the rules that colors can break: the page is the same one.
    """
    show(page, "light")
    found = check(page, context)
    show(page, "dark")
    found += [dataclasses.replace(one, rule=f"{one.rule}, dark") for one in check(page, context, only_colors=True)]
    show(page, "light")
    return found


def show(page: Page, scheme: Any) -> None:
    """Change the system's color scheme and wait until the page has its colors."""
    page.emulate_media(color_scheme=scheme)
    settle(page)


def settle(page: Page) -> None:
    """Wait until nothing on the page moves, fades in or changes its color any more."""
    page.evaluate(_SETTLED)


def _violation(rule: dict[str, Any]) -> Violation:
    return Violation(rule["id"], rule["impact"], rule["help"], tuple(node["html"][:200] for node in rule["nodes"]))
