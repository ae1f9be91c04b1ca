"""Rendered components, kept by everything that they are made of.

A component sees its arguments only, so the same arguments in the same language are the same markup: nothing ever has
to be thrown away because it is out of date. What depends on more than plain values is not kept.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from threading import Lock
from typing import Any

from django.conf import settings
from django.template import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MOST_FRAGMENTS = 4_000
MOST_CHARACTERS = 6_000_000
_PLAIN = frozenset({str, SafeString, int, bool, float, Decimal, type(None)})
_BEYOND_ARGUMENTS = re.compile(r"request|csrf_token|\{%\s*now\b|\|date\b|\|time|naturaltime|debug|perms")
_PARTS = re.compile(r"""\{%\s*(?:(?:block)?component|include)\s+(\S+)""")


class NotPlain(Exception):
    """An argument that is more than its value: it cannot be told whether it is the same next time."""


class Fragments:
    """What was rendered lately. `key` says by what, `get` and `keep` speak for themselves."""

    def __init__(self) -> None:
        self._kept: dict[Any, SafeString] = {}
        self._characters = 0
        self._pure: dict[str, bool] = {}
        self._lock = Lock()

    def key(self, template: Any, arguments: dict[str, Any], context: Context) -> Any:
        """By what this fragment is kept; None for one that must be rendered each time."""
        if not self._is_pure(template) or settings.DEBUG:
            return None
        try:
            values = _frozen(arguments)
        except NotPlain:
            return None
        return template.name, get_language(), context.autoescape, context.use_l10n, values

    def get(self, key: Any) -> SafeString | None:
        return self._kept.get(key)

    def keep(self, key: Any, markup: SafeString) -> None:
        """Keep a fragment; the oldest make room."""
        with self._lock:
            self._characters -= len(self._kept.pop(key, ""))  # two requests may have rendered it at the same time
            self._kept[key] = markup
            self._characters += len(markup)
            while len(self._kept) > MOST_FRAGMENTS or self._characters > MOST_CHARACTERS:
                self._characters -= len(self._kept.pop(next(iter(self._kept))))

    def _is_pure(self, template: Any) -> bool:
        """Whether a template, with all that it is made of, shows nothing but its arguments."""
        known = self._pure.get(template.name)
        if known is None:
            known = self._pure[template.name] = _is_pure(template, lambda name: template.engine.get_template(name))
        return known


def _is_pure(template: Any, find: Callable[[str], Any]) -> bool:
    if _BEYOND_ARGUMENTS.search(template.source):
        return False
    for name in _PARTS.findall(template.source):
        if name[0] not in "\"'":
            return False  # which one it will be is known only when it is rendered
        path = name.strip("\"'")
        if not _is_pure(find(path if "/" in path else f"components/{path}.html"), find):
            return False
    return True


def _frozen(value: Any) -> Any:
    """The value as something that can be compared and hashed; of what is equal but shown differently, the type too."""
    kind = type(value)
    if kind is str:
        return value
    if kind in _PLAIN:
        return kind, value
    if kind is dict:
        return kind, tuple((key, _frozen(part)) for key, part in value.items())
    if kind is list or kind is tuple:
        return kind, tuple(map(_frozen, value))
    if isinstance(value, Promise):
        return str(value)
    raise NotPlain
