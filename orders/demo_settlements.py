"""The demo's payouts: what the card network would have reported of the history, day by day, made up like its payments.

It goes the way of everything that is reported: matched by ids, posted once, paid out two days after it was taken.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from commerce.kernel import demo
from commerce.kernel.db import in_transaction
from orders import payouts, transactions
from orders.demo_history import MADE_UP
from orders.gateway_settlement import PROVIDER, Movement, Sent
from orders.models import Payment, Refund, ReportedBy

SETTLING = timedelta(days=2)
FEES = {"card_online": (29, 30), "card_present": (27, 5)}  # thousandths, and minor units on top


class Demo(demo.Room):
    def finish(self, *, at: datetime) -> None:
        """Everything up to now is reported; what is older than two days is at the bank, or on its way there."""
        by_day: dict[tuple[date, str], list[Movement]] = defaultdict(list)
        for move in [*_charges(), *_refunds()]:
            by_day[move.created_at.date(), move.currency].append(move)
        transactions.hold()
        for (day, currency), moves in sorted(by_day.items()):
            _report(day, currency, moves, at=at)


@in_transaction
def _report(day: date, currency: str, moves: list[Movement], *, at: datetime) -> None:
    """A day's movements in a currency, and the payout that they were sent with."""
    sent_at = datetime.combine(day, time(), UTC) + SETTLING
    total = sum(move.net for move in moves)
    payout = None
    if sent_at <= at and total > 0:
        arrives_at = sent_at + timedelta(days=1)
        sent = Sent(
            id=f"po_demo_{day:%Y%m%d}_{currency.lower()}",
            status="paid" if arrives_at <= at else "in_transit",
            amount=total,
            currency=currency,
            is_automatic=True,
            arrives_at=arrives_at,
            created_at=sent_at,
        )
        payout = payouts.record(sent, provider=PROVIDER, reported_by=ReportedBy.API, at=at)
    transactions.record(moves, provider=PROVIDER, reported_by=ReportedBy.API, at=at, part_of=payout)
    if payout:
        payouts.check(payout, at=at)


def _charges() -> Iterator[Movement]:
    made_up = Payment.objects.filter(provider=PROVIDER, provider_id__startswith=MADE_UP, captured_minor__gt=0)
    for paid in made_up.order_by("pk"):
        thousandths, fixed = FEES.get(paid.tender, FEES["card_online"])
        fee = paid.captured_minor * thousandths // 1000 + fixed
        taken_at = paid.settled_at or paid.created_at
        key = paid.provider_id.removeprefix("pi_")
        yield _movement(key, "charge", paid, paid.captured_minor, fee, f"ch_{key}", taken_at)


def _refunds() -> Iterator[Movement]:
    gone = Refund.objects.filter(payment__provider_id__startswith=MADE_UP, state__in=["sent", "succeeded"])
    for back in gone.exclude(provider_id="").select_related("payment").order_by("pk"):
        key = f"demo_{back.uid.hex}"
        yield _movement(key, "refund", back.payment, -back.amount_minor, 0, back.provider_id, back.created_at)


def _movement(key: str, kind: str, paid: Payment, gross: int, fee: int, source: str, at: datetime) -> Movement:
    return Movement(
        id=f"txn_{key}",
        type=kind,
        category=kind,
        currency=paid.currency,
        gross=gross,
        fee=fee,
        net=gross - fee,
        source=source,
        created_at=at,
        available_at=at + SETTLING,
        intent=paid.provider_id,
        card={name: str(paid.details[name]) for name in ("brand", "last4") if paid.details.get(name)},
    )
