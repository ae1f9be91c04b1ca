"""The only writer of refunds, and of what payments count as given back. Steps; the caller holds the order's lock.

A refund is counted against its payment before anybody is asked for the money: `refund_pending_minor` until it has
arrived, then `refunded_minor`, and free again when it fails. What goes over the counter, or to a card or an account of
ours, has arrived with the row. The card network is told after the commit (`actions.settle_refund`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from commerce.cases.queue import open_case
from commerce.company.models import User
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.failpoints import is_off
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger import journal
from orders import bank_transfers, disputes, placement, refund_books, states, timeline
from orders.models import Allowance, Cancellation, Order, Payment, Refund, Return
from orders.refund_plan import Part, too_large
from orders.returnable import label_of, sources_of
from orders.tenders import registry as tenders
from orders.tenders.base import Back

FAILED = "refund_failed"
# Why a card takes no money back any more, whatever is tried: what the card network calls it.
GONE = frozenset({"expired_or_canceled_card", "lost_or_stolen_card"})

# The guard against giving back more than was taken (I15): check and count are one statement, with a CHECK behind it.
_RESERVE = """
    UPDATE orders_payment SET refund_pending_minor = refund_pending_minor + %s
    WHERE id = %s AND order_id = %s AND currency = %s
        AND captured_minor - refunded_minor - refund_pending_minor >= %s RETURNING id
"""
_RESERVE_UNGUARDED = """
    UPDATE orders_payment SET refund_pending_minor = refund_pending_minor + %s
    WHERE id = %s AND order_id = %s AND currency = %s AND %s > 0 RETURNING id
