from collections.abc import Sequence
from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import coupon_batches
from commerce.pricing.coupon_batches import Terms
from commerce.pricing.models import Promotion

AT_ONCE = 10_000  # codes of one transaction


@action
def make_coupons(
    promotion: Promotion, terms: Terms, *, count: int, prefix: str, length: int, person: User | None, at: datetime
) -> int:
    """Make the next codes of a batch, at most `AT_ONCE`; how many it has then. Raises `InvalidInput` by field."""
    require(person, "price.edit")
    return coupon_batches.generate(promotion, terms, count=count, prefix=prefix, length=length, most=AT_ONCE, at=at)


@action
def add_coupons(
    promotion: Promotion, terms: Terms, codes: Sequence[tuple[int, str]], *, person: User | None, at: datetime
) -> int:
    """Take over codes that somebody has already, (row, code) each. Raises `InvalidInput` that names the rows."""
    require(person, "price.edit")
    return coupon_batches.add(promotion, terms, codes, at=at)
