"""A part of the price goes back although nothing came back: the only writer of allowances. Steps."""

from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import KeyReused
from commerce.kernel.money import Money
from commerce.ledger import journal
from orders import giving_back, refund_books, timeline
from orders.giving_back import Share, Sum
from orders.models import Allowance, Order
from orders.refund_plan import too_large
from orders.return_errors import CurrencyDiffers
from orders.returnable import amount_as_json, cash_of, items_of, sources_of


def left_of(order: Order) -> Money:
    """How much can still be allowed: what was paid, less all that was promised back."""
    items = items_of(order)
    cash = cash_of(order, items)
    on_cards = sum(item.left.total for item in items if item.kind == giving_back.GIFT_CARD)
    return Money(max(cash.paid - cash.given - on_cards, 0), order.currency)


def quote(order: Order, amount: Money) -> Sum:
    """What `amount` takes off the price of each thing that the customer still has, with its tax.

    Raises `RefundTooLarge`, `CurrencyDiffers`.
    """
    if amount.currency != order.currency:
        raise CurrencyDiffers(paid=order.currency, wanted=amount.currency)
    left = left_of(order)
    if not 0 < amount.minor <= left.minor:
        raise too_large(amount, sources_of(order), left=left)
    items = items_of(order)
    return giving_back.of_allowance(items, amount.minor, cash_of(order, items))


@in_transaction
def allow(
    order: Order, amount: Money, *, uid: UUID, reason: str, actor: User | None, at: datetime
) -> tuple[Allowance, bool]:
    """Lower the price of an order, whose lock the caller holds, and owe the difference; the refunds are the caller's.

    The same `uid` again is the same allowance; whether it is new comes with it. Raises what `quote` raises, and
    `KeyReused`.
    """
    earlier = Allowance.objects.filter(uid=uid).first()
    if earlier is not None:
        if (earlier.order_id, earlier.total) != (order.pk, amount):
            raise KeyReused()
        return earlier, False
    due = quote(order, amount)
    made = Allowance.objects.create(
        uid=uid,
        order=order,
        currency=order.currency,
        total_minor=due.total_minor,
        rounding_minor=due.rounding,
        tax_minor=due.tax_minor,
        taxes=due.taxes,
        shares=[*map(_kept, due.goods), *map(_kept, due.charges)],
        reason=reason[:200],
        actor=actor,
        created_at=at,
        business_date=business_date(order.market.time_zone, at),
    )
    lines = {line.pk: line for line in order.lines.all()}
    code = order.location.code if order.location else ""
    journal.post([refund_books.allowed(made, lines, location_code=code)], at=at)
    timeline.add(order, "allowance", at=at, actor=actor, amount=made.total.as_json(), reason=made.reason)
    return made, True


def _kept(share: Share) -> dict[str, object]:
    item, amount = share.item, amount_as_json(share.amount)
    if item.is_line:
        return {"line": item.key, "first_unit": share.first, "units": item.count - share.first, **amount}
    return {"charge": item.key, "kind": item.kind, **amount}
