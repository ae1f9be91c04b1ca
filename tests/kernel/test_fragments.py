"""Components are rendered once for the same arguments, and anew for whatever could look different."""

from typing import Any

import pytest
from django.template import engines
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from commerce.kernel import fragments
from commerce.kernel.fragments import Fragments
from commerce.kernel.templatetags import ui

BADGE = "{% load ui %}{% component 'badge' label=label %}"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Fragments:
    own = Fragments()
    monkeypatch.setattr(ui, "_fragments", own)
    return own


@pytest.fixture
def renderings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the components that were really rendered."""
    rendered: list[str] = []
    original = ui.ComponentNode._rendered

    def watch(self: Any, fragment: Any, *args: Any, **more: Any) -> Any:
        rendered.append(fragment.name)
        return original(self, fragment, *args, **more)

    monkeypatch.setattr(ui.ComponentNode, "_rendered", watch)
    return rendered


def show(source: str, **context: Any) -> str:
    return str(engines["django"].from_string(source).render(context))


def test_the_same_arguments_are_rendered_once(kept: Fragments, renderings: list[str]) -> None:
    first = show(BADGE, label="New")
    assert show(BADGE, label="New") == first
    assert show(BADGE, label="Old") == first.replace("New", "Old")
    assert len(renderings) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("<b>", mark_safe("<b>")), (1, True), (1, "1"), (0, ""), (1, 1.0)],
    ids=["escaped", "true", "text", "nothing", "fraction"],
)
def test_what_is_equal_but_not_the_same_is_kept_apart(
    kept: Fragments, renderings: list[str], one: object, other: object
) -> None:
    shown = [show(BADGE, label=label) for label in (one, other, one, other)]
    assert shown[:2] == shown[2:]
    assert len(renderings) == 2


def test_markup_is_escaped_however_often_it_is_shown(kept: Fragments) -> None:
    safe = show(BADGE, label=mark_safe("<b>x</b>"))
    assert "<b>x</b>" in safe
    for _ in range(2):
        assert "&lt;b&gt;x&lt;/b&gt;" in show(BADGE, label="<b>x</b>")


def test_every_language_has_its_own(kept: Fragments, renderings: list[str]) -> None:
    price = "{% load ui %}{% component 'price' minor=129900 currency='EUR' %}"
    shown = {}
    for language in ("en", "de", "en", "de"):
        with override(language):
            shown[language] = show(price)
    assert shown["en"] != shown["de"]
    assert len(renderings) == 2


def test_lazy_words_count_as_what_they_say_now(kept: Fragments) -> None:
    label = gettext_lazy("Yes")  # Django's own catalogs know it
    with override("en"):
        assert "Yes" in show(BADGE, label=label)
    with override("de"):
        assert "Ja" in show(BADGE, label=label)


def test_objects_are_rendered_each_time(kept: Fragments, renderings: list[str]) -> None:
    class Changing:
        count = 0

        def __str__(self) -> str:
            Changing.count += 1
            return f"seen {Changing.count}"

    label = Changing()
    assert show(BADGE, label=label) != show(BADGE, label=label)
    assert len(renderings) == 2


def test_lists_count_by_what_is_in_them(kept: Fragments, renderings: list[str]) -> None:
    facets = "{% load ui %}{% component 'facets' groups=groups prefix='x' %}"
    options = [{"value": "color:Moss", "label": "Moss", "count": 3, "is_on": False, "color": "#405040"}]
    groups = [{"name": "f", "title": "Color", "is_open": True, "options": options}]
    first = show(facets, groups=groups)
    options[0]["count"] = 4
    assert show(facets, groups=groups) == first.replace(">3<", ">4<")


@pytest.mark.parametrize("source", ["{{ request.path }}", "{% csrf_token %}", "{% now 'Y' %}", "{{ at|date }}"])
def test_a_component_that_looks_beyond_its_arguments_is_not_kept(source: str) -> None:
    template = engines["django"].from_string(source).template
    assert not fragments._is_pure(template, lambda name: pytest.fail(name))


@pytest.mark.parametrize("tag", ["component 'inner'", 'blockcomponent "inner"', "include 'components/inner.html'"])
def test_nor_is_one_with_such_a_part(tag: str) -> None:
    library = engines["django"]
    inner = library.from_string("{{ request.path }}").template
    end = "{% endblockcomponent %}" if "block" in tag else ""
    outer = library.from_string("{% load ui %}{% " + tag + " %}" + end).template
    asked: list[str] = []

    def find(name: str) -> Any:
        asked.append(name)
        return inner

    assert not fragments._is_pure(outer, find)
    assert asked == ["components/inner.html"]
    assert not fragments._is_pure(library.from_string("{% load ui %}{% component which %}").template, find)


def test_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MOST_FRAGMENTS", 3)
    kept = Fragments()
    for number in range(5):
        kept.keep(number, mark_safe("x" * 10))
    assert [kept.get(number) is not None for number in range(5)] == [False, False, True, True, True]
    monkeypatch.setattr(fragments, "MOST_CHARACTERS", 25)
    kept.keep(9, mark_safe("x" * 10))
    assert [kept.get(number) is not None for number in (3, 4, 9)] == [False, True, True]
