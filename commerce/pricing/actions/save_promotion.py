from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import promotions
from commerce.pricing.models import Promotion
from commerce.pricing.promotion_drafts import Draft


@action
def save_promotion(draft: Draft, *, promotion: Promotion | None = None, person: User | None, at: datetime) -> Promotion:
    """Write a promotion that somebody described. Raises `InvalidInput` by field."""
    require(person, "price.edit")
    return promotions.put(draft, promotion=promotion, person=person, at=at)
