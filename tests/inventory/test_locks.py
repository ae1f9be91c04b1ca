"""Every deed about goods takes its locks in the order of the lock page (the docstring of `commerce.kernel.db`)."""

import re
from collections.abc import Iterable
from contextlib import suppress

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.kernel.errors import DomainError
from tests.faults.counting_table import COUNTS
from tests.faults.goods_table import GOODS
from tests.servers import Server
from tests.world import World

DEEDS = {**GOODS, **COUNTS}
LOCKS = re.compile(r"\bFOR (NO KEY )?UPDATE\b|\bFOR SHARE\b|\bpg_advisory|\bINTO kernel_(sequence|idempotencykey)\b")
# What a statement locks, by the number of the page's list (below 1: before all of these); the first that fits.
PAGE = (
    (0.1, r"pg_advisory_xact_lock\(hashtext\('inventory\.kits'"),
    (0.2, r"FROM catalog_variant "),
    (1, r"pg_advisory_xact_lock\(hashtextextended|INTO kernel_idempotencykey"),
    (6.3, r"pg_advisory_xact_lock\(hashtext\('inventory\.supplier_items'"),
    (6.2, r"FROM inventory_countline "),
    (6.1, r"FROM inventory_(transfer|purchaseorder|stockcount) "),
    (7.2, r"FROM inventory_serialunit "),
    (7.1, r"inventory_stocklevel "),
    (9, r"FROM cases_case "),
    (10, r"INTO kernel_sequence"),
)


def places(statements: Iterable[str]) -> list[float]:
    """The places on the page of all locks that these take. A lock that is not on it is an error."""
    locking = [flat for sql in statements if LOCKS.search(flat := re.sub(r"\s+", " ", sql).replace('"', ""))]
    return [next(place for place, pattern in PAGE if re.search(pattern, flat)) for flat in locking]


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_locks_are_taken_in_the_order_of_the_page(name: str, db: None, card_network: Server) -> None:
    deed = DEEDS[name][1](World.make())
    with CaptureQueriesContext(connection) as done, suppress(DomainError):
        deed(person=None)
    taken = places(query["sql"] for query in done)
    assert taken, f"{name} locks nothing"
    assert taken == sorted(taken)


def test_what_is_out_of_order_or_not_on_the_page_is_noticed() -> None:
    level = "SELECT 1 FROM inventory_stocklevel l WHERE id = 1 FOR UPDATE"
    transfer = (
        'SELECT "inventory_transfer"."id" FROM "inventory_transfer" WHERE id = 1 FOR UPDATE OF "inventory_transfer"'
    )
    assert places([level, "SELECT 1", transfer]) == [7.1, 6.1]
    with pytest.raises(StopIteration):
        places(["SELECT 1 FROM inventory_supplier FOR UPDATE"])
