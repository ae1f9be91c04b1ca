"""Refunds that somebody has to order at the bank: each is a case until they say that they have. Steps; the caller holds
the order's lock."""

from datetime import datetime

from django.utils.translation import gettext as _

from commerce.cases.queue import open_case
from commerce.kernel.db import in_transaction
from orders.models import Refund

DUE = "bank_transfer_due"


@in_transaction
def ask_for(refund: Refund, *, at: datetime) -> None:
    """Money is owed by bank transfer: it stays `pending`, counted against its payment, until the case is answered."""
    order = refund.order
    words = {
        "amount": refund.amount.format(),
        "order": order.number or order.uid,
        "whom": order.email or _("the customer"),
    }
    open_case(
        DUE,
        subject=str(refund.uid),
        text=_("%(amount)s of order %(order)s go back by bank transfer. Ask %(whom)s for the account, and order it.")
        % words,
        location=order.location,
        context={
            "order": str(order.uid),
            "number": order.number,
            "refund": str(refund.uid),
            "owed": refund.amount.as_json(),
            "email": order.email,
        },
        at=at,
    )
