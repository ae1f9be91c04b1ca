from datetime import date, datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.pricing import promotions
from commerce.pricing.models import Promotion


@action
def start_promotion(promotion: Promotion, *, person: User | None, today: date, at: datetime) -> None:
    """Let a promotion run from its first day on. Raises `InvalidInput` by field when it cannot."""
    require(person, "price.edit")
    promotions.start(promotion, today=today, at=at)
