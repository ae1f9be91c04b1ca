from django.utils.translation import gettext_lazy as _

from orders.tenders.base import Back, Tender

# Nobody pays by it here: it is how money goes back that no card, drawer or account of ours can take. Somebody orders it
# at the bank, where the account's number is asked for and kept; this system never has it.
TENDER = Tender(
    "bank_transfer",
    _("Bank transfer"),
    account="bank",
    back=Back.TRANSFER,
    refund_rank=60,
    is_fallback=True,
)
