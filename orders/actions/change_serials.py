"""The label says another serial number than the sale: put it right, with what the books say of both."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.kernel.ids import new_uid
from inventory import serials
from inventory.levels import Source
from orders import serial_numbers, timeline
from orders.models import Order, OrderLine


@action
def change_serials(order_pk: int, line_pk: int, numbers: Sequence[str], *, person: User | None, at: datetime) -> None:
    """Say which units a line's goods really were. A number that this order had sold goes back to where it stood before,
    a new one counts as sold with it; what does not fit becomes a case, and the cases that this settles close.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `SerialsNeeded`.
    """
    order = Order.objects.locked().filter(pk=order_pk).first()
    line = OrderLine.objects.select_related("variant").filter(order=order_pk, pk=line_pk).first()
    if order is None or line is None:
        raise NotFound(what="order line", key=str(line_pk))
    place = serial_numbers.left_from(line)
    require(person, "serial.override", place)
    before, after = list(line.serials), serials.tidy(numbers)
    if after and not line.variant.tracks_serials:
        raise InvalidInput({"serials": [_("%(sku)s has no serial numbers.") % {"sku": line.sku}]})
    if after == before:
        raise InvalidInput({"serials": [_("These are its numbers already. Nothing was changed.")]})
    source = Source(serial_numbers.CORRECTION, new_uid(), person)
    serial_numbers.correct(order, line, after, place, source=source, at=at)
    timeline.add(
        order,
        serial_numbers.CHANGED,
        at=at,
        actor=person,
        sku=line.sku,
        before=", ".join(before) or "–",
        after=", ".join(after) or "–",
        correction=str(source.uid),
    )
