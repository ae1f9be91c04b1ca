from django.utils.translation import gettext_lazy as _

from orders.tenders.base import Tender

TENDER = Tender(
    "cash",
    _("Cash"),
    account="cash",
    at_till=True,
    gives_change=True,
    opens_drawer=True,
    works_offline=True,
    refund_rank=50,
    is_fallback=True,
    part=lambda payment: str(payment.details.get("drawer", "")),
)
