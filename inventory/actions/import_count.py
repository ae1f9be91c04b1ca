"""A whole shelf from a file: what a scanner kept while it was away from the network."""

from datetime import datetime
from pathlib import Path
from uuid import uuid5

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from inventory import count_files, counts
from inventory.counts import Entry


@action
def import_count(count_pk: int, path: Path, *, person: User | None, at: datetime) -> int:
    """Count every line of a file; how many lines were taken: 0 for a file that was brought to
    this round of the count before.

    All or nothing. Raises `FileRefused` with the lines that are wrong, `NotNow`, `NotAllowed`, and what `counts.scan`
    raises.
    """
    count = counts.join(count_pk)
    require(person, "stock.count", count.location)
    file, latest = count_files.read(path), counts.latest_round(count)
    entries = [
        Entry(uuid5(count.uid, f"{file.sha256} {latest} {line}"), variant, quantity)
        for line, variant, quantity in file.lines
    ]
    return counts.scan(count, entries, person=person, at=at)
