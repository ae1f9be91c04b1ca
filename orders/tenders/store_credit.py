from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from customers import store_credit
from customers.models import StoreCredit
from customers.wallets import Source
from orders.errors import CreditNeedsCustomer
from orders.tenders.base import Back, Tender

if TYPE_CHECKING:
    from orders.models import Refund


def _give_back(refund: "Refund", at: datetime) -> dict[str, Any]:
    """Money goes back to the account that paid, or to that of the order's customer. Raises `CreditNeedsCustomer`."""
    if refund.payment.tender == "store_credit":
        customer: int | None = StoreCredit.objects.get(uid=refund.payment.details["wallet"]).customer_id
    else:
        customer = refund.order.customer_id
    if customer is None:
        raise CreditNeedsCustomer()
    source = Source("refund", refund.uid, refund.actor, refund.reason)
    account = store_credit.credit(customer, refund.currency, refund.amount_minor, source=source, at=at)
    return {"wallet": str(account.uid)}


TENDER = Tender(
    "store_credit",
    _("Store credit"),
    account="store_credit",
    at_till=True,
    back=Back.WALLET,
    refund_rank=20,
    is_fallback=True,
    part=lambda payment: str(payment.details["wallet"]),
    give_back=_give_back,
)
