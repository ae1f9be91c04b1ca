from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.sync import uploads
from commerce.sync.models import ImportRun


@action
def start_import(run: ImportRun, *, person: User, at: datetime) -> None:
    """Have a checked file imported by a worker, or one that was stopped gone on with: what it has changed already is
    compared and not written again. Raises `NotAllowed` and `NotNow`."""
    require(person, "import.run")
    uploads.start(run, at=at)
