"""A refund did not reach the customer: pay what is owed in another way, or try once more."""

from datetime import datetime
from uuid import UUID

from commerce.cases import queue
from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from orders import refunds, returns
from orders.actions.settle_refund import settle_all
from orders.models import Order, Refund
from orders.refund_plan import Part


def pay_owed(
    case: Case, *, tender: str, code: str, person: User | None, at: datetime, location: Location | None = None
) -> Refund:
    """Give back what a case of `refund_failed` is about, by `tender` ("": the one that paid), and close the case.

    `location` is the place whose drawer gives it, for cash. The new refund stands in the failed one's place. Raises
    `NotAllowed`, `CaseClosed` when somebody was faster, `RefundTooLarge`, and what the tender refuses.
    """
    made = _pay(case, tender=tender, code=code, person=person, at=at, location=location)
    settle_all([made.uid], at=at)
    made.refresh_from_db()
    return made


@action
def _pay(case: Case, *, tender: str, code: str, person: User | None, at: datetime, location: Location | None) -> Refund:
    failed = Refund.objects.select_related("return_record__location", "allowance", "cancellation", "payment").get(
        uid=UUID(case.subject)
    )
    order = Order.objects.locked().select_related("market").get(pk=failed.order_id)
    require(person, "case.resolve", case.location)
    by = tender or failed.payment.tender
    if by != failed.payment.tender:
        require(person, "refund.elsewhere", location or case.location)
    (made,) = refunds.request(
        order,
        [returns.with_drawer(Part(failed.payment_id, by, failed.amount_minor), location or order.location)],
        return_record=failed.return_record,
        allowance=failed.allowance,
        cancellation=failed.cancellation,
        reason=failed.reason,
        actor=person,
        approved_by=None,
        at=at,
    )
    held = queue.hold(case.pk)
    if held is None:
        raise CaseClosed()
    queue.resolve(held, by=person, at=at, code=code, outcome={"paid_by": by, "paid_with": str(made.uid)})
    return made
