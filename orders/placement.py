"""Turning a paid draft into an order. Steps; the caller holds the order's lock."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.ledger import journal
from customers import profiles
from inventory import reservations
from inventory.levels import Source
from inventory.serials import Numbers
from orders import (
    books,
    carts,
    codes,
    drafts,
    fulfillment_types,
    gift_card_deliveries,
    serial_numbers,
    states,
    timeline,
    totals,
    wallet_payments,
)
from orders.fulfillment_types import email
from orders.models import Adjustment, Fulfillment, FulfillmentLine, Order, OrderLine, Payment


def next_number() -> str:
    """The next order number, one series for all channels; it may have gaps, so nobody waits for it."""
    return str(rows("SELECT nextval('orders_number')")[0][0])


@in_transaction
def place(order: Order, paid: Payment, *, at: datetime) -> None:
    """Give the order its number and its promises: holds become allocations, stores get their tasks, the books an entry.

    Of the total, `paid` may cover a part, or nothing: the rest is taken from the gift cards that are held for it.

    Raises `HoldLost` when the goods are gone, and `WalletHoldLost` when a card's money is; the caller must then undo
    what this step has written.
    """
    is_taken = paid.state == Payment.State.CAPTURED
    by_wallet = wallet_payments.take(order, paid.amount_minor, at=at)
    in_hand = [*([paid] if is_taken else []), *by_wallet]
    held = drafts.held_by(order)
    every = list(Fulfillment.objects.locked().filter(order=order).select_related("location"))
    mailed = [part for part in every if part.type == email.TYPE.code]
    fulfillments = [part for part in every if part not in mailed]
    home = every[0].location
    if mailed:
        gift_card_deliveries.make(order, at=at)
    on = business_date(home.time_zone, at)
    customer = profiles.recognize(order.email, name=paid.details.get("billing_name", ""), at=at)
    states.move(
        order,
        Order.State.OPEN,
        states.ORDER,
        number=next_number(),
        placed_at=at,
        business_date=on,
        customer_id=customer,
        expires_at=None,
        payment_status=totals.payment_status(
            due=order.total_minor,
            captured=sum(row.captured_minor for row in in_hand),
            refunded=0,
            held=paid.capturable_minor,
        ),
    )
    if order.cart_id:
        carts.close(order.cart_id)
    _promise(fulfillments)
    _tell_history(order, paid, in_hand, at=at)
    reservations.allocate(held, at=at)
    journal.post(
        [
            books.sale(order, charges_of(order), on=on, location_code=home.code),
            *(books.payment(row, on=on, location_code=home.code) for row in in_hand),
        ],
        at=at,
    )
    for part in mailed:
        part.order = order
        complete_fulfillment(part, actor=order.actor, at=at)
    announce(order, fulfillments, "order.placed", at=at)


@in_transaction
def _tell_history(order: Order, paid: Payment, in_hand: Sequence[Payment], *, at: datetime) -> None:
    held = [("authorized", paid)] if paid.capturable_minor else []
    money = [*held, *(("paid", row) for row in in_hand)]
    told = [(kind, {"amount": row.amount.as_json(), "tender": row.tender}) for kind, row in money]
    timeline.add_many(order, [("placed", {"number": order.number}), *told], at=at)


def charges_of(order: Order) -> list[Adjustment]:
    """What an order charges beside its lines; no statement where there is nothing."""
    return list(order.adjustments.all()) if order.shipping_minor or order.fee_minor else []


@in_transaction
def _promise(fulfillments: list[Fulfillment]) -> None:
    """Give the locations their tasks; what is collected gets the code that it is handed over for."""
    for fulfillment in fulfillments:
        fulfillment.state = Fulfillment.State.PENDING
        if fulfillment_types.get(fulfillment.type).has_code:
            fulfillment.pickup_code_hash = codes.pickup_hash(codes.pickup_code(fulfillment.uid))
    rows(
        "UPDATE orders_fulfillment f SET state = %s, pickup_code_hash = w.code_hash"
        " FROM unnest(%s::bigint[], %s::varchar[]) AS w(id, code_hash) WHERE f.id = w.id",
        [
            Fulfillment.State.PENDING.value,
            [fulfillment.pk for fulfillment in fulfillments],
            [fulfillment.pickup_code_hash for fulfillment in fulfillments],
        ],
    )


# What was taken of an order, what went back, what is held for it, and what was promised back without being there or on
# its way.
_MONEY = """
    SELECT coalesce(sum(captured_minor), 0)::bigint, coalesce(sum(refunded_minor), 0)::bigint,
        coalesce(sum(authorized_minor - captured_minor) FILTER (WHERE state = 'authorized'), 0)::bigint,
        ((SELECT coalesce(sum(total_minor), 0) FROM orders_return WHERE order_id = %s)
        + (SELECT coalesce(sum(total_minor), 0) FROM orders_allowance WHERE order_id = %s)
        + (SELECT coalesce(sum(refund_minor), 0) FROM orders_cancellation WHERE order_id = %s)
        - (SELECT coalesce(sum(amount_minor), 0) FROM orders_refund WHERE order_id = %s AND state <> 'failed'))::bigint
    FROM orders_payment WHERE order_id = %s AND authorized_minor > 0
