"""What went wrong with money in the demo: a refund that the bank sent back, which somebody has to see to."""

from datetime import datetime, timedelta

from commerce.company.models import User
from commerce.kernel import demo
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders import allowances, gateway_refunds, refunds, returns
from orders.demo_history import MADE_UP
from orders.models import Order, Payment

REASON = "Arrived with a scratch"
CAME_BACK = "expired_or_canceled_card"
SHARE = 5  # a fifth of what was paid


class Demo(demo.Room):
    def finish(self, *, at: datetime) -> None:
        """A customer was promised a part of the price back; four days later their bank returned it."""
        paid = (
            Payment.objects.filter(
                provider_id__startswith=MADE_UP,
                tender="card_online",
                order__state="closed",
                order__fulfillments__type="ship",
                created_at__lte=at - timedelta(days=6),
                created_at__gt=at - timedelta(days=12),
            )
            .order_by("-created_at", "pk")
            .first()
        )
        if paid is None:
            return
        order = Order.objects.locked().select_related("market", "location").get(pk=paid.order_id)
        office = User.objects.filter(role="office", is_active=True).order_by("pk").first()
        promised_at = at - timedelta(days=4, hours=2)
        amount = Money(paid.captured_minor // SHARE, paid.currency)
        made, _is_new = allowances.allow(order, amount, uid=new_uid(), reason=REASON, actor=office, at=promised_at)
        (refund,) = refunds.request(
            order,
            returns.plan_for(order, made.total_minor).parts,
            return_record=None,
            allowance=made,
            reason=made.reason,
            actor=office,
            approved_by=None,
            at=promised_at,
        )
        refunds.succeed(refund, provider_id=f"re_{paid.provider_id.removeprefix('pi_')}", at=promised_at)
        refunds.fail(refund, code=CAME_BACK, text=gateway_refunds.reason(CAME_BACK), at=at - timedelta(hours=3))
