"""Units without a number get theirs, read off the shelf; numbers that are not there any more are struck off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.company.locations import demand_place
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.kernel.ids import new_uid
from inventory import numbered, serials
from inventory.errors import TooManySerials
from inventory.levels import Source, lock
from inventory.models import StockLevel


@action
def name_serials(
    level_pk: int, *, found: Sequence[str] = (), gone: Sequence[str] = (), person: User | None, at: datetime
) -> UUID:
    """Write down the numbers `found` on the shelf, and strike off those that are `gone`; what is on hand stays. The
    uid by which their history names this.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `SerialNotHere`, `TooManySerials`.
    """
    lock([level_pk])
    level = StockLevel.objects.select_related("location", "variant").filter(pk=level_pk).first()
    if level is None:
        raise NotFound(what="stock level", key=str(level_pk))
    require(person, "stock.adjust", level.location)
    demand_place(level.location)
    new, struck = serials.tidy(found, field="found"), serials.tidy(gone, field="gone")
    _check(level, new, struck)
    source, place = Source("naming", new_uid(), person), level.location_id
    serials.change({level.variant_id: struck}, serials.State.IN_STOCK, serials.State.GONE, place, source=source, at=at)
    serials.receive({level.variant_id: new}, place, source=source, at=at)
    standing = numbered.standing_of([level_pk])[level_pk]
    if new and standing.excess:
        where = {"sku": level.variant.sku, "place": level.location.name}
        raise TooManySerials(**where, on_hand=standing.on_hand, named=standing.named)
    facts = {"sku": level.variant.sku, "location": level.location.code, "found": new, "gone": struck}
    outbox.record("serials.named", str(source.uid), {**facts, "person": person.username if person else ""}, at=at)
    return source.uid


def _check(level: StockLevel, new: list[str], struck: list[str]) -> None:
    if not level.variant.tracks_serials:
        text = _("%(sku)s has no serial numbers. Say on the page of the variant that it has, then name them.")
        raise InvalidInput({"found": [text % {"sku": level.variant.sku}]})
    if not new and not struck:
        raise InvalidInput({"found": [_("Scan or type at least one number.")]})
    both = sorted({*new} & {*struck})
    if both:
        raise InvalidInput({"gone": [_("Both found and gone: %(numbers)s.") % {"numbers": ", ".join(both)}]})