"""


@in_transaction
def refresh(order: Order) -> None:
    """Derive the statuses anew from the order's rows: the one place that assigns them."""
    captured, refunded, held, owed = rows(_MONEY, [order.pk] * 5)[0]
    lines = OrderLine.objects.filter(order=order).values_list("quantity", "fulfilled", "canceled")
    order.payment_status = totals.payment_status(
        due=order.due_minor or order.total_minor, captured=captured, refunded=refunded, held=held
    )
    order.fulfillment_status = totals.fulfillment_status(lines)
    order.save(update_fields=["payment_status", "fulfillment_status"])
    wanted = totals.state(order.fulfillment_status, order.payment_status, owed=owed)
    if order.state in ("open", "closed") and order.state != wanted:
        states.move(order, wanted, states.ORDER)


@in_transaction
def announce(
    order: Order, fulfillments: list[Fulfillment], topic: str, *, at: datetime, more: dict[str, str] | None = None
) -> None:
    """Record what happened to the order, and for each location that something changed in its tasks."""
    payload = {"order": str(order.uid), "number": order.number, "channel": order.channel, **(more or {})}
    codes_of = sorted({fulfillment.location.code for fulfillment in fulfillments})
    outbox.record_many(
        [(topic, str(order.uid), payload), *(("tasks.changed", code, payload) for code in codes_of)], at=at
    )


@in_transaction
def complete_fulfillment(
    fulfillment: Fulfillment,
    *,
    actor: User | None,
    at: datetime,
    numbers: Numbers | None = None,
    anyway: bool = False,
) -> None:
    """The goods have left: stock is consumed and the lines count as fulfilled. The caller holds the order's lock.

    `numbers` (by variant) are the serial numbers of those that have some: see `serial_numbers.hand_over` for what is
    refused, and for `anyway`.
    """
    source = Source("fulfillment", fulfillment.uid, actor)
    lines = list(fulfillment.lines.select_related("reservation", "order_line").order_by("pk"))
    states.move(fulfillment, Fulfillment.State.DONE, states.FULFILLMENT, done_at=at)
    for line in lines:
        OrderLine.objects.filter(pk=line.order_line_id).update(fulfilled=F("fulfilled") + line.quantity)
    reservations.consume([line.reservation for line in lines if line.reservation], source=source, at=at)
    serial_numbers.hand_over(fulfillment, numbers or {}, anyway=anyway, source=source, at=at)
    refresh(fulfillment.order)
    _earn(fulfillment, lines, at=at)


@in_transaction
def _earn(fulfillment: Fulfillment, lines: list[FulfillmentLine], *, at: datetime) -> None:
    """What was owed for goods that have left now is earned; shipping and fees with the last of them. `lines` were read
    before they counted as fulfilled."""
    order, place = fulfillment.order, fulfillment.location
    is_last = order.fulfillment_status == Order.FulfillmentStatus.FULFILLED
    before: dict[int, int] = {}
    goods = []
    for line in lines:
        gone = before.setdefault(line.order_line_id, line.order_line.fulfilled)
        goods.append(books.HandedOut(line.order_line, gone, line.quantity))
        before[line.order_line_id] += line.quantity
    entry = books.handed_over(
        fulfillment,
        goods,
        charges_of(order) if is_last else [],
        on=business_date(place.time_zone, at),
        location_code=place.code,
    )
    journal.post([entry], at=at)
