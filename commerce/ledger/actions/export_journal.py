"""Hand the journal of a period to the accountant."""

from datetime import date, datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.ledger import exports
from commerce.ledger.models import ExportBatch


@action
def export_journal(since: date, until: date, *, person: User | None, at: datetime) -> ExportBatch:
    """The batch of a period: asked for again it is the same one, unless something came late. Raises `NotAllowed`,
    `NothingToExport`."""
    require(person, "ledger.close")
    return exports.take(since, until, person=person, at=at)
