from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import coupon_batches
from commerce.pricing.models import Promotion


@action
def deactivate_coupons(promotion: Promotion, batch: str, *, person: User | None) -> int:
    """Call a batch off; what was sold with its codes stays sold. How many could still be used."""
    require(person, "price.edit")
    return coupon_batches.deactivate(promotion, batch)
