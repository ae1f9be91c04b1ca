"""Words have a contrast of 4.5, edges and marks of 3, on every ground they may stand on, in both themes."""

import pytest

from tests.design.tokens import THEMES, TOKENS, colors, contrast

GROUNDS = ("paper", "surface", "well", "hover")
TEXTS = (
    [(ink, ground) for ink in ("ink", "ink-soft", "danger", "positive", "warning") for ground in GROUNDS]
    + [(f"{role}-ink", role) for role in ("accent", "positive", "warning", "danger", "inverse")]
    + [(f"{role}-soft-ink", f"{role}-soft") for role in ("accent", "positive", "warning", "danger")]
    + [("ink", f"{role}-soft") for role in ("accent", "positive", "warning", "danger")]
    + [("ink-soft", "accent-soft"), ("positive", "accent-soft"), ("danger", "danger-soft"), ("ink", "flash")]
    + [("accent-ink", "accent-hover"), ("danger-ink", "danger-hover"), ("inverse-soft", "inverse")]
)
MARKS = [(mark, ground) for mark in ("line-strong", "accent", "focus") for ground in ("paper", "surface", "well")] + [
    ("accent", "accent-soft"),
    ("danger", "paper"),
    ("focus", "accent-soft"),
]


def too_weak(css: str) -> list[str]:
    """Every pair below its minimum, as a sentence."""
    found = []
    for theme, roles in colors(css).items():
        for pairs, least in ((TEXTS, 4.5), (MARKS, 3.0)):
            for over, under in pairs:
                ratio = contrast(roles[over], roles[under])
                if ratio < least:
                    found.append(f"{theme}: {over} on {under} has {ratio:.2f}, needs {least}")
    return found


def test_every_pair_is_readable() -> None:
    assert too_weak(TOKENS.read_text()) == []


def test_the_measure_is_the_one_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_a_color_that_fades_is_noticed(theme: str) -> None:
    css = TOKENS.read_text()
    roles = colors(css)
    faded = css.replace(roles[theme]["ink-soft"], roles[theme]["line-strong"])
    assert any(problem.startswith(f"{theme}: ink-soft on paper") for problem in too_weak(faded))


def test_nothing_else_sets_a_color() -> None:
    """Components name roles; a color of their own would miss the dark theme."""
    allowed = {"#000", "#0000"}  # masks, where only the opacity counts
    import re

    for sheet in (*TOKENS.parent.glob("components/*.css"), *TOKENS.parent.glob("pages/*.css")):
        named = set(re.findall(r"#[0-9a-f]{3,8}\b", sheet.read_text())) - allowed
        assert not named, f"{sheet.name} sets {named}"
