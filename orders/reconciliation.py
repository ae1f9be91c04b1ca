"""What the card network owes us, by its word and by the books: the sum, and what it is made of. Reads only.

The clearing account must be what was taken and not yet reported, plus what was reported and not yet paid out, less what
left without an explanation. What is left over is a mistake.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from commerce.ledger.models import Posting
from orders.models import NetworkTransaction, Payment, Payout

REPORTED_WITHIN = timedelta(days=3)  # so long the card network may take to report a charge
_OURS = ("network_transaction", "payout")
Sums = dict[str, int]


@dataclass(frozen=True, slots=True)
class Proof:
    """The clearing account of a provider in one currency, and its parts. Minor units; `rest` must be zero."""

    currency: str
    clearing: int
    unreported: int
    unpaid: int
    unexplained: int
    by_hand: int
    incomplete: int

    @property
    def unsaid(self) -> int:
        """What left for the bank and is not explained: open transactions, and payouts that are not their sum."""
        return self.unexplained + self.incomplete

    @property
    def rest(self) -> int:
        parts = self.unreported + self.unpaid + self.unexplained + self.by_hand + self.incomplete
        return self.clearing - parts


def proofs(provider: str) -> list[Proof]:
    """One per currency; seven statements, however much there is."""
    posted = Posting.objects.filter(account__code="card_clearing", sub=provider)
    clearing = _sums(posted, "entry__currency", F("amount_minor"))
    said = _sums(posted.exclude(entry__source_type__in=_OURS), "entry__currency", F("amount_minor"))
    rows = NetworkTransaction.objects.filter(provider=provider)
    moved = Case(When(kind="payout", then=F("gross_minor")), default=F("net_minor"), output_field=BigIntegerField())
    out = Q(kind="payout", gross_minor__lt=0)
    reported = _sums(rows.filter(state="matched", kind__in=["charge", "refund"]), "currency", F("gross_minor"))
    unpaid = _sums(rows.filter(part_of=None).exclude(state="open").exclude(out), "currency", moved)
    parts = rows.filter(part_of__isnull=False).exclude(out)
    paid_out, unexplained = _sums(parts, "currency", moved), _sums(parts.filter(state="open"), "currency", moved)
    sent = Payout.objects.filter(provider=provider)
    automatic = _sums(sent.filter(is_automatic=True), "currency", F("amount_minor"))
    by_hand = _sums(sent.filter(is_automatic=False), "currency", F("amount_minor"))
    return [
        Proof(
            currency=code,
            clearing=clearing[code],
            unreported=said[code] - reported[code],
            unpaid=unpaid[code],
            unexplained=-unexplained[code],
            by_hand=-by_hand[code],
            incomplete=paid_out[code] - automatic[code],
        )
        for code in sorted({*clearing, *unpaid, *automatic, *by_hand})
    ]


def unreported(provider: str, *, at: datetime) -> "QuerySet[Payment]":
    """Payments that were captured days ago, and of which the card network has not reported all (`missing_minor`)."""
    charges = NetworkTransaction.objects.filter(payment=OuterRef("pk"), kind="charge", state="matched").order_by()
    sums = charges.values("payment").annotate(sum=Sum("gross_minor")).values("sum")
    old = Payment.objects.filter(provider=provider, captured_minor__gt=0, settled_at__lt=at - REPORTED_WITHIN)
    missing = F("captured_minor") - Coalesce(Subquery(sums), Value(0), output_field=BigIntegerField())
    return old.annotate(missing_minor=missing).filter(missing_minor__gt=0).order_by("settled_at")


@dataclass(frozen=True, slots=True)
class Share:
    """How many transactions a payout is made of, and how many of them are explained."""

    parts: int = 0
    settled: int = 0

    @property
    def percent(self) -> int:
        """Rounded down: 100 means all."""
        return 100 * self.settled // self.parts if self.parts else 0


def shares(payouts: Iterable[Payout]) -> dict[int, Share]:
    """By payout; one statement for all of them."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    rows = NetworkTransaction.objects.filter(part_of__in=[row.pk for row in payouts])
    for payout, state, count in rows.order_by().values_list("part_of", "state").annotate(n=Count("pk")):
        counts[payout][0] += count
        counts[payout][1] += 0 if state == NetworkTransaction.State.OPEN else count
    return {payout: Share(*pair) for payout, pair in counts.items()}


def _sums(rows: "QuerySet[Posting] | QuerySet[NetworkTransaction] | QuerySet[Payout]", by: str, what: object) -> Sums:
    grouped = rows.order_by().values(code=F(by)).annotate(sum=Sum(what))
    return defaultdict(int, {row["code"]: row["sum"] or 0 for row in grouped})
