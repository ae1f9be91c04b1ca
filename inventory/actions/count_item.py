"""A scan at the shelf: one unit, a typed number of them, a few taken back, or none."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.queries import variants_by_code
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from inventory import counts
from inventory.count_errors import NoItemOfCode
from inventory.counts import Entry

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What a scan was taken for. `is_new` is False for one that was sent before."""

    variant: Variant
    quantity: int
    is_new: bool


@action
def count_item(count_pk: int, *, uid: UUID, code: str, quantity: int = 1, person: User | None, at: datetime) -> Counted:
    """Count `quantity` units of what `code` (a barcode or a SKU) means; `uid` is the scanner's, and one sent twice
    counts once. Raises `NotNow`, `NotAllowed`, `NoItemOfCode`, and what `counts.scan` raises."""
    count = counts.join(count_pk)
    require(person, "stock.count", count.location)
    if abs(quantity) > MOST:
        raise InvalidInput({"quantity": [_("Count at most %(most)s units at once.") % {"most": f"{MOST:,}"}]})
    found = variants_by_code(code.strip()) if code.strip() else []
    if not found:
        raise NoItemOfCode(scanned=code.strip()[:40])
    is_new = counts.scan(count, [Entry(uid, found[0].pk, quantity)], person=person, at=at)
    return Counted(found[0], quantity, bool(is_new))
