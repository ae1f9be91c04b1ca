"""The rules of the house for templates, each as a function from a template to its breaches."""

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

from tests.house_rules import Source

_COMMENT = re.compile(r"{#.*?#}|{% *comment.*?endcomment *%}|<!--.*?-->", re.DOTALL)
_TAG = re.compile(r"{%.*?%}", re.DOTALL)
_DRAWN_ELSEWHERE = re.compile(r"{% *(component|include)\b")
_VALUE = re.compile(r"{{.*?}}", re.DOTALL)
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_DATA_SCRIPTS = {"application/json", "application/ld+json"}  # never executed, so the policy lets them be
_PLACEHOLDER = "\N{OBJECT REPLACEMENT CHARACTER}"


class _Reader(HTMLParser):
    """Notes the root elements and everything that the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.roots: list[tuple[str, dict[str, str]]] = []
        self.refused: list[tuple[int, str]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if not self._depth:
            self.roots.append((tag, given))
        if tag not in _VOID:
            self._depth += 1
        self._look(tag, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if not self._depth:
            self.roots.append((tag, given))
        self._look(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._depth = max(0, self._depth - 1)

    def _look(self, tag: str, given: dict[str, str]) -> None:
        line = self.getpos()[0]
        if tag == "style":
            self.refused.append((line, "<style>"))
        if tag == "script" and "src" not in given and given.get("type") not in _DATA_SCRIPTS:
            self.refused.append((line, "<script> without src"))
        for name, value in given.items():
            if (
                name == "style"
                or (name.startswith("on") and name.isalpha())
                or name.startswith(("hx-on", "data-hx-on"))
            ):
                self.refused.append((line, f"{name}="))
            if value.strip().lower().startswith(("javascript:", "js:")):
                self.refused.append((line, f'{name}="{value[:20]}…"'))


def inline_code(source: Source) -> list[str]:
    """No script and no style inside a page: the content security policy refuses them."""
    if _is_mail(source):  # mail readers know nothing else
        return []
    return [f"{source.path}:{line} {what}: move it to a file in static/" for line, what in _read(source).refused]


def fragments(source: Source) -> list[str]:
    """`_x.html` is one element, and an id it has is the file's name: what an htmx view returns fits its place."""
    name = PurePosixPath(source.path).stem
    if not name.startswith("_") or {"components", "styleguide"} & set(source.parts) or _is_mail(source):
        return []
    roots = _read(source).roots
    if not roots and _DRAWN_ELSEWHERE.search(source.text):
        return []
    ids = {given.get("id", "") for _, given in roots}
    if not roots or (len(roots) > 1 and (len(ids) > 1 or ids == {""})):
        return [f"{source.path} has {len(roots)} root elements; a fragment is one, or alternatives of the same id"]
    plain = name.removeprefix("_")
    expected = {plain, plain.replace("_", "-")}
    return [
        f"{source.path}: its root element has the id '{found}', not '{plain}'"
        for found in ids
        if found and found.split(_PLACEHOLDER)[0].rstrip("-_") not in expected
    ]


def _is_mail(source: Source) -> bool:
    return "emails" in source.parts or "email" in PurePosixPath(source.path).stem.split("_")


def _read(source: Source) -> _Reader:
    text = _COMMENT.sub(_blank, source.text)
    text = _VALUE.sub(_PLACEHOLDER, _TAG.sub(_blank, text))
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


def _blank(found: re.Match[str]) -> str:
    return "\n" * found.group().count("\n")  # keeps line numbers


RULES = [inline_code, fragments]
