"""The figures of a shelf do not add up: set them to what its movements and reservations say."""

from datetime import datetime
from typing import Any

from commerce.cases import queue
from commerce.cases.models import Case
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import drift, levels, shortfalls
from inventory.models import StockLevel

KIND = "stock_drift"


@action
def repair_level(level_pk: int, *, person: User | None, at: datetime) -> dict[str, dict[str, Any]]:
    """Put a level's figures right and close its case; what each wrong figure was (`before`) and is now (`after`).

    A level that is right already is left as it is. The event `stock.repaired` keeps both and the person. Units that
    are then seen to be promised without being there become a case of their own. Raises `NotFound`, `NotAllowed`.
    """
    levels.lock([level_pk])
    level = StockLevel.objects.select_related("location", "variant").filter(pk=level_pk).first()
    if level is None:
        raise NotFound(what="stock level", key=str(level_pk))
    require(person, "stock.repair", level.location)
    subject = drift.subject_of(level.variant.sku, level.location.code)
    wrong = next((each.found for each in drift.find([level_pk])), {})
    done = {
        "before": {name: now for name, (now, _true) in wrong.items()},
        "after": {name: true for name, (_now, true) in wrong.items()},
    }
    if wrong:
        drift.put_right(level_pk)
        facts = {"sku": level.variant.sku, "location": level.location.code, **done}
        outbox.record("stock.repaired", subject, {**facts, "person": person.username if person else ""}, at=at)
        levels.announce([level_pk], at=at)
        shortfalls.report(shortfalls.among([level_pk]), at=at)
    case = Case.objects.filter(kind=KIND, subject=subject, status=Case.Status.OPEN).first()
    held = queue.hold(case.pk) if case else None
    if held:
        queue.resolve(held, by=person, at=at, code="repair_level", outcome=done)
    return done
