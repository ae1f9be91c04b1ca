"""The rows of stock counts in the table of who may do what: see test_permissions and goods_table."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.actions.approve_count import approve_count
from inventory.actions.cancel_count import cancel_count
from inventory.actions.count_as_none import count_as_none
from inventory.actions.count_item import count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.import_count import import_count
from inventory.actions.recount_lines import recount_lines
from inventory.actions.start_count import start_count
from inventory.models import StockCount
from tests.world import World

COUNTERS = {"lead", "manager", "office", "admin"}
SCANNERS = {"associate", *COUNTERS}
REVIEWERS = {"manager", "office", "admin"}


def counting(world: World) -> StockCount:
    """A count that the system has started, with a scan."""
    count = start_count(world.store, kind="full", person=None, at=now())
    count_item(count.pk, uid=new_uid(), code=world.mug.sku, quantity=20, person=None, at=now())
    return count


def reviewed(world: World) -> StockCount:
    return finish_count(counting(world).pk, person=None, at=now())


def lines(count: StockCount) -> list[int]:
    return list(count.lines.values_list("pk", flat=True))


def on_lines(deed: Callable[..., Any], world: World, **more: Any) -> Callable[..., Any]:
    count = reviewed(world)
    return partial(deed, count.pk, lines(count), **more)


COUNTS: dict[str, tuple[set[str], Callable[[World], Callable[..., Any]]]] = {
    "inventory.actions.start_count": (
        COUNTERS,
        lambda world: partial(start_count, world.store, kind="full", at=now()),
    ),
    "inventory.actions.count_item": (
        SCANNERS,
        lambda world: partial(count_item, counting(world).pk, uid=new_uid(), code="MUG", at=now()),
    ),
    "inventory.actions.import_count": (
        COUNTERS,
        lambda world: partial(import_count, counting(world).pk, Path("none.csv"), at=now()),
    ),
    "inventory.actions.finish_count": (
        COUNTERS,
        lambda world: partial(finish_count, counting(world).pk, at=now()),
    ),
    "inventory.actions.recount_lines": (REVIEWERS, lambda world: on_lines(recount_lines, world)),
    "inventory.actions.count_as_none": (REVIEWERS, lambda world: on_lines(count_as_none, world, at=now())),
    "inventory.actions.approve_count": (
        REVIEWERS,
        lambda world: partial(approve_count, reviewed(world).pk, at=now()),
    ),
    "inventory.actions.cancel_count": (
        REVIEWERS,
        lambda world: partial(cancel_count, counting(world).pk, at=now()),
    ),
}
