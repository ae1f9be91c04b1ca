"""Opening and closing cases."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.cases.kinds import KINDS
from commerce.cases.models import Case
from commerce.company.models import Location, User
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import DomainError


class AnswerNeeded(DomainError):
    code = "case_needs_answer"
    message = _("This case is closed by one of its own buttons: something waits for the answer.")


class CaseClosed(DomainError):
    code = "case_closed"
    message = _("This case is closed already. Nothing was changed.")


@in_transaction
def open_case(
    kind: str,
    *,
    subject: str,
    text: str,
    at: datetime,
    location: Location | None = None,
    context: dict[str, Any] | None = None,
    due_at: datetime | None = None,
) -> None:
    """Open a case, unless one of this kind is open for the subject already. It is due at `due_at` where somebody else
    has set the deadline, otherwise as its kind says."""
    rule = KINDS[kind]
    Case.objects.bulk_create(
        [
            Case(
                kind=kind,
                subject=subject,
                text=text,
                context=context or {},
                location=location,
                owner_role=rule.owner_role,
                due_at=due_at or at + rule.due_in,
                created_at=at,
            )
        ],
        ignore_conflicts=True,
    )


@in_transaction
def resolve_about(kind: str, subject: str, *, at: datetime, by: User | None = None) -> None:
    """What the open case of this kind about a subject was waiting for has happened, by itself or by somebody."""
    found = Case.objects.filter(kind=kind, subject=subject, status="open")
    found.update(status="resolved", resolved_at=at, resolved_by=by)


@in_transaction
def hold(pk: int) -> Case | None:
    """Lock a case that is still open; None when somebody has closed it. Cases are the last locks but sequences."""
    return Case.objects.select_for_update(of=("self",)).filter(pk=pk, status=Case.Status.OPEN).first()


@in_transaction
def resolve(
    case: Case, *, by: User | None, at: datetime, code: str = "", outcome: dict[str, Any] | None = None
) -> None:
    """Close a case; one that is closed stays as it is. `code` is the resolution that did it (see `resolutions`),
    `outcome` what it found and did, kept with the case."""
    closing: dict[str, Any] = {"status": "resolved", "resolved_by": by, "resolved_at": at}
    if code:
        closing["context"] = {**case.context, "resolution": code, **(outcome or {})}
    Case.objects.filter(pk=case.pk, status="open").update(**closing)
