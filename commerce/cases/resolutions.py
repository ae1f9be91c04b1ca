"""What can be done about a case with one click: a registry per kind of case.

`commerce.cases` knows the kinds; what helps is known by the apps above. Each offers a list `RESOLUTIONS` in a module
that `settings.CASE_RESOLUTIONS` names (`inventory.resolutions`); the case's page shows a button for each that is
offered to the person who reads it. To add one:

    RESOLUTIONS = [
        Resolution(
            kind="stock_drift", code="repair_level", label=_("Repair the level"), permission="stock.repair",
            run=repair_level_of,
        )
    ]

    def repair_level_of(case: Case, *, person: User | None, at: datetime) -> str:
        ...

`run` is a use case like any other: it opens its own transaction (an `@action`), checks the permission with the person
that it is given, takes its locks in the order of `kernel.db` (cases come last) and tells in a sentence what it did.
It closes the case itself where nothing is left to do: `queue.hold(case.pk)` locks the case and answers None when
somebody was faster (then there is nothing to do: a second click has no effect), `queue.resolve(held, by=person, at=at,
code="repair_level", outcome={...})` closes it with what was found and done. A `DomainError` is shown to the person and
leaves the case open.

With `form` (a function of the case that gives a form class) the button leads to a page that asks first; the form's
cleaned data reach `run` as keyword arguments. `is_open_to(case)` hides a button that would not help now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django import forms
from django.conf import settings

from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.company.models import User
from commerce.company.permissions import may
from commerce.kernel.errors import NotFound


def _always(case: Case) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Resolution:
    """A button on the pages of cases of one kind. See the module for `run` and `form`.

    `code` is unique within the kind and stays in the case as what closed it. `explain` says what will happen.
    """

    kind: str
    code: str
    label: Any
    permission: str
    run: Callable[..., str]
    explain: Any = ""
    form: Callable[[Case], type[forms.Form]] | None = None
    is_open_to: Callable[[Case], bool] = _always
    danger: bool = False

    @property
    def asks(self) -> bool:
        """Whether the button leads to a page that asks first. A template cannot tell: it would call `form`."""
        return self.form is not None


@cache
def _registry() -> dict[str, list[Resolution]]:
    found: dict[str, list[Resolution]] = {}
    for path in settings.CASE_RESOLUTIONS:
        for resolution in import_module(path).RESOLUTIONS:
            of_kind = found.setdefault(resolution.kind, [])
            if any(other.code == resolution.code for other in of_kind):
                raise ValueError(f"two resolutions of {resolution.kind} are called {resolution.code}")
            of_kind.append(resolution)
    return found


def of(case: Case, person: User) -> list[Resolution]:
    """What this person can do about an open case, in the order in which the apps offer it."""
    if case.status != Case.Status.OPEN:
        return []
    return [
        one
        for one in _registry().get(case.kind, [])
        if may(person, one.permission, case.location) and one.is_open_to(case)
    ]


def named(case: Case, code: str) -> Resolution:
    """The resolution of the case's kind with this code. Raises `NotFound`."""
    for one in _registry().get(case.kind, []):
        if one.code == code:
            return one
    raise NotFound(what="resolution", key=code)


def run(case: Case, code: str, *, person: User | None, at: datetime, **answers: Any) -> str:
    """Do what the button promises; the sentence that says what was done.

    Raises `CaseClosed` when the case was closed before, `NotFound`, and whatever the use case refuses with.
    """
    resolution = named(case, code)
    if not Case.objects.filter(pk=case.pk, status=Case.Status.OPEN).exists():
        raise CaseClosed()
    return resolution.run(case, person=person, at=at, **answers)
