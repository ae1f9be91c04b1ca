"""Two people at one document at the same moment, each in a process of their own."""

import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.db import DatabaseError, connection

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from inventory.actions.receive_transfer import receive_transfer
from inventory.models import StockLevel, Transfer
from tests.factories.company import LocationFactory
from tests.processes import in_processes

ROUNDS = 8
PATIENCE = 30  # seconds
Deed = Callable[[], Any]
Break = Callable[[Deed], None]
_forks = multiprocessing.get_context("fork")


def warehouse() -> Location:
    place: Location = LocationFactory(code="WH-1", name="Sparks", warehouse=True)
    return place


def press(*hands: Sequence[Deed], without: Break | None = None) -> list[tuple[str, ...]]:
    """What came of each round, in which every hand does its deed of that round at the same moment: "done", or the
    refusal. `without` breaks a guard in every process; it is given the wait for all hands, to let them meet behind
    it."""
    ready, behind = (_forks.Barrier(len(hands), timeout=PATIENCE) for _n in range(2))

    def work(deeds: Sequence[Deed]) -> list[str]:
        connection.ensure_connection()
        if without:
            without(behind.wait)
        return [_outcome(deed, ready.wait) for deed in deeds]

    found = in_processes([partial(work, deeds) for deeds in hands])
    return [tuple(sorted(each)) for each in zip(*found, strict=True)]


def _outcome(deed: Deed, meet: Deed) -> str:
    meet()
    try:
        deed()
    except DomainError as refusal:
        return str(refusal)
    except DatabaseError as error:
        return type(error).__name__
    return "done"


def let_all_read_first(module: Any, step: str, meet: Deed) -> None:
    """Everybody waits before `step`, the first time, until all are there: all have read, and nobody has written."""
    real = getattr(module, step)

    def late(*args: Any, **kwargs: Any) -> Any:
        setattr(module, step, real)
        meet()
        return real(*args, **kwargs)

    setattr(module, step, late)


def on_hand(variant: Variant, place: Location) -> int:
    return sum(StockLevel.objects.filter(variant=variant, location=place).values_list("on_hand", flat=True))


def receptions(sent: Iterable[Transfer], units: dict[int, int], reception: Any = None) -> list[Deed]:
    return [
        partial(receive_transfer, each.uid, units, reception=reception or new_uid(), person=None, at=now())
        for each in sent
    ]
