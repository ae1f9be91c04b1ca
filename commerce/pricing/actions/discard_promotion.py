from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import promotions
from commerce.pricing.models import Promotion


@action
def discard_promotion(promotion: Promotion, *, person: User | None, at: datetime) -> None:
    """Delete a draft that nobody was ever given. Raises `PromotionInUse`."""
    require(person, "price.edit")
    promotions.discard(promotion, at=at)
