from django.utils.translation import gettext_lazy as _

from orders.tenders.base import Tender

# The store's own card machine, which knows nothing of this system: the associate types the amount on it and says what
# it said. The register is kept with the payment, so that the machine's batch can be held against what it took.
TENDER = Tender(
    "external_terminal",
    _("Card machine"),
    account="card_clearing",
    at_till=True,
    works_offline=True,
    refund_rank=30,
    part=lambda payment: f"terminal:{payment.details['terminal']}",
)
