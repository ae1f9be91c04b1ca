"""Promises that a correction of the books breaks: each becomes an `oversell` case, as it does when the till sells them.

Orders are above this room: what the case calls them is asked of `documents`.
"""

from collections.abc import Sequence
from datetime import datetime

from commerce.cases.queue import open_case
from commerce.company.models import Location
from commerce.kernel.db import in_transaction
from inventory import documents
from inventory.drift import subject_of
from inventory.stock import Shortage

ORDERS = ("order", "fulfillment")


@in_transaction
def report(shortages: Sequence[Shortage], *, because: str, facts: dict[str, str], at: datetime) -> None:
    """Open a case for each. `because` is what took the units, e.g. "Count C-000012"; `facts` go into the case."""
    places = {place.code: place for place in Location.objects.filter(code__in={row.location_code for row in shortages})}
    called = documents.of(source for shortage in shortages for source in shortage.sources)
    for shortage in shortages:
        orders = [called[kind, uid].number or str(uid) for kind, uid in shortage.sources if kind in ORDERS]
        others = [called[kind, uid].title for kind, uid in shortage.sources if kind not in ORDERS]
        known = {"sku": shortage.sku, "missing": shortage.missing, "orders": orders, "level": shortage.level}
        known |= {"set_aside_for": others} if others else {}
        open_case(
            "oversell",
            subject=subject_of(shortage.sku, shortage.location_code),
            text=f"{because} took {shortage.sku}; {shortage.missing} that orders were promised are missing.",
            location=places[shortage.location_code],
            context={**known, **facts},
            at=at,
        )
