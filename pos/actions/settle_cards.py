"""Card payments that their till no longer asks about: what became of them, and which of them no sale has taken.

A till asks once a second for as long as it runs. One that died leaves its payment open, or approved without a sale.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from commerce.cases.models import Case
from commerce.kernel.db import action
from pos import cards
from pos.actions.take_card import check_card, stop_card
from pos.models import CardAttempt

PATIENCE = timedelta(minutes=3)  # so long the till itself is expected to ask
LONGEST_WAIT = timedelta(minutes=15)  # nobody stands at a reader for so long: it must not charge anybody later on
GRACE = timedelta(minutes=10)  # so long a sale may take to follow its payment
MOST = 100


def open_cards(*, at: datetime) -> list[UUID]:
    """The payments whose end their till should have heard by now, the oldest first."""
    due = CardAttempt.objects.filter(state=CardAttempt.State.STARTED, created_at__lte=at - PATIENCE)
    return list(due.order_by("created_at").values_list("uid", flat=True)[:MOST])


def settle_card(uid: UUID, *, at: datetime) -> CardAttempt:
    """Ask the card network what became of a payment; after a quarter of an hour also make sure that nothing can come of
    it any more. Safe to repeat and to race. Raises `PaymentUnknown`."""
    attempt = CardAttempt.objects.select_related("register").get(uid=uid)
    end = stop_card if attempt.created_at <= at - LONGEST_WAIT else check_card
    return end(attempt.register, uid, at=at)


def cards_without_sale(*, at: datetime) -> list[UUID]:
    """The approved payments that no sale has taken in time and that nobody was told of."""
    due = CardAttempt.objects.filter(state=CardAttempt.State.APPROVED, taken_at=None, settled_at__lte=at - GRACE)
    told = Case.objects.filter(kind=cards.WITHOUT_SALE, subject=Cast(OuterRef("uid"), CharField()))
    return list(due.filter(~Exists(told)).order_by("settled_at").values_list("uid", flat=True)[:MOST])


@action
def report_card(uid: UUID, *, at: datetime) -> None:
    """Put a payment without a sale before the store's manager."""
    cards.report_without_sale(uid, at=at)
