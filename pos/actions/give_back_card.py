"""Money that a card paid at a till for a sale that does not exist goes back to the card."""

from datetime import datetime
from uuid import UUID

from commerce.cases import queue
from commerce.cases.models import Case
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from pos import cards
from pos.models import CardAttempt


def give_back_card(case: Case, *, person: User | None, at: datetime) -> CardAttempt:
    """Refund the payment that a case of `card_without_sale` is about, and close the case. Safe to repeat.

    Raises `NotAllowed`, `CardTaken` when its sale has come, and `PaymentUnknown` when the card network does not answer:
    then the money is promised back already, no sale can take it, and the same call finishes it.
    """
    attempt = _promise(case, person=person)
    if attempt.state == CardAttempt.State.REFUNDING:
        cards.refund(attempt)
    _finish(attempt, case, person=person, at=at)
    return attempt


@action
def _promise(case: Case, *, person: User | None) -> CardAttempt:
    require(person, "case.resolve", case.location)
    return cards.promise_back(UUID(case.subject))


@action
def _finish(attempt: CardAttempt, case: Case, *, person: User | None, at: datetime) -> None:
    cards.note_given_back(attempt)
    held = queue.hold(case.pk)
    if held:
        queue.resolve(held, by=person, at=at, code="give_back_card")
