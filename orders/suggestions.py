"""To which payment an open transaction may belong: candidates with their reasons, the likeliest first.

Suggestions only: a person decides. The same amount on the same day counts most after what was sent along with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from orders.models import NetworkTransaction, Payment

NEAR = timedelta(days=3)
LOOKED_AT = 200
SHOWN = 5
WORDS: dict[str, Any] = {
    "named": _("named in what was sent along"),
    "card": _("same card"),
    "amount": _("same amount"),
    "day": _("same day"),
    "near": _("within three days"),
}
WEIGHTS = {"named": 60, "amount": 40, "card": 30, "day": 15, "near": 5}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`left_minor`: what of the payment no transaction accounts for; `reasons` are codes of `WORDS`."""

    payment: Payment
    left_minor: int
    reasons: tuple[str, ...]

    @property
    def score(self) -> int:
        return sum(WEIGHTS[reason] for reason in self.reasons)

    @property
    def words(self) -> str:
        return ", ".join(str(WORDS[reason]) for reason in self.reasons)


def uncharged(payments: Sequence[Payment]) -> dict[int, int]:
    """By payment: what was captured and no transaction accounts for."""
    charges = NetworkTransaction.objects.filter(state="matched", kind="charge", payment__in=payments)
    sums = charges.order_by().values("payment").annotate(sum=Sum("gross_minor"))
    charged = {row["payment"]: row["sum"] for row in sums}
    return {row.pk: row.captured_minor - charged.get(row.pk, 0) for row in payments}


def suggest(row: NetworkTransaction) -> list[Suggestion]:
    """Payments of the same currency that still have as much left, and something in common with an open charge."""
    if row.gross_minor <= 0:
        return []
    named = _named(row)
    near = Q(created_at__range=(row.created_at - NEAR, row.created_at + NEAR))
    fits = Payment.objects.filter(currency=row.currency, captured_minor__gte=row.gross_minor, state="captured")
    fits = fits.exclude(provider="").filter(near | Q(order__number__in=named) | Q(provider_id__in=named))
    closest = fits.select_related("order").order_by("-captured_minor" if not named else "-created_at")
    same = list(closest.filter(captured_minor=row.gross_minor)[:LOOKED_AT])
    rows = {one.pk: one for one in [*same, *closest[:LOOKED_AT]]}
    left = uncharged(list(rows.values()))
    found = (
        Suggestion(one, left[pk], _reasons(row, one, named)) for pk, one in rows.items() if left[pk] >= row.gross_minor
    )
    worthy = [one for one in found if set(one.reasons) - {"near", "day"}]
    return sorted(worthy, key=lambda one: (-one.score, abs(one.payment.created_at - row.created_at)))[:SHOWN]


def _reasons(row: NetworkTransaction, payment: Payment, named: set[str]) -> tuple[str, ...]:
    apart = abs(payment.created_at - row.created_at)
    own = {payment.order.number, str(payment.order.uid), str(payment.uid), payment.provider_id} - {None, ""}
    holds = {
        "named": bool(own & named),
        "amount": payment.captured_minor == row.gross_minor,
        "card": _same_card(row.details.get("card", {}), payment.details),
        "day": payment.created_at.date() == row.created_at.date(),
        "near": payment.created_at.date() != row.created_at.date() and apart <= NEAR,
    }
    return tuple(reason for reason in WEIGHTS if holds[reason])


def _same_card(card: dict[str, str], details: dict[str, Any]) -> bool:
    if card.get("fingerprint") and details.get("fingerprint"):
        return bool(card["fingerprint"] == details["fingerprint"])
    return bool(card.get("last4")) and (card.get("brand"), card.get("last4")) == (
        details.get("brand"), details.get("last4"),
    )  # fmt: skip


def _named(row: NetworkTransaction) -> set[str]:
    """Words of what was sent along that may be the number or id of something."""
    texts: Iterable[str] = [row.description, *row.details.get("metadata", {}).values()]
    return {word.strip(".,:;#()") for text in texts for word in text.split() if len(word) > 3}
