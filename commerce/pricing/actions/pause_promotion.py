from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import promotions
from commerce.pricing.models import Promotion


@action
def pause_promotion(promotion: Promotion, *, person: User | None, at: datetime) -> None:
    """Stop giving a promotion at once; what was sold with it keeps its price."""
    require(person, "price.edit")
    promotions.pause(promotion, at=at)
