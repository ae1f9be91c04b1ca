from django.utils.translation import gettext_lazy as _

from orders.tenders.base import Back, Tender

TENDER = Tender(
    "card_online",
    _("Card"),
    account="card_clearing",
    at_shop=True,
    multi_capture=True,
    back=Back.NETWORK,
    refund_rank=30,
    part=lambda payment: payment.provider,
)
