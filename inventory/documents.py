"""What the documents behind movements and reservations are called: a registry of sources.

Stock knows a document as (source_type, source_uid) and nothing more. Each app that moves or holds stock offers, in a
module that `settings.STOCK_DOCUMENTS` names (`orders.sources`), a dictionary `NAMES`: source_type -> a function from
uids to what people call those documents, one statement for all of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Called:
    """What people call a document, its number apart where it has one, and what else is worth knowing in a few words."""

    title: str
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a movement or a reservation names it, and what it is called."""

    type: str
    uid: UUID
    title: str
    number: str
    note: str


Names = Callable[[Sequence[UUID]], dict[UUID, Called]]


@cache
def _registry() -> dict[str, Names]:
    found: dict[str, Names] = {}
    for path in settings.STOCK_DOCUMENTS:
        for source_type, names in import_module(path).NAMES.items():
            if source_type in found:
                raise ValueError(f"two modules name documents of the type {source_type}")
            found[source_type] = names
    return found


def of(wanted: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], Document]:
    """The documents by (source_type, source_uid); one statement per type. Those that nobody knows keep their word."""
    by_type: dict[str, set[UUID]] = defaultdict(set)
    for source_type, uid in wanted:
        by_type[source_type].add(uid)
    found = {}
    for source_type, uids in by_type.items():
        names = _registry().get(source_type)
        called = names(sorted(uids)) if names else {}
        for uid in uids:
            one = called.get(uid) or Called(_(source_type.replace("_", " ").capitalize()))
            found[source_type, uid] = Document(source_type, uid, one.title, one.number, one.note)
    return found
