"""What became of a refund by bank transfer: somebody has ordered it at the bank, or cannot."""

from datetime import datetime
from uuid import UUID

from commerce.cases import queue
from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from orders import refunds
from orders.models import Order, Payment, Refund

SENT, IMPOSSIBLE = "transferred", "not_transferred"


@action
def end_bank_transfer(case: Case, *, reference: str = "", why: str = "", person: User | None, at: datetime) -> Refund:
    """Close a case of `bank_transfer_due`: with the `reference` that the bank knows the transfer by it has been sent,
    with `why` it cannot be, and is owed in another way (a case of its own).

    Raises `NotAllowed`, `CaseClosed` when somebody was faster.
    """
    asked = Refund.objects.get(uid=UUID(case.subject))
    order = Order.objects.locked().select_related("market", "location").get(pk=asked.order_id)
    payment = Payment.objects.locked().get(pk=asked.payment_id)
    refund = Refund.objects.locked().select_related("return_record__location", "actor").get(pk=asked.pk)
    refund.order, refund.payment = order, payment
    require(person, "refund.amount", case.location)
    if refund.state != Refund.State.PENDING:
        raise CaseClosed()
    if why:
        refunds.fail(refund, code=IMPOSSIBLE, text=why, at=at)
    else:
        refund.details = {**refund.details, "reference": reference}
        refund.save(update_fields=["details"])
        refunds.succeed(refund, at=at)
    held = queue.hold(case.pk)
    if held is None:
        raise CaseClosed()
    outcome = {"why": why} if why else {"reference": reference}
    queue.resolve(held, by=person, at=at, code=IMPOSSIBLE if why else SENT, outcome=outcome)
    return refund