"""


@in_transaction
def request(
    order: Order,
    parts: Sequence[Part],
    *,
    return_record: Return | None,
    reason: str,
    actor: User | None,
    approved_by: User | None,
    at: datetime,
    allowance: Allowance | None = None,
    cancellation: Cancellation | None = None,
) -> list[Refund]:
    """Promise money back, a row for each part, counted against its payment at once; cash and wallets have it at once.

    What has to be sent by the card network stays `pending`: after the commit call `settle_refund` with its uid. So does
    what somebody has to order at the bank, until they have.
    Raises `RefundTooLarge`, `ChargeDisputed`.
    """
    wanted = sorted((part for part in parts if part.amount_minor), key=lambda part: part.payment)
    disputes.refuse_if_disputed(part.payment for part in wanted)
    for part in wanted:
        _reserve(order, part)
    payments = {row.pk: row for row in Payment.objects.filter(pk__in={part.payment for part in wanted})}
    made = []
    for part in wanted:
        refund = Refund.objects.create(
            uid=new_uid(),
            order=order,
            payment=payments[part.payment],
            return_record=return_record,
            allowance=allowance,
            cancellation=cancellation,
            tender=part.tender,
            currency=order.currency,
            amount_minor=part.amount_minor,
            reason=reason[:200],
            details=dict(part.details),
            actor=actor,
            approved_by=approved_by,
            created_at=at,
        )
        made.append(refund)
        tender = tenders()[part.tender]
        if tender.back in (Back.NETWORK, Back.TRANSFER):
            timeline.add(order, "refund_started", at=at, actor=actor, **_words(refund))
            if tender.back == Back.TRANSFER:
                bank_transfers.ask_for(refund, at=at)
        else:
            _hand_over(refund, at=at)
    placement.refresh(order)
    return made


def _reserve(order: Order, part: Part) -> None:
    statement = _RESERVE_UNGUARDED if is_off("orders.refund_guard") else _RESERVE
    wanted = [part.amount_minor, part.payment, order.pk, order.currency, part.amount_minor]
    if part.amount_minor < 0 or not rows(statement, wanted):
        raise too_large(Money(part.amount_minor, order.currency), sources_of(order))


@in_transaction
def _hand_over(refund: Refund, *, at: datetime) -> None:
    give_back = tenders()[refund.tender].give_back
    if give_back is not None:
        refund.details = {**refund.details, **give_back(refund, at)}
        refund.save(update_fields=["details"])
    _arrive(refund, at=at)


@in_transaction
def send(refund: Refund, *, provider_id: str, at: datetime) -> None:
    """The card network has taken it. It may still fail."""
    states.move(refund, Refund.State.SENT, states.REFUND, provider_id=provider_id)
    _post(refund, at=at)


@in_transaction
def succeed(refund: Refund, *, at: datetime, provider_id: str = "") -> None:
    """The money has arrived, as far as anybody can say now."""
    _arrive(refund, at=at, provider_id=provider_id)
    placement.refresh(refund.order)


@in_transaction
def _arrive(refund: Refund, *, at: datetime, provider_id: str = "") -> None:
    was_posted = refund.state == Refund.State.SENT
    found = {"provider_id": provider_id} if provider_id else {}
    states.move(refund, Refund.State.SUCCEEDED, states.REFUND, settled_at=at, **found)
    _count(refund.payment_id, pending=-refund.amount_minor, refunded=refund.amount_minor)
    if not was_posted:
        _post(refund, at=at)
    timeline.add(refund.order, "refunded", at=at, actor=refund.actor, **_words(refund))


@in_transaction
def fail(refund: Refund, *, code: str, text: str, at: datetime, provider_id: str = "") -> None:
    """The money did not arrive, or came back after days: it is owed again, and a case says so."""
    had_arrived = refund.state == Refund.State.SUCCEEDED
    was_posted = refund.state != Refund.State.PENDING
    found = {"provider_id": provider_id} if provider_id else {}
    states.move(
        refund,
        Refund.State.FAILED,
        states.REFUND,
        settled_at=at,
        failure_code=code[:80],
        failure_text=text[:500],
        **found,
    )
    counter = "refunded" if had_arrived else "pending"
    _count(refund.payment_id, **{counter: -refund.amount_minor})
    if was_posted:
        entry = refund_books.refund_failed(refund, refund.payment, on=_day(refund, at))
        journal.post([entry], at=at)
    if code in GONE:
        _remember_gone(refund.payment, code)
    timeline.add(refund.order, "refund_failed", at=at, **{**_words(refund), "reason": text})
    placement.refresh(refund.order)
    _open_case(refund, text, at=at)


@in_transaction
def _remember_gone(payment: Payment, code: str) -> None:
    rows(
        "UPDATE orders_payment SET details = details || jsonb_build_object('cannot_refund', %s::text) WHERE id = %s",
        [code, payment.pk],
    )


@in_transaction
def _open_case(refund: Refund, text: str, *, at: datetime) -> None:
    order = refund.order
    whom = order.email or _("the customer")
    open_case(
        FAILED,
        subject=str(refund.uid),
        text=_("%(amount)s of order %(order)s did not reach %(whom)s (%(card)s): %(why)s The amount is still owed.")
        % {
            "amount": refund.amount.format(),
            "order": order.number or order.uid,
            "whom": whom,
            "card": label_of(refund.payment),
            "why": text,
        },
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


@in_transaction
def _count(payment: int, *, pending: int = 0, refunded: int = 0) -> None:
    rows(
        "UPDATE orders_payment SET refund_pending_minor = refund_pending_minor + %s,"
        " refunded_minor = refunded_minor + %s WHERE id = %s",
        [pending, refunded, payment],
    )


@in_transaction
def _post(refund: Refund, *, at: datetime) -> None:
    entry = refund_books.refund(refund, refund.payment, on=_day(refund, at), location_code=_place(refund))
    journal.post([entry], at=at)


def _place(refund: Refund) -> str:
    return refund.return_record.location.code if refund.return_record else ""


def _day(refund: Refund, at: datetime) -> date:
    """The business date at the place where it was taken back, else in the order's market."""
    record = refund.return_record
    return business_date(record.location.time_zone if record else refund.order.market.time_zone, at)


def _words(refund: Refund) -> dict[str, Any]:
    return {"amount": refund.amount.as_json(), "tender": refund.tender, "reason": refund.reason}
