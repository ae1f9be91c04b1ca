"""What the books refuse."""

from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class DayNotOver(DomainError):
    code = "day_not_over"
    message = _("%(day)s is not over everywhere yet. The books can be closed through %(latest)s.")


class ReasonNeeded(DomainError):
    code = "reason_needed"
    status = 422
    message = _("The books are closed through %(through)s. Say why they are opened again.")


class NothingToExport(DomainError):
    code = "nothing_to_export"
    status = 404
    message = _("Nothing is booked between %(since)s and %(until)s.")
