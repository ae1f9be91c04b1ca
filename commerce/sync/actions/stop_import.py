from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.sync import uploads
from commerce.sync.models import ImportRun


@action
def stop_import(run: ImportRun, *, person: User, at: datetime) -> bool:
    """End a check or an import between two batches; what was written stays. True when nobody was at work on it, so that
    it has stopped at once. Raises `NotAllowed` and `NotNow`."""
    require(person, "import.run")
    return uploads.ask_to_stop(run, at=at)
