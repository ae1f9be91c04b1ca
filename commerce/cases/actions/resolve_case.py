"""Somebody has dealt with it."""

from datetime import datetime

from commerce.cases import queue
from commerce.cases.kinds import KINDS
from commerce.cases.models import Case
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound


@action
def resolve_case(pk: int, *, person: User | None, at: datetime) -> Case:
    """Close a case; a closed one stays as it is. Raises `NotFound`, `NotAllowed`, `AnswerNeeded`."""
    case = Case.objects.select_for_update(of=("self",)).select_related("location").filter(pk=pk).first()
    if case is None:
        raise NotFound(what="case", key=str(pk))
    require(person, "case.resolve", case.location)
    if case.status == Case.Status.OPEN and KINDS[case.kind].needs_answer:
        raise queue.AnswerNeeded()
    queue.resolve(case, by=person, at=at)
    case.refresh_from_db()
    return case
