"""Orders were promised units that are not there: look again which other locations can send them."""

from datetime import datetime

from commerce.cases import queue
from commerce.cases.models import Case
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from inventory import levels, shortfalls
from inventory.models import StockLevel
from orders.errors import StillMissing
from orders.routing import resourcing


@action
def send_from_elsewhere(case: Case, *, person: User | None, at: datetime) -> list[tuple[str, str]]:
    """Send what can be sent from elsewhere, and close the `oversell` case when nothing is missing any more.

    Returns (order number, location) of what is sent from another place now; none when the units have turned up.
    Raises `NotAllowed`, and `StillMissing` when nothing could be done.
    """
    require(person, "case.resolve", case.location)
    sku, _at, code = case.subject.rpartition(" at ")
    level = StockLevel.objects.filter(variant__sku=sku, location__code=code).values_list("pk", flat=True).first()
    here = [level] if level is not None else []
    levels.lock(here)
    short = shortfalls.among(here)
    rescues = resourcing.rescue(short, at=at)
    sent = [each for rescue in rescues for each in rescue.sent]
    missing = sum(rescue.missing for rescue in rescues)
    if missing and not sent:
        raise StillMissing(missing=missing, sku=sku)
    held = queue.hold(case.pk) if not missing else None
    if held:
        outcome = {"sent": [{"order": number, "location": place} for number, place in sent]}
        queue.resolve(held, by=person, at=at, code="send_from_elsewhere", outcome=outcome)
        shortfalls.report(shortfalls.among(here), at=at)  # nobody waits any more, but the books may be below zero
    return sent
