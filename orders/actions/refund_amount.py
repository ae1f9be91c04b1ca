"""Money goes back although nothing comes back: a scratch, a late parcel, a promise."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import IllegalMove
from commerce.kernel.failpoints import failpoint
from commerce.kernel.money import Money
from orders import allowances, placement, refunds, returns
from orders.actions.settle_refund import settle_all
from orders.models import Allowance, Order


def refund_amount(
    order_pk: int,
    amount: Money,
    *,
    uid: UUID,
    reason: str,
    person: User | None,
    at: datetime,
    tender: str = "",
    location: Location | None = None,
) -> Allowance:
    """Give an amount of an order back, with its share of the tax, by the tenders that paid or by a chosen one.
    `location` is the place whose drawer gives cash: the order's own store, unless another one is named.

    The same `uid` again is the same allowance. Raises `NotAllowed`, `RefundTooLarge`, `CurrencyDiffers`,
    `OriginalGone`, `CannotGiveBackBy`, `DrawerNeeded`, and `IllegalMove` for an order that was never placed.
    """
    made = _allow(order_pk, amount, uid=uid, reason=reason, person=person, at=at, tender=tender, location=location)
    failpoint("orders.allowance_committed")
    settle_all(made.refunds.filter(state="pending").values_list("uid", flat=True), at=at)
    return made


@action
def _allow(
    order_pk: int,
    amount: Money,
    *,
    uid: UUID,
    reason: str,
    person: User | None,
    at: datetime,
    tender: str,
    location: Location | None,
) -> Allowance:
    order = Order.objects.locked().select_related("market").get(pk=order_pk)
    require(person, "refund.amount", order.location)
    if order.state not in (Order.State.OPEN, Order.State.CLOSED):
        raise IllegalMove(noun=str(order._meta.verbose_name), old=order.get_state_display(), new="refunded")
    made, is_new = allowances.allow(order, amount, uid=uid, reason=reason, actor=person, at=at)
    if is_new:
        plan = returns.plan_for(order, made.total_minor, tender=tender)
        if plan.is_elsewhere:
            require(person, "refund.elsewhere", location or order.location)
        refunds.request(
            order,
            [returns.with_drawer(part, location or order.location) for part in plan.parts],
            return_record=None,
            allowance=made,
            reason=made.reason,
            actor=person,
            approved_by=None,
            at=at,
        )
        placement.announce(order, [], "order.refunded", at=at, more={"allowance": str(made.uid)})
    failpoint("orders.before_allowance_commit")
    return made
