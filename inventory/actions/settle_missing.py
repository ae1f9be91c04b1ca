"""It is known now what became of units that did not arrive."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import transfers, transit
from inventory.serials import Numbers

# What may have become of them: the words, and the step that books it.
OUTCOMES: dict[str, tuple[Any, Callable[..., None]]] = {
    "arrived": (_("They arrived late"), transit.receive),
    "never_left": (_("They never left, or came back"), transit.bring_back),
    "lost": (_("They are lost"), transit.write_off),
}


@action
def settle_missing(
    uid: UUID,
    outcome: str,
    units: Mapping[int, int] | None,
    *,
    reason: str,
    person: User | None,
    at: datetime,
    numbers: Numbers | None = None,
) -> None:
    """Book what became of `units` (by variant; None: all that are on the way): to the destination, back to the source,
    or written off. The case closes with the last unit. `numbers` (by variant) say which ones, of what has
    serial numbers; they are not needed for all that are on the way.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `NotNow`, `MoreThanOnTheWay`, `NotOnDocument`, `NothingToDo`,
    `SerialsDoNotMatch`, `SerialNotHere`.
    """
    transfer = transfers.hold(uid)
    if transfer is None:
        raise NotFound(what="transfer", key=str(uid))
    require(person, "transfer.settle", transfer.destination)
    if outcome not in OUTCOMES:
        raise InvalidInput({"outcome": [_("Choose what became of the goods.")]})
    if not reason.strip():
        raise InvalidInput({"reason": [_("Write how it is known: who said so, what was found.")]})
    if units is None:
        units = {line.variant_id: line.on_the_way for line in transfers.lines_of(transfer) if line.on_the_way}
    book = OUTCOMES[outcome][1]
    book(transfer, units, at=at, person=person, reason=reason.strip(), numbers=numbers)
