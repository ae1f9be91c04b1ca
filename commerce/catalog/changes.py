"""Telling others that the catalog has changed."""

from collections.abc import Iterable
from datetime import datetime

from commerce.events import outbox
from commerce.kernel.db import in_transaction, rows

MANY = "many"


@in_transaction
def announce(product_ids: Iterable[int], *, at: datetime) -> None:
    """Record `catalog.changed` once for all: its key is the product's uid, or `MANY`; its payload lists the uids."""
    found = rows("SELECT uid::text FROM catalog_product WHERE id = ANY(%s) ORDER BY id", [sorted(set(product_ids))])
    uids = [uid for (uid,) in found]
    if uids:
        outbox.record("catalog.changed", uids[0] if len(uids) == 1 else MANY, {"products": uids}, at=at)
