"""What an app offers to the demo: a module `demo` with a class `Demo`, named in settings.DEMO.

The retailer's world comes in as data (`commerce.sandbox.retailer`, pure records, described there), so no app knows who
plays in it. First every room lays its part of the ground (`stages`); then what happened in the last weeks is told to
the rooms in the order of time (`happenings`), and they do then what they do every day, through their own steps and
actions; in the end they set the scene as the visitor finds it (`finish`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the ground. `run(advance)` makes what is missing and calls `advance(n)` whenever n more of `count`
    things are there; it opens its own transactions, and may be run again at any time."""

    title: str
    count: int
    run: Callable[[Advance], None]


class Room:
    """An app's part in the demo. One instance lives for one run and may remember what it has looked up.

    `scale` is how much of the retailer's own history is told: a larger one has fuller shelves.
    """

    def __init__(self, retailer: Any, scale: float = 1) -> None:
        self.retailer, self.scale = retailer, scale

    def stages(self, *, at: datetime) -> list[Stage]:
        """What must be there before anything can happen; `at` is when the history begins."""
        return []

    def happenings(self) -> Mapping[str, Callable[[Any, datetime], None]]:
        """By kind: what this room does with a record of the history at its time, inside a transaction."""
        return {}

    def finish(self, *, at: datetime) -> None:
        """Set the scene at the end of the history, inside a transaction."""

    def on_start(self, *, at: datetime) -> None:
        """Make good what time has spoiled since, inside a transaction: called at every start of the demo."""


def put_file(path: str, content: str) -> str:
    """Write a text below MEDIA_ROOT unless it is there like that already; the path."""
    if default_storage.exists(path):
        with default_storage.open(path) as known:
            if known.read() == content.encode():
                return path
        default_storage.delete(path)
    return default_storage.save(path, ContentFile(content.encode()))
