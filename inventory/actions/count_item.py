"""A scan at the shelf: one unit, a typed number of them, a few taken back, or none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commerce.catalog.models import Variant
from commerce.catalog.units import NoAmount
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import counts, scanned
from inventory.count_errors import NoItemOfCode
from inventory.counts import Entry


@dataclass(frozen=True, slots=True)
class Counted:
    """What a scan was taken for, in smallest amounts. `is_new` is False for one that was sent before."""

    variant: Variant
    quantity: int
    is_new: bool


@action
def count_item(
    count_pk: int, *, uid: UUID, code: str, quantity: int | str = "", person: User | None, at: datetime
) -> Counted:
    """Count what `code` (a barcode, a pack's barcode or a SKU) means: once, or `quantity` units as a person writes them
    ("0.35", "-1"). `uid` is the scanner's, and one sent twice counts once. Raises `NotNow`, `NotAllowed`,
    `NoItemOfCode`, `InvalidInput`, and what `counts.scan` raises."""
    count = counts.join(count_pk)
    require(person, "stock.scan", count.location)
    found = scanned.of_codes([code]).get(code)
    if found is None:
        raise NoItemOfCode(scanned=code.strip()[:40])
    try:
        amount = found.amount(str(quantity))
    except NoAmount as error:
        raise InvalidInput({"quantity": [error]}) from error
    is_new = counts.scan(count, [Entry(uid, found.variant.pk, amount)], person=person, at=at)
    return Counted(found.variant, amount, bool(is_new))
